//! The ways to ask for agreements and the versions of their rules.

use unionhall_ports::collective_agreements::{AgreementFilter, AgreementSort, RuleSetSort};

use super::{DAY, Pattern, lists, one, only, pages, pattern};

pub(super) fn agreements() -> Vec<Pattern> {
    let filters = [
        ("all", AgreementFilter::default()),
        (
            "with an employer",
            only!(AgreementFilter {
                organization: Some(one())
            }),
        ),
        (
            "in force",
            only!(AgreementFilter {
                in_force_on: Some(DAY)
            }),
        ),
    ];
    let mut patterns = lists!(
        collective_agreements,
        &filters,
        &[
            (AgreementSort::Name, "agreement 5"),
            (AgreementSort::EffectiveFrom, "2010-05-01"),
        ]
    );
    for (name, page) in pages(&[(RuleSetSort::Version, "3")]) {
        patterns.push(pattern(format!("rule_sets {name}"), move |tx| {
            let agreements = tx.collective_agreements();
            agreements.rule_sets(one(), &page).map(drop)
        }));
    }
    patterns
}
