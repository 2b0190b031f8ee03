//! Contract of the search across kinds of records.

use unionhall_domain::{
    members::Member,
    organizations::Organization,
    search::{Rank, SearchKind, SearchWords},
    tenants::Tenant,
};
use unionhall_ports::{
    round_trips::counted,
    search::{Find, Reach, SearchRequest},
    storage::StorageError,
    unit_of_work::Scope,
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, store},
};

/// A hall with two members, two employers and a grievance of the first member against the first employer.
struct Hall {
    tenant: Tenant,
    ada: Member,
    zoe: Member,
    cascade: Organization,
    puget: Organization,
}

impl Hall {
    fn new(database: &TestDatabase, slug: &str) -> Self {
        let storage = &*database.unit_of_work();
        let tenant = builders::tenant(storage, slug);
        let member =
            |number, first, last| builders::member(storage, tenant.id, number, first, last);
        let hall = Self {
            ada: member("A1204", "Ada", "Kowalski"),
            zoe: member("A12045", "Zoë", "Núñez"),
            cascade: builders::organization(storage, tenant.id, "Cascade Electric"),
            puget: builders::organization(storage, tenant.id, "Puget-Sound Wiring"),
            tenant,
        };
        database.execute(&format!(
            "insert into grievances (id, tenant_id, year, place, member_id, employer_id, filed_date, \
                 contract_article, violation_description, current_step, employer_answer, status, version, \
                 created_at, updated_at) \
             values (gen_random_uuid(), '{}', 2026, 7, '{}', '{}', '2026-03-02', 'Art. 12', \
                 'Overtime was given out by favour.', 'step_1', 'pending', 'open', 1, now(), now())",
            hall.tenant.id, hall.ada.id, hall.cascade.id
        ));
        hall
    }
}

/// A request of somebody who may find everything.
fn request(words: &str) -> SearchRequest {
    SearchRequest {
        words: SearchWords::parse(words).unwrap(),
        members: Reach::All,
        organizations: true,
        grievances: Reach::All,
        limit: 20,
    }
}

fn found(database: &TestDatabase, tenant: &Tenant, request: &SearchRequest) -> Vec<Find> {
    let storage = database.unit_of_work();
    storage
        .read(Scope::Tenant(tenant.id), |tx| tx.search().find(request))
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

/// What is found, as rank, kind and title.
fn told(finds: &[Find]) -> Vec<(Rank, SearchKind, &str)> {
    let told = |find: &'_ Find| (find.rank, find.kind);
    finds
        .iter()
        .map(|find| (told(find).0, told(find).1, find.title.as_str()))
        .collect()
}

#[test]
fn a_number_comes_before_numbers_that_begin_with_it() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    let finds = found(&database, &hall.tenant, &request("a1204"));
    let expected = [
        (Rank::Number, SearchKind::Member, "Ada Kowalski"),
        (Rank::NumberPrefix, SearchKind::Member, "Zoë Núñez"),
        (Rank::Related, SearchKind::Grievance, "Ada Kowalski"),
    ];
    assert_eq!(told(&finds), expected);
    for words in ["GR-2026-0007", "gr-2026-7", "2026-0007"] {
        let finds = found(&database, &hall.tenant, &request(words));
        assert_eq!(finds[0].rank, Rank::Number, "{words}");
        assert_eq!(finds[0].number.as_deref(), Some("GR-2026-0007"));
        assert_eq!(finds[0].subtitle.as_deref(), Some("Cascade Electric"));
        assert_eq!(finds[0].title, "Ada Kowalski");
    }
}

#[test]
fn words_come_before_their_beginnings_and_the_cases_of_whom_they_name_behind() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    builders::member(
        &*database.unit_of_work(),
        hall.tenant.id,
        "B1",
        "Eva",
        "Kowalskiewicz",
    );
    let finds = found(&database, &hall.tenant, &request("Kowalski"));
    let expected = [
        (Rank::Words, SearchKind::Member, "Ada Kowalski"),
        (Rank::Prefix, SearchKind::Member, "Eva Kowalskiewicz"),
        (Rank::Related, SearchKind::Grievance, "Ada Kowalski"),
    ];
    assert_eq!(told(&finds), expected);
    let finds = found(&database, &hall.tenant, &request("overtime favour"));
    assert_eq!(
        told(&finds),
        [(Rank::Prefix, SearchKind::Grievance, "Ada Kowalski")]
    );
}

#[test]
fn accents_case_and_what_divides_words_do_not_matter() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    for words in ["ZOE nunez", "zoë", "núñez zo"] {
        let finds = found(&database, &hall.tenant, &request(words));
        assert_eq!(finds[0].id, hall.zoe.id.uuid(), "{words}");
    }
    for words in ["puget sound", "pugetsound", "WIRING puget"] {
        let finds = found(&database, &hall.tenant, &request(words));
        assert_eq!(finds[0].id, hall.puget.id.uuid(), "{words}");
    }
}

#[test]
fn what_is_spelt_alike_is_found_where_nothing_else_is() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    for (words, id) in [
        ("kowalsky", hall.ada.id.uuid()),
        ("Casacde Electrik", hall.cascade.id.uuid()),
        ("pugett sound", hall.puget.id.uuid()),
    ] {
        let finds = found(&database, &hall.tenant, &request(words));
        let find = finds.iter().find(|find| find.id == id);
        assert_eq!(find.map(|find| find.rank), Some(Rank::Alike), "{words}");
    }
    assert_eq!(found(&database, &hall.tenant, &request("zzzzzz")), []);
}

#[test]
fn nothing_is_found_beyond_the_reach() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    let own = |words, member: &Member| SearchRequest {
        members: Reach::Of(member.id),
        organizations: false,
        grievances: Reach::Of(member.id),
        ..request(words)
    };
    let ids = |request: &SearchRequest| -> Vec<_> {
        let finds = found(&database, &hall.tenant, request);
        finds
            .iter()
            .map(|find| (find.kind, find.title.clone()))
            .collect()
    };
    let ada = |kind| (kind, "Ada Kowalski".to_owned());
    let both = [ada(SearchKind::Member), ada(SearchKind::Grievance)];
    assert_eq!(ids(&own("kowalski", &hall.ada)), both);
    for words in [
        "kowalski",
        "kowalsky",
        "a1204",
        "overtime",
        "GR-2026-0007",
        "cascade",
    ] {
        let zoes = ids(&own(words, &hall.zoe));
        let others = zoes.iter().filter(|(_, title)| title != "Zoë Núñez");
        assert_eq!(others.count(), 0, "{words}: {zoes:?}");
    }
    let none = SearchRequest {
        members: Reach::Nothing,
        organizations: true,
        grievances: Reach::Nothing,
        ..request("kowalski")
    };
    assert_eq!(ids(&none), []);
}

#[test]
fn neither_what_is_deleted_nor_what_is_another_tenants_is_found() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    let other = Hall::new(&database, "local-77");
    for words in [
        "kowalski",
        "kowalsky",
        "a1204",
        "cascade",
        "GR-2026-0007",
        "overtime",
    ] {
        let ours = found(&database, &hall.tenant, &request(words));
        let theirs = found(&database, &other.tenant, &request(words));
        assert!(!ours.is_empty(), "{words}");
        assert!(
            ours.iter()
                .all(|find| theirs.iter().all(|other| other.id != find.id))
        );
    }
    database.execute(
        "update grievances set deleted_at = now(); update members set deleted_at = now(); \
         update organizations set deleted_at = now()",
    );
    for words in [
        "kowalski",
        "kowalsky",
        "a1204",
        "cascade",
        "GR-2026-0007",
        "overtime",
    ] {
        assert_eq!(
            found(&database, &hall.tenant, &request(words)),
            [],
            "{words}"
        );
    }
}

#[test]
fn a_search_is_one_statement_and_bounded() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    let storage = database.unit_of_work();
    let members: Vec<_> = (0..60)
        .map(|number| builders::unstored_member(&format!("C{number}"), "Ada", "Kowalski"))
        .collect();
    store(&*storage, Scope::Tenant(hall.tenant.id), |tx| {
        tx.members().insert_many(&members)
    });
    for limit in [1, 20, 50] {
        let request = SearchRequest {
            limit,
            ..request("kowalski")
        };
        let (finds, trips) = counted(|| {
            storage.read(Scope::Tenant(hall.tenant.id), |tx| {
                tx.search().find(&request)
            })
        });
        let finds = finds.unwrap_or_else(|error: StorageError| panic!("{error:?}"));
        assert_eq!(finds.len(), usize::from(limit));
        assert!(trips <= 2, "the statement, and at most the scope before it");
    }
}
