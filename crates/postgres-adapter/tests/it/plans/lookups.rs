//! The ways to look up what is named in a file that is brought in, in a refusal, or beside a record.

use unionhall_domain::members::MemberNumber;
use unionhall_ports::{
    contacts::PersonAt,
    information_requests::{InformationRequestFilter, InformationRequestSort},
};

use super::{DAY, Pattern, Way, one, pages, pattern};

pub(super) fn lookups() -> Vec<Pattern> {
    let mut patterns = brought_in();
    patterns.extend(locked());
    patterns.extend(of_an_organization());
    patterns.extend(of_a_member());
    patterns.extend(of_a_grievance());
    patterns
}

/// What an import asks to find what there is already.
fn brought_in() -> Vec<Pattern> {
    vec![
        pattern("organizations by name", |tx| {
            let names = ["Electric 5", "Nobody's"].map(str::to_owned);
            tx.organizations().called(&names).map(drop)
        }),
        pattern("contacts by name", |tx| {
            let person = PersonAt {
                organization: one(),
                first_name: "Anna".to_owned(),
                last_name: "Person Electric 5".to_owned(),
            };
            tx.contacts().called(&[person]).map(drop)
        }),
        pattern("members by number", |tx| {
            let number = MemberNumber::parse("A5").expect("a number");
            tx.members().lock_by_numbers(&[number]).map(drop)
        })
        .by(Way::Changing),
        pattern("jobs of members", |tx| {
            tx.employments().of_members(&[one()]).map(drop)
        })
        .by(Way::Changing),
        pattern("doubles", |tx| {
            tx.duplicates().doubles_of(&[one()]).map(drop)
        }),
        pattern("mergers", |tx| tx.duplicates().merged(&[one()]).map(drop)),
        pattern("first contacts", |tx| {
            tx.contacts().primaries(&[one()]).map(drop)
        })
        .by(Way::Changing),
    ]
}

fn locked() -> Vec<Pattern> {
    let patterns = [
        pattern("members held", |tx| {
            tx.members().lock_by_ids(&[one()]).map(drop)
        }),
        pattern("contacts held", |tx| {
            tx.contacts().lock_by_ids(&[one()]).map(drop)
        }),
        pattern("jobs held", |tx| {
            tx.employments().lock_by_ids(&[one()]).map(drop)
        }),
        pattern("grievances held", |tx| {
            tx.grievances().lock_by_ids(&[one()]).map(drop)
        }),
        pattern("organizations locked", |tx| {
            tx.organizations().lock_by_ids(&[one()]).map(drop)
        }),
        pattern("organizations held", |tx| {
            tx.organizations().hold_by_ids(&[one()]).map(drop)
        }),
    ];
    patterns.map(|pattern| pattern.by(Way::Changing)).into()
}

fn of_an_organization() -> Vec<Pattern> {
    vec![
        pattern("names of organizations", |tx| {
            tx.organizations().names(&[one()]).map(drop)
        }),
        pattern("numbers at an organization", |tx| {
            tx.overviews().counts(one(), DAY).map(drop)
        }),
        pattern("what is open against an employer", |tx| {
            tx.overviews().open_grievances(one(), 10).map(drop)
        }),
        pattern("who is at an organization", |tx| {
            tx.contacts().names_at(one()).map(drop)
        }),
        pattern("whose jobs are at an organization", |tx| {
            tx.employments().numbers_at(one()).map(drop)
        }),
        pattern("grievances against an employer", |tx| {
            tx.grievances().numbers_against(one()).map(drop)
        }),
        pattern("grievances under an agreement", |tx| {
            tx.grievances().numbers_under(one()).map(drop)
        }),
    ]
}

fn of_a_member() -> Vec<Pattern> {
    vec![
        pattern("jobs of a member", |tx| {
            tx.employments().of_member(one()).map(drop)
        }),
        pattern("where a member worked", |tx| {
            tx.employments().names_of_member(one()).map(drop)
        }),
        pattern("grievances of a member", |tx| {
            tx.grievances().numbers_of_member(one()).map(drop)
        }),
    ]
}

fn of_a_grievance() -> Vec<Pattern> {
    let mut patterns = vec![
        pattern("steps", |tx| tx.grievances().steps(one()).map(drop)),
        pattern("what happened", |tx| tx.deadlines().events(one()).map(drop)),
    ];
    for (name, page) in pages(&[(InformationRequestSort::Due, "2010-05-01")]) {
        patterns.push(pattern(format!("requests in short {name}"), move |tx| {
            let filter = InformationRequestFilter::default();
            let requests = tx.information_requests();
            requests.list_in_short(&filter, &page).map(drop)
        }));
    }
    patterns
}
