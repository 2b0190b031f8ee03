//! Contract of the search across kinds of records.

use unionhall_domain::{
    members::Member,
    organizations::Organization,
    search::{Rank, SearchKind, SearchWords},
    tenants::Tenant,
};
use unionhall_ports::{
    round_trips::counted,
    search::{Applicants, Find, Reach, SearchRequest},
    storage::StorageError,
    unit_of_work::Scope,
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, store},
};

/// A hall with two members, two employers, a grievance of the first member against the first employer, and an
/// application of the second member to the benevolence fund.
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
            "set app.tenant = '{0}'; insert into grievances (id, tenant_id, year, place, member_id, employer_id, filed_date, \
                 contract_article, violation_description, current_step, employer_answer, status, version, \
                 created_at, updated_at) \
             values (gen_random_uuid(), '{0}', 2026, 7, '{1}', '{2}', '2026-03-02', 'Art. 12', \
                 'Overtime was given out by favour.', 'step_1', 'pending', 'open', 1, now(), now())",
            hall.tenant.id, hall.ada.id, hall.cascade.id
        ));
        database.execute(&format!(
            "set app.tenant = '{0}'; insert into benevolence_applications (id, tenant_id, year, place, member_id, application_date, reason, \
                 description, amount_requested, status, since, version, created_at, updated_at) \
             values (gen_random_uuid(), '{0}', 2026, 3, '{1}', '2026-05-04', 'medical', \
                 'Chemotherapy, and no work since May.', 60000, 'draft', now(), 1, now(), now())",
            hall.tenant.id, hall.zoe.id
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
        applications: Reach::All,
        viewer: None,
        applicants: Applicants::Named,
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
        (
            Rank::Related,
            SearchKind::BenevolenceApplication,
            "Zoë Núñez",
        ),
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
fn what_a_case_tells_is_found_where_it_is_mistyped_too_and_follows_what_is_told_later() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    let told_of = |words: &str| -> Vec<_> {
        let finds = found(&database, &hall.tenant, &request(words));
        finds.iter().map(|find| (find.rank, find.kind)).collect()
    };
    let grievance = [(Rank::Alike, SearchKind::Grievance)];
    let application = [(Rank::Alike, SearchKind::BenevolenceApplication)];
    for words in ["overtme", "ovretime", "overtime faver"] {
        assert_eq!(told_of(words), grievance, "{words}");
    }
    for words in ["chemotherpay", "kemotherapy work"] {
        assert_eq!(told_of(words), application, "{words}");
    }
    database.execute(&format!(
        "set app.tenant = '{}'; \
         update grievances set violation_description = 'Seniority was ignored.'",
        hall.tenant.id
    ));
    assert_eq!(told_of("senoirity"), grievance);
    assert_eq!(told_of("overtme"), []);
}

#[test]
fn of_the_cases_of_whoever_is_found_the_newest_come_first_whosever_they_are() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    let other = builders::member(
        &*database.unit_of_work(),
        hall.tenant.id,
        "B1",
        "Eva",
        "Kowalski",
    );
    // Many old cases of the one, and newer ones of the other.
    for (member, year) in [(hall.ada.id, 2010), (other.id, 2020)] {
        database.execute(&format!(
            "set app.tenant = '{0}'; \
             insert into grievances (id, tenant_id, year, place, member_id, employer_id, filed_date, \
                 violation_description, current_step, employer_answer, status, version, created_at, updated_at) \
             select gen_random_uuid(), '{0}', {year}, n, '{member}', '{1}', '{year}-03-02', 'Late pay.', 'step_1', \
                 'pending', 'open', 1, now(), now() \
             from generate_series(1, 10) as n",
            hall.tenant.id, hall.cascade.id
        ));
    }
    let request = SearchRequest {
        members: Reach::Nothing,
        organizations: false,
        limit: 10,
        ..request("kowalski")
    };
    let finds = found(&database, &hall.tenant, &request);
    let numbers: Vec<_> = finds
        .iter()
        .filter_map(|find| find.number.as_deref())
        .collect();
    assert_eq!(numbers[..2], ["GR-2026-0007", "GR-2020-0010"]);
    assert!(
        numbers[2..]
            .iter()
            .all(|number| number.starts_with("GR-2020"))
    );
}

#[test]
fn applications_are_found_by_number_words_and_name_unless_names_are_held_back() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    let kind = SearchKind::BenevolenceApplication;
    let of_kind = |request: &SearchRequest| -> Vec<Find> {
        let finds = found(&database, &hall.tenant, request);
        finds.into_iter().filter(|find| find.kind == kind).collect()
    };
    for (words, rank) in [
        ("BF-2026-0003", Rank::Number),
        ("2026-3", Rank::Number),
        ("bf-2026", Rank::NumberPrefix),
        ("chemotherapy may", Rank::Prefix),
        ("núñez", Rank::Related),
        ("nuñes", Rank::Related),
    ] {
        let finds = of_kind(&request(words));
        let told: Vec<_> = finds
            .iter()
            .map(|find| (find.rank, find.title.as_str(), find.number.as_deref()))
            .collect();
        assert_eq!(told, [(rank, "Zoë Núñez", Some("BF-2026-0003"))], "{words}");
        assert_eq!(finds[0].subtitle.as_deref(), Some("medical"));
        assert_eq!(finds[0].status, "draft");
    }
    let blind = |words| SearchRequest {
        applicants: Applicants::HeldBack,
        ..request(words)
    };
    for words in ["núñez", "nuñes", "zoe", "A12045"] {
        assert_eq!(of_kind(&blind(words)), [], "{words}");
    }
    let need = of_kind(&blind("chemotherapy"));
    assert_eq!(need[0].title, "BF-2026-0003");
    assert!(!format!("{need:?}").contains("Zo"), "{need:?}");
}

#[test]
fn what_a_member_wrote_for_themselves_is_found_by_them_alone_until_they_hand_it_in() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    let change = |set: &str| {
        database.execute(&format!(
            "set app.tenant = '{}'; update benevolence_applications set {set}, version = version + 1",
            hall.tenant.id
        ));
    };
    change("by_member = true, description = 'Dialysis, and no work since May.'");
    let finds = |viewer: Option<&Member>, words| {
        let request = SearchRequest {
            viewer: viewer.map(|member| member.id),
            ..request(words)
        };
        let mut finds = found(&database, &hall.tenant, &request);
        finds.retain(|find| find.kind == SearchKind::BenevolenceApplication);
        finds.len()
    };
    let ways = ["dialysis", "BF-2026-0003", "2026-0", "núñez", "A12045"];
    for words in ways {
        assert_eq!(finds(None, words), 0, "{words}");
        assert_eq!(finds(Some(&hall.ada), words), 0, "{words}");
        assert_eq!(finds(Some(&hall.zoe), words), 1, "{words}");
    }
    let known = |word: &str| {
        let storage = database.unit_of_work();
        let request = request(word);
        let found = storage.read(Scope::Tenant(hall.tenant.id), |tx| {
            tx.search().find(&request)
        });
        found.unwrap_or_else(|error: StorageError| panic!("{error:?}"))
    };
    assert_eq!(known("dyalisis"), [], "its words are nobody's hint");
    change("status = 'submitted', review_level = 'vp', last_level = 'vp'");
    for words in ways.into_iter().chain(["dialisys"]) {
        assert_eq!(finds(None, words), 1, "{words}");
    }
}

#[test]
fn nothing_is_found_beyond_the_reach() {
    let database = TestDatabase::new();
    let hall = Hall::new(&database, "local-46");
    let own = |words, member: &Member| SearchRequest {
        members: Reach::Of(member.id),
        organizations: false,
        grievances: Reach::Of(member.id),
        applications: Reach::Of(member.id),
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
        "overtme",
        "GR-2026-0007",
        "cascade",
    ] {
        let zoes = ids(&own(words, &hall.zoe));
        let others = zoes.iter().filter(|(_, title)| title != "Zoë Núñez");
        assert_eq!(others.count(), 0, "{words}: {zoes:?}");
    }
    for words in ["chemotherapy", "chemotherpay", "BF-2026-0003", "nunez"] {
        assert_eq!(ids(&own(words, &hall.ada)), [], "{words}");
        let zoes = ids(&own(words, &hall.zoe));
        let application = (SearchKind::BenevolenceApplication, "Zoë Núñez".to_owned());
        assert!(zoes.contains(&application), "{words}: {zoes:?}");
    }
    let none = SearchRequest {
        members: Reach::Nothing,
        organizations: true,
        grievances: Reach::Nothing,
        applications: Reach::Nothing,
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
        "overtme",
        "chemotherapy",
        "chemotherpay",
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
         update benevolence_applications set deleted_at = now(); \
         update organizations set deleted_at = now()",
    );
    for words in [
        "kowalski",
        "kowalsky",
        "a1204",
        "cascade",
        "GR-2026-0007",
        "overtime",
        "overtme",
        "chemotherapy",
        "chemotherpay",
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
