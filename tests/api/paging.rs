//! Lists in pages: walked from end to end, each row comes once, in order, whatever the order.

use std::collections::BTreeSet;

use unionhall_domain::members::{MemberClassification, MemberStatus};
use unionhall_ports::unit_of_work::Scope;
use unionhall_testing::{
    TestApp,
    app::Identity,
    builders::{store, unstored_member},
};

use crate::fixtures::{case, ids, owner, texts};

/// How many members the walks meet.
const MEMBERS: usize = 230;

/// A service whose local has many members, a good part of them with the same name.
fn crowd() -> TestApp {
    let app = TestApp::start();
    let names = ["Voltz", "Núñez", "Ohm", "Øre", "voltz", "Zuñiga", "Ampère"];
    let members: Vec<_> = (0..MEMBERS)
        .zip(names.iter().cycle())
        .map(|(index, name)| {
            let mut member = unstored_member(&format!("{}", 1000 + index), "Ada", name);
            if index % 10 == 0 {
                member.details.status = MemberStatus::Retired;
                member.details.classification = MemberClassification::Retiree;
            }
            member
        })
        .collect();
    store(app.storage(), Scope::Tenant(app.local.id()), |tx| {
        tx.members().insert_many(&members)
    });
    app
}

/// Every row of a list, page by page; the query has no cursor yet.
fn walk(who: &Identity<'_>, path: &str, limit: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = String::new();
    loop {
        let page = who
            .get(&format!("{path}&limit={limit}{next}"))
            .expect(200)
            .json();
        let rows = ids(&page);
        assert!(rows.len() <= limit);
        found.extend(rows);
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return found,
        }
    }
}

#[test]
fn a_walk_meets_every_member_once_in_both_directions_of_every_order() {
    let app = crowd();
    let who = owner(&app);
    let mut orders = BTreeSet::new();
    for sort in ["name", "member_number", "created_at"] {
        let forth = walk(&who, &format!("/members?sort={sort}"), 23);
        let back = walk(&who, &format!("/members?sort=-{sort}"), 100);
        let distinct: BTreeSet<_> = forth.iter().collect();
        assert_eq!((forth.len(), distinct.len()), (MEMBERS, MEMBERS), "{sort}");
        assert!(forth.iter().eq(back.iter().rev()), "{sort}");
        orders.insert(forth);
    }
    assert!(orders.len() >= 2, "the orders differ");
}

#[test]
fn the_page_size_changes_where_pages_end_and_nothing_else() {
    let app = crowd();
    let who = owner(&app);
    let by_one = walk(&who, "/members?status=retired", 1);
    assert_eq!(by_one.len(), MEMBERS / 10);
    for limit in [7, 23, 24, 100] {
        assert_eq!(
            walk(&who, "/members?status=retired", limit),
            by_one,
            "{limit}"
        );
    }
}

#[test]
fn the_total_counts_all_rows_that_match_on_every_page() {
    let app = crowd();
    let who = owner(&app);
    for (query, total) in [
        ("", MEMBERS),
        ("&status=retired", MEMBERS / 10),
        ("&status=retired&classification=journeyman", 0),
        ("&q=nunez", MEMBERS / 7 + 1),
    ] {
        let path = format!("/members?include_total=true&limit=10{query}");
        let first = who.get(&path).expect(200).json();
        assert_eq!(first["total"], total, "{query}");
        if let Some(cursor) = first["next_cursor"].as_str() {
            let second = who
                .get(&format!("{path}&cursor={cursor}"))
                .expect(200)
                .json();
            assert_eq!(second["total"], total, "{query}");
        }
    }
    assert!(who.get("/members").expect(200).json()["total"].is_null());
}

#[test]
fn a_search_is_walked_like_any_list() {
    let app = crowd();
    let who = owner(&app);
    for words in ["voltz", "ada%20nu", "vlotz"] {
        let found = walk(&who, &format!("/members?q={words}"), 9);
        let distinct: BTreeSet<_> = found.iter().collect();
        assert_eq!(found.len(), distinct.len(), "{words}");
        assert_eq!(
            found,
            walk(&who, &format!("/members?q={words}"), 100),
            "{words}"
        );
        assert!(found.len() > 30, "{words}: {}", found.len());
    }
}

#[test]
fn a_member_who_comes_or_goes_during_a_walk_moves_no_other() {
    let app = crowd();
    let who = owner(&app);
    let whole = walk(&who, "/members?sort=member_number", 100);
    let page = who
        .get("/members?sort=member_number&limit=50")
        .expect(200)
        .json();
    app.member("0001", "Early", "Bird");
    let last = ids(&page).pop().expect("a full page");
    who.delete(&format!("/members/{last}")).expect(204);
    let cursor = page["next_cursor"].as_str().expect("there is more");
    let next = format!("/members?sort=member_number&limit=50&cursor={cursor}");
    let next = ids(&who.get(&next).expect(200).json());
    assert!(next.iter().eq(whole.iter().skip(50).take(50)));
}

#[test]
fn names_are_ordered_without_regard_to_accents_and_case() {
    let app = crowd();
    let who = owner(&app);
    let names = texts(
        &who.get("/members?limit=100").expect(200).json(),
        "last_name",
    );
    let mut distinct = names;
    distinct.dedup_by_key(|name| name.to_lowercase());
    assert_eq!(
        distinct.iter().take(2).collect::<Vec<_>>(),
        ["Ampère", "Núñez"]
    );
}

#[test]
fn limit_sort_and_cursor_are_checked() {
    let app = crowd();
    let who = owner(&app);
    let page = who.get("/members?limit=1").expect(200).json();
    let cursor = page["next_cursor"]
        .as_str()
        .expect("there is more")
        .to_owned();
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("sort=shoe_size", "sort"),
        ("sort=", "sort"),
        ("cursor=x", "cursor"),
        ("include_total=maybe", "include_total"),
        ("page=2", "page"),
        ("limit=1&limit=2", "limit"),
        (&format!("sort=-name&cursor={cursor}"), "cursor"),
        (&format!("sort=created_at&cursor={cursor}"), "cursor"),
    ] {
        let answer = who.get(&format!("/members?{query}")).expect(400);
        assert_eq!(answer.text_at("/errors/0/parameter"), parameter, "{query}");
    }
    who.get(&format!("/members?sort=name&cursor={cursor}"))
        .expect(200);
}

#[test]
fn every_wrong_parameter_is_named_at_once() {
    let app = TestApp::start();
    let answer = owner(&app)
        .get("/grievances?limit=0&status=lost&member_id=7&color=red")
        .expect(400);
    let errors = answer.json();
    let named: BTreeSet<_> = errors["errors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| error["parameter"].as_str().unwrap_or_default().to_owned())
        .collect();
    let expected = ["color", "limit", "member_id", "status"].map(str::to_owned);
    assert_eq!(named, BTreeSet::from(expected));
}

#[test]
fn other_lists_are_walked_alike() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    for _ in 0..12 {
        let body = crate::fixtures::filing(&case.member, &case.employer);
        who.post("/grievances", &body).expect(201);
        who.post(
            "/organizations",
            &crate::fixtures::new_employer("Puget Electric"),
        )
        .expect(201);
    }
    for path in [
        "/grievances?sort=grievance_number",
        "/grievances?sort=-filed_date",
        "/grievances?q=overtime",
        "/organizations?sort=name",
        "/organizations?sort=-created_at",
        "/organizations?q=puget",
        "/audit-events?sort=time&action=created",
        "/audit-events?sort=-time&action=created",
    ] {
        let found = walk(&who, path, 5);
        let distinct: BTreeSet<_> = found.iter().collect();
        assert!(found.len() >= 13, "{path}: {}", found.len());
        assert_eq!(found.len(), distinct.len(), "{path}");
        assert_eq!(found, walk(&who, path, 100), "{path}");
    }
}
