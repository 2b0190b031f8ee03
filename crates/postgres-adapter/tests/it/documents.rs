//! Contract of the repository of documents, and of the list of files that nothing refers to.

use jiff::SignedDuration;
use unionhall_domain::{
    documents::{
        Category, Document, DocumentDetails, DocumentFile, FileKind, FileName, Hold, RecordRef,
        ScanState, Sha256, Tag,
    },
    members::Member,
    tenants::Tenant,
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    blobs::{BlobKey, PartsId},
    documents::{DocumentFilter, DocumentSort},
    pages::{Direction, Page, PageRequest},
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line},
};

struct World {
    database: TestDatabase,
    tenant: Tenant,
    member: Member,
}

impl World {
    fn new() -> Self {
        let database = TestDatabase::new();
        let storage = database.unit_of_work();
        let tenant = builders::tenant(&*storage, "local-46");
        let member = builders::member(&*storage, tenant.id, "1", "María", "García");
        Self {
            database,
            tenant,
            member,
        }
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.within(Scope::Tenant(self.tenant.id), work)
    }

    fn within<T>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.database.unit_of_work().transaction(scope, work)
    }

    /// A document of the member with every field.
    fn document(&self, name: &str) -> Document {
        let id = builders::fresh_id();
        Document {
            id,
            record: RecordRef::Member(self.member.id),
            category: Category::Certifications,
            details: DocumentDetails {
                title: Some(line(name)),
                description: Some(Prose::parse("Front.\nAnd back.").unwrap()),
                tags: vec![Tag::parse("card").unwrap(), Tag::parse("osha").unwrap()],
                expires_on: Some("2027-01-31".parse().unwrap()),
                keep_until: Some("2033-01-31".parse().unwrap()),
            },
            hold: None,
            file: DocumentFile {
                number: 1,
                name: FileName::parse(&format!("{name}.pdf")).unwrap(),
                kind: FileKind::Pdf,
                bytes: 1_234_567_890_123,
                sha256: Sha256([7; 32]),
                key: format!("k/{id}/1"),
                scan: ScanState::Unscanned,
                uploaded_by: None,
                uploaded_at: builders::now(),
            },
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        }
    }

    fn titles(&self, filter: DocumentFilter, sort: DocumentSort) -> Vec<String> {
        let filter = DocumentFilter {
            categories: if filter.categories.is_empty() {
                Category::ALL.to_vec()
            } else {
                filter.categories.clone()
            },
            ..filter
        };
        let mut request = PageRequest {
            limit: 2,
            after: None,
            sort,
            direction: Direction::Ascending,
            with_total: true,
        };
        let mut titles = Vec::new();
        loop {
            let of = RecordRef::Member(self.member.id);
            let Page { items, next, total } = self
                .write(|tx| tx.documents().list(of, &filter, &request))
                .unwrap();
            let title = |found: &Document| found.details.title.as_ref().unwrap().to_string();
            titles.extend(items.iter().map(title));
            match next {
                Some(next) => request.after = Some(next),
                None => {
                    assert_eq!(total, u64::try_from(titles.len()).ok());
                    return titles;
                }
            }
        }
    }
}

fn next(document: &Document) -> Document {
    Document {
        version: document.version.next(),
        ..document.clone()
    }
}

fn deleted(document: &Document) -> Document {
    Document {
        deleted_at: Some(builders::now()),
        ..next(document)
    }
}

fn refused_by<T: std::fmt::Debug>(result: Result<T, StorageError>, constraint: &str) {
    match result {
        Err(StorageError::Constraint { name }) => assert_eq!(name, constraint),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_document_comes_back_as_it_was_and_a_deleted_one_as_such_alone() {
    let world = World::new();
    let card = world.document("Card");
    let held = Document {
        hold: Some(Hold {
            reason: line("arbitration"),
            by: None,
            at: builders::now(),
        }),
        ..next(&card)
    };
    world
        .write(|tx| {
            let documents = tx.documents();
            documents.insert(&card)?;
            assert_eq!(documents.find(card.id)?, Some(card.clone()));
            assert_eq!(documents.find_deleted(card.id)?, None);
            documents.update(&held)?;
            assert_eq!(documents.find(card.id)?, Some(held.clone()));
            let gone = deleted(&held);
            documents.update(&gone)?;
            assert_eq!(documents.find(card.id)?, None);
            assert_eq!(documents.find_deleted(card.id)?, Some(gone));
            assert_eq!(documents.find(builders::fresh_id())?, None);
            Ok(())
        })
        .unwrap();
    let stale = world.write(|tx| tx.documents().update(&held));
    assert!(matches!(stale, Err(StorageError::Stale)), "{stale:?}");
}

#[test]
fn a_new_version_is_the_newest_and_those_before_are_kept() {
    let world = World::new();
    let card = world.document("Card");
    let renewed = Document {
        file: DocumentFile {
            number: 2,
            sha256: Sha256([8; 32]),
            key: "k/second".to_owned(),
            ..card.file.clone()
        },
        ..next(&card)
    };
    world
        .write(|tx| {
            tx.documents().insert(&card)?;
            tx.documents().update(&renewed)?;
            tx.documents().add_file(&renewed)?;
            assert_eq!(tx.documents().find(card.id)?, Some(renewed.clone()));
            let files = tx.documents().files(card.id)?;
            assert_eq!(files, [renewed.file.clone(), card.file.clone()]);
            Ok(())
        })
        .unwrap();
    let again = world.write(|tx| tx.documents().add_file(&renewed));
    refused_by(again, "document_files_pkey");
}

#[test]
fn no_two_files_lie_on_one_key_and_no_document_belongs_to_another_tenants_record() {
    let world = World::new();
    let (one, mut other) = (world.document("One"), world.document("Other"));
    other.file.key.clone_from(&one.file.key);
    world.write(|tx| tx.documents().insert(&one)).unwrap();
    let twice = world.write(|tx| tx.documents().insert(&other));
    refused_by(twice, "document_files_key_key");
    let storage = world.database.unit_of_work();
    let trust = builders::tenant(&*storage, "trust");
    let foreign = world.within(Scope::Tenant(trust.id), |tx| {
        tx.documents().insert(&world.document("Foreign"))
    });
    refused_by(foreign, "documents_member_fkey");
    let seen = world.within(Scope::Tenant(trust.id), |tx| tx.documents().find(one.id));
    assert_eq!(seen.unwrap(), None);
}

/// Each filter, and the titles of what it finds.
fn filters() -> [(DocumentFilter, Vec<&'static str>); 6] {
    let all = DocumentFilter::default;
    [
        (
            DocumentFilter {
                categories: vec![Category::Dues],
                ..all()
            },
            vec!["bulb"],
        ),
        (
            DocumentFilter {
                tag: Tag::parse("light").ok(),
                ..all()
            },
            vec!["Łamp"],
        ),
        (
            DocumentFilter {
                kind: Some(FileKind::Png),
                ..all()
            },
            vec!["Arc"],
        ),
        (
            DocumentFilter {
                sha256: Some(Sha256([7; 32])),
                ..all()
            },
            vec!["bulb", "Łamp"],
        ),
        (
            DocumentFilter {
                search: Some("BACK lamp".to_owned()),
                ..all()
            },
            vec!["Łamp"],
        ),
        (
            DocumentFilter {
                search: Some("osha \0 front".to_owned()),
                ..all()
            },
            vec!["Arc", "bulb"],
        ),
    ]
}

#[test]
fn a_list_finds_by_each_filter_and_goes_through_every_page_in_order() {
    let world = World::new();
    let named = |name: &str, change: &dyn Fn(&mut Document)| {
        let mut document = world.document(name);
        change(&mut document);
        world.write(|tx| tx.documents().insert(&document)).unwrap();
        document
    };
    named("Łamp", &|one| {
        one.details.tags = vec![Tag::parse("light").unwrap()]
    });
    named("bulb", &|one| one.category = Category::Dues);
    named("Arc", &|one| {
        one.file.kind = FileKind::Png;
        one.file.sha256 = Sha256([9; 32]);
    });
    let gone = named("Gone", &|_| {});
    world
        .write(|tx| tx.documents().update(&deleted(&gone)))
        .unwrap();
    let all = DocumentFilter::default;
    assert_eq!(
        world.titles(all(), DocumentSort::Title),
        ["Arc", "bulb", "Łamp"]
    );
    assert_eq!(world.titles(all(), DocumentSort::Created).len(), 3);
    for (filter, expected) in filters() {
        let found = world.titles(filter.clone(), DocumentSort::Title);
        assert_eq!(found, expected, "{filter:?}");
    }
}

#[test]
fn the_same_content_is_noticed_among_what_may_be_seen_of_the_record() {
    let world = World::new();
    let (one, hidden) = (world.document("One"), world.document("Hidden"));
    let hidden = Document {
        category: Category::Salting,
        ..hidden
    };
    world
        .write(|tx| {
            tx.documents().insert(&one)?;
            tx.documents().insert(&hidden)?;
            let same = |tx: &mut dyn Repositories, digest, categories: &[Category]| {
                tx.documents()
                    .same_content(one.record, &Sha256(digest), categories)
            };
            let seen = [Category::Certifications];
            assert_eq!(same(tx, [7; 32], &seen)?, [one.id]);
            assert_eq!(same(tx, [7; 32], &Category::ALL)?, [one.id, hidden.id]);
            assert_eq!(same(tx, [1; 32], &Category::ALL)?, []);
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_was_deleted_long_enough_ago_is_found_by_the_worker_and_removed_unless_it_is_held() {
    let world = World::new();
    let day = "2034-01-01".parse().unwrap();
    let later = builders::now() + SignedDuration::from_hours(1);
    let mut over = world.document("Over");
    over.details.keep_until = None;
    let kept = world.document("Kept");
    let mut held = world.document("Held");
    held.hold = Some(Hold {
        reason: line("arbitration"),
        by: None,
        at: builders::now(),
    });
    world
        .write(|tx| {
            for document in [&over, &kept, &held] {
                tx.documents().insert(document)?;
                tx.documents().update(&deleted(document))?;
            }
            tx.documents().insert(&world.document("There"))
        })
        .unwrap();
    let due = |before, day| {
        let due = world.within(Scope::Worker, |tx| {
            tx.documents().deleted_before(before, day, 10)
        });
        let due = due.unwrap().into_iter();
        due.map(|(_, id)| id).collect::<Vec<_>>()
    };
    assert_eq!(
        due(builders::now() - SignedDuration::from_hours(1), day),
        []
    );
    assert_eq!(due(later, "2030-01-01".parse().unwrap()), [over.id]);
    let mut both = vec![over.id, kept.id];
    both.sort();
    assert_eq!(due(later, day), both);
    refused_by(
        world.write(|tx| tx.documents().purge(&deleted(&held))),
        "documents_held",
    );
    let stale = world.write(|tx| tx.documents().purge(&over));
    assert!(matches!(stale, Err(StorageError::Stale)), "{stale:?}");
    world
        .write(|tx| {
            tx.documents().purge(&deleted(&over))?;
            assert_eq!(tx.documents().find_deleted(over.id)?, None);
            assert_eq!(tx.documents().files(over.id)?, []);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_file_waits_to_be_scanned_once() {
    let world = World::new();
    let card = world.document("Card");
    world.write(|tx| tx.documents().insert(&card)).unwrap();
    let waiting = || {
        let found = world.within(Scope::Worker, |tx| tx.documents().unscanned(10));
        found.unwrap()
    };
    let found = waiting();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (
            found[0].tenant,
            found[0].document,
            found[0].number,
            found[0].bytes
        ),
        (world.tenant.id, card.id, 1, card.file.bytes)
    );
    let scanned = || {
        world.write(|tx| {
            tx.documents()
                .scanned(card.id, 1, ScanState::Clean, builders::now())
        })
    };
    scanned().unwrap();
    assert_eq!(waiting(), []);
    assert!(matches!(scanned(), Err(StorageError::Stale)));
    let found = world.write(|tx| tx.documents().find(card.id)).unwrap();
    assert_eq!(found.unwrap().file.scan, ScanState::Clean);
}

#[test]
fn what_is_sent_in_parts_is_noted_with_the_file_it_was_to_be() {
    let world = World::new();
    let key = BlobKey::parse("k/parts").unwrap();
    let upload = PartsId::new("upload-1");
    let nothing = world.write(|tx| tx.pictures().begun(&key, &upload));
    assert!(matches!(nothing, Err(StorageError::Stale)), "{nothing:?}");
    world
        .write(|tx| {
            tx.pictures().release(&key, builders::now())?;
            tx.pictures().begun(&key, &upload)
        })
        .unwrap();
    let due = world.within(Scope::Worker, |tx| tx.pictures().due(builders::now(), 10));
    let due = due.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!((&due[0].key, due[0].upload.as_ref()), (&key, Some(&upload)));
}
