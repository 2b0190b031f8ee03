//! The ways to ask the lists of members, organizations, contacts, employments, the audit trail and organizing.

use unionhall_domain::{
    audit::{AuditAction, Target},
    contacts::Rank,
    members::{MemberClassification, MemberStatus},
    organizations::OrganizationType,
    salting_activities::SaltingActivityType,
    text::Line,
};
use unionhall_ports::{
    audit::{AuditFilter, AuditSort},
    contacts::{ContactFilter, ContactSort},
    employments::{EmploymentFilter, EmploymentSort},
    members::{MemberFilter, MemberSort},
    organizations::{OrganizationFilter, OrganizationSort},
    salting_activities::{OutcomeKnown, SaltingActivityFilter, SaltingActivitySort},
    salting_scores::SaltingScoreSort,
};

use super::{DAY, MONTH_LATER, Pattern, TIME, lists, one, only, pages, pattern};

pub(super) fn members() -> Vec<Pattern> {
    let all = MemberFilter::default;
    let search = |words: &str| {
        only!(MemberFilter {
            search: Some(words.to_owned())
        })
    };
    let filters = [
        ("all", all()),
        (
            "by status",
            only!(MemberFilter {
                status: Some(MemberStatus::Retired)
            }),
        ),
        (
            "by classification",
            only!(MemberFilter {
                classification: Some(MemberClassification::Foreman)
            }),
        ),
        (
            "by both",
            only!(MemberFilter {
                status: Some(MemberStatus::Retired),
                classification: Some(MemberClassification::Foreman)
            }),
        ),
        ("one's own", only!(MemberFilter { only: Some(one()) })),
        ("common words", search("anna")),
        ("rare words", search("a99999")),
        ("mistyped words", search("kowalsky")),
    ];
    lists!(
        members,
        &filters,
        &[
            (MemberSort::Name, "kowalski\tanna"),
            (MemberSort::Number, "A5"),
            (MemberSort::Created, TIME),
        ]
    )
}

pub(super) fn organizations() -> Vec<Pattern> {
    let all = OrganizationFilter::default;
    let search = |words: &str| {
        only!(OrganizationFilter {
            search: Some(words.to_owned())
        })
    };
    let filters = [
        ("all", all()),
        (
            "by type",
            only!(OrganizationFilter {
                org_type: Some(OrganizationType::Jatc)
            }),
        ),
        ("common words", search("electric")),
        ("rare words", search("electric 99999")),
        ("words that nobody has", search("zq")),
    ];
    lists!(
        organizations,
        &filters,
        &[
            (OrganizationSort::Name, "electric 5"),
            (OrganizationSort::Created, TIME),
        ]
    )
}

pub(super) fn contacts() -> Vec<Pattern> {
    let all = ContactFilter::default;
    let search = |words: &str| {
        only!(ContactFilter {
            search: Some(words.to_owned())
        })
    };
    let filters = [
        ("all", all()),
        (
            "of an organization",
            only!(ContactFilter {
                organization: Some(one())
            }),
        ),
        (
            "the first",
            only!(ContactFilter {
                rank: Some(Rank::Primary)
            }),
        ),
        (
            "the others",
            only!(ContactFilter {
                rank: Some(Rank::Other)
            }),
        ),
        ("common words", search("person")),
        ("rare words", search("99999")),
        (
            "words at an organization",
            ContactFilter {
                organization: Some(one()),
                ..search("person")
            },
        ),
    ];
    lists!(
        contacts,
        &filters,
        &[
            (ContactSort::Name, "kowalski\tanna"),
            (ContactSort::Created, TIME),
        ]
    )
}

/// What jobs are asked by, in every order.
fn employment_filters() -> Vec<(&'static str, EmploymentFilter)> {
    let all = EmploymentFilter::default;
    vec![
        ("all", all()),
        (
            "of a member",
            only!(EmploymentFilter {
                member: Some(one())
            }),
        ),
        (
            "at an organization",
            only!(EmploymentFilter {
                organization: Some(one())
            }),
        ),
        (
            "current at an organization",
            only!(EmploymentFilter {
                organization: Some(one()),
                current: Some((DAY, true))
            }),
        ),
        (
            "over, or to come",
            only!(EmploymentFilter {
                current: Some((DAY, false))
            }),
        ),
        (
            "current of a member",
            only!(EmploymentFilter {
                member: Some(one()),
                current: Some((DAY, true))
            }),
        ),
        (
            "by title",
            only!(EmploymentFilter {
                job_title: Line::parse("Title 7").ok()
            }),
        ),
    ]
}

pub(super) fn employments() -> Vec<Pattern> {
    let mut patterns = lists!(
        employments,
        &employment_filters(),
        &[
            (EmploymentSort::Start, "2010-05-01"),
            (EmploymentSort::Created, TIME),
        ]
    );
    // In the order in which they were entered, the jobs of a day long ago lie together, and a walk reads what is before.
    let current = only!(EmploymentFilter {
        current: Some((DAY, true))
    });
    patterns.extend(lists!(
        employments,
        &[("current", current)],
        &[(EmploymentSort::Start, "2010-05-01")]
    ));
    patterns.push(pattern("titles that begin so", |tx| {
        let beginning = Some("title 29".to_owned());
        tx.employments().titles(beginning, 20).map(drop)
    }));
    patterns
}

pub(super) fn salting_activities() -> Vec<Pattern> {
    let all = SaltingActivityFilter::default;
    let filters = [
        ("all", all()),
        (
            "at an employer",
            only!(SaltingActivityFilter {
                organization: Some(one())
            }),
        ),
        (
            "by a member",
            only!(SaltingActivityFilter {
                member: Some(one())
            }),
        ),
        (
            "of a campaign",
            only!(SaltingActivityFilter {
                campaign: Some(one())
            }),
        ),
        (
            "by type",
            only!(SaltingActivityFilter {
                activity_type: Some(SaltingActivityType::Meeting)
            }),
        ),
        (
            "without an outcome",
            only!(SaltingActivityFilter {
                outcome: Some(OutcomeKnown::Pending)
            }),
        ),
        (
            "in a month",
            only!(SaltingActivityFilter {
                from: Some(DAY),
                until: Some(MONTH_LATER)
            }),
        ),
    ];
    let mut patterns = lists!(
        salting_activities,
        &filters,
        &[
            (SaltingActivitySort::Date, "2010-05-01"),
            (SaltingActivitySort::Created, TIME),
        ]
    );
    for (name, page) in pages(&[(SaltingScoreSort::Set, TIME)]) {
        patterns.push(pattern(format!("salting_scores {name}"), move |tx| {
            tx.salting_scores().history(one(), &page).map(drop)
        }));
    }
    patterns
}

pub(super) fn audit() -> Vec<Pattern> {
    let all = AuditFilter::default;
    let nobody = uuid::Uuid::from_u128(9);
    let from = "2026-01-10T00:00:00Z".parse().ok();
    let filters = [
        ("all", all()),
        ("by actor", only!(AuditFilter { actor: Some(one()) })),
        (
            "by action",
            only!(AuditFilter {
                action: Some(AuditAction::Exported)
            }),
        ),
        (
            "by kind",
            only!(AuditFilter {
                target: Some(Target::Tenant)
            }),
        ),
        (
            "of a record",
            only!(AuditFilter {
                target: Some(Target::Member),
                target_id: Some(nobody)
            }),
        ),
        (
            "of an id",
            only!(AuditFilter {
                target_id: Some(nobody)
            }),
        ),
        ("since", AuditFilter { from, ..all() }),
        ("until", only!(AuditFilter { until: from })),
    ];
    lists!(audit, &filters, &[(AuditSort::Time, TIME)])
}
