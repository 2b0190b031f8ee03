//! Every listing method of the ports is asked at full size, or it is said why not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

const PORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ports/src");
const PATTERNS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/plans");

/// What a method gives that reads many rows.
const MANY: [&str; 8] = [
    "Page<",
    "Vec<",
    "Map<",
    "Statistics",
    "Tallies",
    "Tally",
    "Counts",
    "YearAwards",
];

/// Repositories of people, their sign-ins and the mail: their tables are not among those that are filled here.
const OF_PEOPLE: [&str; 10] = [
    "identity",
    "invitations",
    "locks",
    "outbox",
    "own_sessions",
    "pictures",
    "second_factors",
    "tenants",
    "trusted_devices",
    "users",
];

/// Repositories of the school and of papers, whose tables are not among those that are filled here.
const OF_THE_SCHOOL: [&str; 9] = [
    "class_sessions",
    "classes",
    "cohort_roll",
    "cohorts",
    "courses",
    "documents",
    "instructors",
    "locations",
    "students",
];

/// Methods that are not asked, and why.
const WITHOUT: [(&str, &str, &str); 7] = [
    (
        "benevolence_bench",
        "relations",
        "who decides asks for the relations of one person, of which a hall has a handful; the list is in pages",
    ),
    (
        "benevolence_bench",
        "seats",
        "who decides asks for all seats of a day, of which a hall has a handful",
    ),
    (
        "duplicates",
        "pairs",
        "each organization is compared with its neighbours: it reads all of them, thrice, by its nature",
    ),
    (
        "duplicates",
        "similar",
        "a name is compared with every other, which no index can do for a hall alone",
    ),
    (
        "duplicates",
        "take_over",
        "it moves what hangs on one organization, and lists what it moved",
    ),
    (
        "holidays",
        "last_of_each",
        "a hall has one calendar for a year, in a few versions",
    ),
    (
        "holidays",
        "list",
        "a hall has one calendar for a year, of which there are 222",
    ),
];

/// Whether a repository's tables are not filled here.
fn is_elsewhere(repository: &str) -> bool {
    OF_PEOPLE.contains(&repository) || OF_THE_SCHOOL.contains(&repository)
}

/// The texts of all Rust files in a folder and those below it.
fn texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            found.extend(texts(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(fs::read_to_string(path).expect("it can be read"));
        }
    }
    found
}

/// The trait of each repository, and how a transaction calls the repository.
fn repositories(texts: &[String]) -> BTreeMap<&str, &str> {
    let lines = texts.iter().flat_map(|text| text.lines());
    let parts = lines.filter_map(|line| line.trim().strip_prefix("fn ")?.strip_suffix(';'));
    parts
        .filter_map(|part| part.split_once("(&mut self) -> &mut dyn "))
        .map(|(called, kind)| (kind, called))
        .collect()
}

/// The repository and the name of each method that gives many rows.
fn listing(texts: &[String]) -> BTreeSet<(&str, &str)> {
    let repositories = repositories(texts);
    let mut found = BTreeSet::new();
    for part in texts
        .iter()
        .flat_map(|text| text.split("pub trait ").skip(1))
    {
        let kind = part.split([':', ' ', '{']).next().unwrap_or_default();
        let Some(repository) = repositories.get(kind) else {
            continue;
        };
        let body = part.split("\n}").next().unwrap_or_default();
        for method in body.split("fn ").skip(1) {
            let declared = method.split(";\n").next().unwrap_or_default();
            let (name, _) = declared.split_once('(').expect("a method");
            let (_, given) = declared.split_once("->").unwrap_or_default();
            if MANY.iter().any(|many| given.contains(many)) {
                found.insert((*repository, name));
            }
        }
    }
    found
}

/// Whether a pattern, without its spaces, asks so: at once, or by a name that the repository was given before.
fn asks(patterns: &str, repository: &str, method: &str) -> bool {
    let call = format!(".{method}(");
    let begins = format!("tx.{repository}()");
    let mut uses = patterns
        .match_indices(&begins)
        .map(|(at, begins)| patterns.get(at + begins.len()..).unwrap_or_default());
    let is_named = |letter: char| letter.is_alphanumeric() || letter == '_';
    uses.any(|rest| {
        let named = rest.strip_prefix(';');
        let rest = named.map_or(rest, |rest| rest.trim_start_matches(is_named));
        rest.starts_with(&call)
    }) || method == "list" && patterns.contains(&format!("lists!({repository},"))
}

#[test]
fn every_listing_method_of_the_ports_is_asked_at_full_size_or_says_why_not() {
    let ports = texts(Path::new(PORTS));
    let listing = listing(&ports);
    assert!(listing.len() > 60, "{}", listing.len());
    let mut patterns = texts(Path::new(PATTERNS)).concat();
    patterns.push_str(include_str!("../plans.rs"));
    patterns.retain(|letter| !letter.is_whitespace());
    let excused: BTreeSet<_> = WITHOUT
        .iter()
        .map(|(repository, method, _)| (*repository, *method))
        .collect();
    let mut unasked = listing.clone();
    unasked.retain(|(repository, method)| {
        !is_elsewhere(repository) && !asks(&patterns, repository, method)
    });
    let forgotten: Vec<_> = unasked.difference(&excused).collect();
    assert!(forgotten.is_empty(), "{forgotten:#?}");
    let needless: Vec<_> = excused.difference(&unasked).collect();
    assert!(needless.is_empty(), "{needless:#?}");
    for repository in OF_PEOPLE.into_iter().chain(OF_THE_SCHOOL) {
        let mut known = listing.iter().map(|(known, _)| known);
        assert!(known.any(|known| *known == repository), "{repository}");
    }
}
