//! The search of members: words, numbers, addresses, accents, typing errors, and who may search.

use unionhall_domain::{members::MemberStatus, users::EmailAddress};
use unionhall_ports::{
    members::{MemberFilter, MemberSort},
    pages::Direction,
    unit_of_work::Scope,
};
use unionhall_postgres_adapter::migrate;
use unionhall_testing::{TestDatabase, builders};

use super::{found, list, page};

#[test]
fn names_are_found_by_the_beginnings_of_their_words_without_accents_and_case() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let mut middle = builders::unstored_member("5", "Åsa", "Øster");
    middle.details.middle_name = Some(builders::line("Þóra"));
    builders::store(storage, Scope::Tenant(tenant.id), |tx| {
        tx.members().insert(&middle)
    });
    for (number, first, last) in [
        ("1", "María José", "Núñez"),
        ("2", "Conor", "O'Brien"),
        ("3", "Ann-Marie", "Smith-Jones"),
        // The second letter is an n and a combining tilde.
        ("4", "Luis", "Mun\u{303}oz"),
        ("6", "Олена", "Шевченко"),
    ] {
        builders::member(storage, tenant.id, number, first, last);
    }
    for (words, expected) in [
        ("nunez", "Núñez"),
        ("NÚÑEZ", "Núñez"),
        ("nun mar", "Núñez"),
        ("jose  nunez ", "Núñez"),
        ("o'brien", "O'Brien"),
        ("OBrien", "O'Brien"),
        ("o’brien", "O'Brien"),
        ("brien", "O'Brien"),
        ("jones", "Smith-Jones"),
        ("smith-jo", "Smith-Jones"),
        ("smithjones", "Smith-Jones"),
        ("annmarie", "Smith-Jones"),
        ("munoz", "Mun\u{303}oz"),
        ("Mu\u{f1}oz", "Mun\u{303}oz"),
        ("thora oster", "Øster"),
        ("Шевченко", "Шевченко"),
    ] {
        assert_eq!(found(storage, &tenant, words), [expected], "{words}");
    }
    assert!(found(storage, &tenant, "nunez conor").is_empty());
}

#[test]
fn numbers_are_found_by_their_beginning() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    builders::member(storage, tenant.id, "A1204", "Bo", "Li");
    builders::member(storage, tenant.id, "B-77", "Al", "Wu");
    for (words, expected) in [
        ("a1204", "Li"),
        ("A12", "Li"),
        ("b-77", "Wu"),
        ("b77", "Wu"),
        ("77", "Wu"),
        ("wu 77", "Wu"),
        ("1204", "Li"),
        ("120", "Li"),
    ] {
        assert_eq!(found(storage, &tenant, words), [expected], "{words}");
    }
    assert!(found(storage, &tenant, "204").is_empty());
}

#[test]
fn addresses_are_found_by_their_beginning_and_by_their_domain() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let mut member = builders::unstored_member("1", "Bo", "Li");
    member.details.email = Some(EmailAddress::parse("ada.voltz+hall@union-hall.example").unwrap());
    builders::store(storage, Scope::Tenant(tenant.id), |tx| {
        tx.members().insert(&member)
    });
    for words in [
        "ada.voltz+hall@union-hall.example",
        "ADA.VOLTZ+HALL@UNION",
        "<ada.voltz+hall@union-hall.example>,",
        "@union-hall.example",
        "voltz",
        "li ada.voltz+hall@",
    ] {
        assert_eq!(found(storage, &tenant, words), ["Li"], "{words}");
    }
    assert!(found(storage, &tenant, "ada.voltz+hall@union-hall.org").is_empty());
}

#[test]
fn typing_errors_find_the_name_that_was_meant() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    for (number, first, last) in [
        ("1", "Anna", "Kowalski"),
        ("2", "John", "Johnson"),
        ("3", "María", "Núñez"),
        ("4", "Peter", "Szczepański"),
        ("5", "Grace", "Okonkwo"),
        ("6", "Mehmet", "Yılmaz"),
    ] {
        builders::member(storage, tenant.id, number, first, last);
    }
    for (words, expected) in [
        ("Kowalsky", "Kowalski"),
        ("Anna Kowalsky", "Kowalski"),
        ("Ana Kowalski", "Kowalski"),
        ("Jonson", "Johnson"),
        ("Jhon", "Johnson"),
        ("Nuñes", "Núñez"),
        ("Szczpanski", "Szczepański"),
        ("Okonkow", "Okonkwo"),
        ("Yilmas", "Yılmaz"),
    ] {
        assert_eq!(found(storage, &tenant, words), [expected], "{words}");
    }
    for words in ["Anna Johnson", "Xyz", "Kowalsky 7"] {
        assert!(found(storage, &tenant, words).is_empty(), "{words}");
    }
}

#[test]
fn names_that_are_spelt_alike_are_left_out_when_some_match_as_typed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let mut jonson = builders::unstored_member("1", "Ben", "Jonson");
    jonson.details.status = MemberStatus::Retired;
    builders::store(storage, Scope::Tenant(tenant.id), |tx| {
        tx.members().insert(&jonson)
    });
    let johnson = builders::member(storage, tenant.id, "2", "Samuel", "Johnson");
    assert_eq!(found(storage, &tenant, "jonson"), ["Jonson"]);

    // Whether words match is asked of all members, whatever the filters.
    let search = |filter| {
        let request = page(10, MemberSort::Name, Direction::Ascending);
        let words = Some("jonson".to_owned());
        list(
            storage,
            &tenant,
            &MemberFilter {
                search: words,
                ..filter
            },
            &request,
        )
        .items
        .len()
    };
    let active = MemberFilter {
        status: Some(MemberStatus::Active),
        ..MemberFilter::default()
    };
    assert_eq!(search(active), 0);
    // But whoever may see one member alone learns nothing of the others.
    let only = MemberFilter {
        only: Some(johnson.id),
        ..MemberFilter::default()
    };
    assert_eq!(search(only), 1);
}

#[test]
fn changed_and_deleted_members_are_found_as_they_are_now() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let mut member = builders::member(storage, tenant.id, "1", "Anna", "Kowalski");
    member.details.last_name = builders::line("Lewandowska");
    member.version = member.version.next();
    let write = |member: &_| {
        builders::store(storage, Scope::Tenant(tenant.id), |tx| {
            tx.members().update(member)
        });
    };
    write(&member);
    assert!(found(storage, &tenant, "kowalski").is_empty());
    assert_eq!(found(storage, &tenant, "levandovska"), ["Lewandowska"]);
    member.deleted_at = Some(builders::now());
    member.version = member.version.next();
    write(&member);
    assert!(found(storage, &tenant, "lewandowska").is_empty());
}

#[test]
fn no_character_means_anything_but_itself() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    builders::member(storage, tenant.id, "Q9", "Bo", "Li");
    for words in [
        "%",
        "_",
        "'",
        "\\",
        ":",
        "*",
        "&",
        "!",
        "()",
        "\"",
        "--",
        "'; drop table members; --",
        ":* | !x",
        "' & '",
        "\\' | \\",
        "li:* | zz",
        "@",
        "@@",
        "'@",
        "\\@'",
        "a'@\\:*",
        "\u{1f600}",
        "\u{feff}",
        "<->",
        "$1",
        "{}",
        "NULL",
        "\u{7f}",
        "a\tb\nc",
    ] {
        assert!(found(storage, &tenant, words).is_empty(), "{words:?}");
    }
    for words in [
        "li%", "*li*", "'li'", "li\\", "li:*", "li & bo", "(li)", "li\0bo", "!li", "li@",
    ] {
        let expected: &[&str] = if words == "li@" { &[] } else { &["Li"] };
        assert_eq!(found(storage, &tenant, words), expected, "{words:?}");
    }
    // Blanks are no words, so they ask for nothing.
    assert_eq!(found(storage, &tenant, " \0 "), ["Li"]);
    let long = "li ".repeat(10_000) + &"x".repeat(100_000);
    assert_eq!(found(storage, &tenant, &long), ["Li"]);
}

#[test]
fn words_beyond_the_eighth_and_letters_beyond_the_fortieth_do_not_matter() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    builders::member(storage, tenant.id, "1", "A B C D E F G H", &"x".repeat(50));
    let last = "x".repeat(50);
    assert_eq!(
        found(storage, &tenant, "a b c d e f g h zz"),
        [last.as_str()]
    );
    assert_eq!(
        found(storage, &tenant, &("x".repeat(40) + "zz")),
        [last.as_str()]
    );
}

#[test]
fn the_search_functions_give_out_nothing_of_other_tenants_and_their_tables_are_closed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let other = builders::tenant(storage, "local-47");
    builders::member(storage, other.id, "1", "Anna", "Kowalski");
    let attempt = |scope: &str, tenant: &str, statement: &str| {
        migrate::execute(
            &database.runtime_url(),
            &format!(
                "select set_config('app.scope', '{scope}', false), set_config('app.tenant', '{tenant}', false); \
                 do $$ begin if exists ({statement}) then raise exception 'seen'; end if; end $$"
            ),
        )
    };
    let own = tenant.id.to_string();
    for (scope, tenant) in [
        ("tenant", own.as_str()),
        ("identity", ""),
        ("worker", ""),
        ("", ""),
    ] {
        for words in ["kowalski", "kowalsky"] {
            for statement in [
                format!(
                    "select members_search('{words}', null, null, null, 'name', false, null, null, 50)"
                ),
                format!("select where members_search_count('{words}', null, null, null) > 0"),
            ] {
                attempt(scope, tenant, &statement)
                    .unwrap_or_else(|error| panic!("{scope} {statement}: {error:?}"));
            }
        }
    }
    let theirs = other.id.to_string();
    let seen = "select members_search('kowalsky', null, null, null, 'name', false, null, null, 50)";
    assert!(
        attempt("tenant", &theirs, seen).is_err(),
        "the attempt itself must work"
    );
    for closed in [
        "select from member_words",
        "select where members_search_query('kowalski', null) is not null",
    ] {
        let refused = attempt("tenant", &theirs, closed).unwrap_err();
        assert!(
            format!("{refused:?}").contains("permission denied"),
            "{refused:?}"
        );
    }
}
