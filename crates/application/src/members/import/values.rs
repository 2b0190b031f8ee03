//! The values in a roster's cells, in the spellings that halls use.

use unionhall_domain::{
    invalid::Invalid,
    members::{MemberClassification, MemberStatus},
};

use crate::imports::{columns::bare, values::listed};

/// Where a member stands, by its name or what halls call it.
pub(super) fn status(text: &str) -> Result<MemberStatus, Invalid> {
    use MemberStatus as S;
    let name = bare(text);
    let names = |status: S| match status {
        S::Active => "activemember ingoodstanding goodstanding current paidup act",
        S::Inactive => "inactivemember notactive lapsed dropped expired",
        S::Suspended => "suspension susp",
        S::Retired => "retiree retiredmember pensioner pensioned onpension ret",
        S::Deceased => "dead died passedaway dec",
    };
    S::ALL
        .into_iter()
        .find(|status| bare(status.as_str()) == name || listed(names(*status), &name))
        .map_or_else(|| S::parse(text), Ok)
}

/// What a member works as, by its name or what halls call it.
pub(super) fn classification(text: &str) -> Result<MemberClassification, Invalid> {
    use MemberClassification as C;
    let name = bare(text);
    let names = |class: C| match class {
        C::Apprentice1 => "1 1st first",
        C::Apprentice2 => "2 2nd second",
        C::Apprentice3 => "3 3rd third",
        C::Apprentice4 => "4 4th fourth",
        C::Apprentice5 => "5 5th fifth",
        C::Journeyman => {
            "jw jiw jl journeymanwireman journeywireman insidewireman wireman \
             journeymaninsidewireman insidejourneymanwireman journeymanlineman lineman \
             journeymanelectrician journeyworker journeyperson journeylevel jrnymn"
        }
        C::Foreman => "generalforeman foreperson gf fm foremanwireman",
        C::Retiree => "retired pensioner pensioned retiredmember",
        C::Honorary => "honorarymember honourary hon",
    };
    let apprentice = year_of_apprenticeship(&name);
    C::ALL
        .into_iter()
        .find(|class| {
            let names = names(*class);
            bare(class.as_str()) == name
                || if class.as_str().starts_with("apprentice") {
                    apprentice.is_some_and(|year| listed(names, year))
                } else {
                    listed(names, &name)
                }
        })
        .map_or_else(|| C::parse(text), Ok)
}

/// What is left of `1st Year Apprentice`, `Apprentice 1` or `Appr. Yr 1` when the words are taken away.
fn year_of_apprenticeship(name: &str) -> Option<&str> {
    const WORDS: [&str; 5] = ["apprenticewireman", "apprentice", "appr", "app", "ap"];
    let word = WORDS.into_iter().find(|word| name.contains(word))?;
    let (before, after) = name.split_once(word)?;
    let rest = match (before, after) {
        ("", rest) | (rest, "") => rest,
        (_, _) => return None,
    };
    let rest = ["year", "yr"].into_iter().fold(rest, |rest, word| {
        rest.trim_start_matches(word).trim_end_matches(word)
    });
    (!rest.is_empty()).then_some(rest)
}
