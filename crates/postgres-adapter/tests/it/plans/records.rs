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

use super::{DAY, MONTH_LATER, Pattern, TIME, lists, one, pages, pattern};

pub(super) fn members() -> Vec<Pattern> {
    let all = MemberFilter::default;
    let search = |words: &str| MemberFilter {
        search: Some(words.to_owned()),
        ..all()
    };
    let filters = [
        ("all", all()),
        (
            "by status",
            MemberFilter {
                status: Some(MemberStatus::Retired),
                ..all()
            },
        ),
        (
            "by classification",
            MemberFilter {
                classification: Some(MemberClassification::Foreman),
                ..all()
            },
        ),
        (
            "by both",
            MemberFilter {
                status: Some(MemberStatus::Retired),
                classification: Some(MemberClassification::Foreman),
                ..all()
            },
        ),
        (
            "one's own",
            MemberFilter {
                only: Some(one()),
                ..all()
            },
        ),
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
    let search = |words: &str| OrganizationFilter {
        search: Some(words.to_owned()),
        ..all()
    };
    let filters = [
        ("all", all()),
        (
            "by type",
            OrganizationFilter {
                org_type: Some(OrganizationType::Jatc),
                ..all()
            },
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
    let search = |words: &str| ContactFilter {
        search: Some(words.to_owned()),
        ..all()
    };
    let filters = [
        ("all", all()),
        (
            "of an organization",
            ContactFilter {
                organization: Some(one()),
                ..all()
            },
        ),
        (
            "the first",
            ContactFilter {
                rank: Some(Rank::Primary),
                ..all()
            },
        ),
        (
            "the others",
            ContactFilter {
                rank: Some(Rank::Other),
                ..all()
            },
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

pub(super) fn employments() -> Vec<Pattern> {
    let all = EmploymentFilter::default;
    let filters = [
        ("all", all()),
        (
            "of a member",
            EmploymentFilter {
                member: Some(one()),
                ..all()
            },
        ),
        (
            "at an organization",
            EmploymentFilter {
                organization: Some(one()),
                ..all()
            },
        ),
        (
            "current at an organization",
            EmploymentFilter {
                organization: Some(one()),
                current: Some((DAY, true)),
                ..all()
            },
        ),
        (
            "by title",
            EmploymentFilter {
                job_title: Line::parse("Title 7").ok(),
                ..all()
            },
        ),
    ];
    let mut patterns = lists!(
        employments,
        &filters,
        &[
            (EmploymentSort::Start, "2010-05-01"),
            (EmploymentSort::Created, TIME),
        ]
    );
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
            SaltingActivityFilter {
                organization: Some(one()),
                ..all()
            },
        ),
        (
            "by a member",
            SaltingActivityFilter {
                member: Some(one()),
                ..all()
            },
        ),
        (
            "of a campaign",
            SaltingActivityFilter {
                campaign: Some(one()),
                ..all()
            },
        ),
        (
            "by type",
            SaltingActivityFilter {
                activity_type: Some(SaltingActivityType::Meeting),
                ..all()
            },
        ),
        (
            "without an outcome",
            SaltingActivityFilter {
                outcome: Some(OutcomeKnown::Pending),
                ..all()
            },
        ),
        (
            "in a month",
            SaltingActivityFilter {
                from: Some(DAY),
                until: Some(MONTH_LATER),
                ..all()
            },
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
        (
            "by actor",
            AuditFilter {
                actor: Some(one()),
                ..all()
            },
        ),
        (
            "by action",
            AuditFilter {
                action: Some(AuditAction::Exported),
                ..all()
            },
        ),
        (
            "by kind",
            AuditFilter {
                target: Some(Target::Tenant),
                ..all()
            },
        ),
        (
            "of a record",
            AuditFilter {
                target: Some(Target::Member),
                target_id: Some(nobody),
                ..all()
            },
        ),
        (
            "of an id",
            AuditFilter {
                target_id: Some(nobody),
                ..all()
            },
        ),
        ("since", AuditFilter { from, ..all() }),
        (
            "until",
            AuditFilter {
                until: from,
                ..all()
            },
        ),
    ];
    lists!(audit, &filters, &[(AuditSort::Time, TIME)])
}
