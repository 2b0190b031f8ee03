//! The rules of the benevolence fund, and from which day they hold.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, post};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use unionhall_application::StoredAnswer;
use unionhall_domain::{
    benevolence::{Caps, Naming, Reason, RuleBook, Rules, RulesVersion, Thresholds},
    money::Amount,
    users::UserId,
};
use utoipa::ToSchema;

use super::{
    super::{
        choices::NamingName,
        docs::{self, Listed, NewTerms},
        routes::Routes,
        shown::Shown,
    },
    file::whole,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    fields::{Input, Reader, Unknown, date},
    paging::PageView,
    problem::Problem,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<TermsView>()
        .schema::<RulesView>()
        .add(list)
        .add(set);
}

/// What a tenant decides about its fund.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceTerms)]
pub(super) struct TermsView {
    /// Below this, one level is enough.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$", example = "500.00")]
    one_level_below: Shown<Amount>,
    /// Below this, two levels are enough.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$", example = "2000.00")]
    two_levels_below: Shown<Amount>,
    /// Below this, three levels are enough; from it on it takes all four.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$", example = "5000.00")]
    three_levels_below: Shown<Amount>,
    /// What stays in the fund, whatever is granted.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    reserve: Shown<Amount>,
    /// What one member may be granted in a calendar year, for all reasons together; null for no cap.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    cap_per_member: Option<Shown<Amount>>,
    /// The same for medical needs.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    cap_medical: Option<Shown<Amount>>,
    /// The same after a death in the family.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    cap_death_in_family: Option<Shown<Amount>>,
    /// The same for hardship.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    cap_hardship: Option<Shown<Amount>>,
    /// The same after a disaster.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    cap_disaster: Option<Shown<Amount>>,
    /// The same for any other reason.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    cap_other: Option<Shown<Amount>>,
    /// What reviewers see before they decide.
    #[schema(value_type = NamingName)]
    naming: &'static str,
}

/// Rules with the day from which they hold.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceRules)]
struct RulesView {
    /// The first day on which they hold.
    #[schema(value_type = String, format = Date)]
    effective_from: Shown<Date>,
    /// The rules.
    rules: TermsView,
    /// The user who set them.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    set_by: Option<Shown<UserId>>,
    /// When they were set.
    #[schema(value_type = String, format = DateTime)]
    set_at: Shown<Timestamp>,
}

/// Rules to hold from a day on.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = SetBenevolenceRules,
    example = json!({
        "effective_from": "2027-01-01", "one_level_below": "500.00", "two_levels_below": "2000.00",
        "three_levels_below": "5000.00", "reserve": "1000.00", "cap_per_member": "3000.00",
        "naming": "need_first"
    })
)]
struct SetRulesBody {
    /// The first day on which they hold: today, if no others begin today, or later.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    effective_from: Input,
    /// Below this, one level is enough.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    one_level_below: Input,
    /// Below this, two levels are enough; not less than the one before.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    two_levels_below: Input,
    /// Below this, three levels are enough; not less than the one before. From it on it takes all four.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    three_levels_below: Input,
    /// What stays in the fund, whatever is granted; nothing when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    reserve: Input,
    /// What one member may be granted in a calendar year, for all reasons together; no cap when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    cap_per_member: Input,
    /// The same for medical needs.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    cap_medical: Input,
    /// The same after a death in the family.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    cap_death_in_family: Input,
    /// The same for hardship.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    cap_hardship: Input,
    /// The same after a disaster.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    cap_disaster: Input,
    /// The same for any other reason.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    cap_other: Input,
    /// What reviewers see before they decide; everything when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<NamingName>)]
    naming: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl SetRulesBody {
    /// The day and the rules, or every field that is wrong.
    fn command(self) -> Result<(Date, Rules), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let from = reader.required("effective_from", self.effective_from, date);
        let one = reader.required("one_level_below", self.one_level_below, Amount::parse);
        let two = reader.required("two_levels_below", self.two_levels_below, Amount::parse);
        let three = reader.required("three_levels_below", self.three_levels_below, Amount::parse);
        let reserve = reader.optional("reserve", self.reserve, Amount::parse);
        let per_member = reader.optional("cap_per_member", self.cap_per_member, Amount::parse);
        let caps = [
            (Reason::Medical, "cap_medical", self.cap_medical),
            (
                Reason::DeathInFamily,
                "cap_death_in_family",
                self.cap_death_in_family,
            ),
            (Reason::Hardship, "cap_hardship", self.cap_hardship),
            (Reason::Disaster, "cap_disaster", self.cap_disaster),
            (Reason::Other, "cap_other", self.cap_other),
        ];
        let mut per_reason = BTreeMap::new();
        for (reason, name, input) in caps {
            if let Some(cap) = reader.optional(name, input, Amount::parse) {
                per_reason.insert(reason, cap);
            }
        }
        let naming = reader.optional("naming", self.naming, Naming::parse);
        let thresholds = one
            .zip(two)
            .zip(three)
            .and_then(|((one, two), three)| bounds(&mut reader, one, two, three));
        let rules = thresholds.map(|thresholds| Rules {
            thresholds,
            reserve: reserve.unwrap_or(Amount::ZERO),
            caps: Caps {
                per_member,
                per_reason,
            },
            naming: naming.unwrap_or(Naming::Shown),
        });
        reader.finish(from.zip(rules))
    }
}

fn bounds(reader: &mut Reader, one: Amount, two: Amount, three: Amount) -> Option<Thresholds> {
    // The field that is named is the first that is below the one before it.
    let name = if one > two {
        "two_levels_below"
    } else {
        "three_levels_below"
    };
    Thresholds::new(one, two, three)
        .map_err(|invalid| reader.wrong(name, invalid))
        .ok()
}

/// Lists every version of the rules, the earliest first, all on one page: there are at most 500.
///
/// Before the first one the usual rules hold: one level under 500, two under 2,000, three under 5,000, else four; no
/// reserve, no caps, and names shown.
#[utoipa::path(
    operation_id = "benevolence_rules",
    tag = "benevolence",
    responses(Listed<RulesView>)
)]
#[get("/rules")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let book = caller
        .look(|application, call| application.benevolence.rules(call))
        .await?;
    Ok(whole(book.versions().iter().map(RulesView::from)))
}

/// Sets the rules from a day on, and lists every version.
///
/// Rules that begin on the same later day are replaced. What was handed in keeps the ladder it was handed in under.
#[utoipa::path(
    operation_id = "benevolence_set_rules",
    tag = "benevolence",
    params(NewTerms),
    request_body = SetRulesBody,
    responses(Set)
)]
#[post("/rules")]
async fn set(caller: Caller, body: Body<SetRulesBody>) -> Result<HttpResponse, Problem> {
    let (from, rules) = body.parse()?.command()?;
    caller
        .change(body.bytes(), listed, move |application, call| {
            application.benevolence.set_rules(call, from, rules)
        })
        .await
}

fn listed(_: &Rendering, book: &RuleBook) -> StoredAnswer {
    let items: Vec<_> = book.versions().iter().map(RulesView::from).collect();
    let page = PageView {
        items,
        next_cursor: None,
        total: None,
    };
    answer::ok(&page, None)
}

impl From<&Rules> for TermsView {
    fn from(rules: &Rules) -> Self {
        let Rules {
            thresholds,
            reserve,
            caps,
            naming,
        } = rules;
        let [one, two, three] = thresholds.bounds();
        let Caps {
            per_member,
            per_reason,
        } = caps;
        let cap = |reason| per_reason.get(&reason).copied().map(Shown);
        Self {
            one_level_below: Shown(one),
            two_levels_below: Shown(two),
            three_levels_below: Shown(three),
            reserve: Shown(*reserve),
            cap_per_member: per_member.map(Shown),
            cap_medical: cap(Reason::Medical),
            cap_death_in_family: cap(Reason::DeathInFamily),
            cap_hardship: cap(Reason::Hardship),
            cap_disaster: cap(Reason::Disaster),
            cap_other: cap(Reason::Other),
            naming: naming.as_str(),
        }
    }
}

impl From<&RulesVersion> for RulesView {
    fn from(version: &RulesVersion) -> Self {
        let RulesVersion {
            effective_from,
            rules,
            set_by,
            set_at,
        } = version;
        Self {
            effective_from: Shown(*effective_from),
            rules: TermsView::from(rules),
            set_by: set_by.map(Shown),
            set_at: Shown(*set_at),
        }
    }
}

/// The answers to a change of the rules, for the document.
struct Set(());

impl utoipa::IntoResponses for Set {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<RulesView>::responses();
        responses.extend(docs::problems(&[409, 413, 415, 422]));
        responses
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn set(body: Value) -> Result<(Date, Rules), Problem> {
        serde_json::from_value::<SetRulesBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn bounds_are_given_and_the_rest_is_as_usual() {
        let (_, rules) = set(json!({
            "effective_from": "2027-01-01", "one_level_below": "500", "two_levels_below": "2000",
            "three_levels_below": "5000"
        }))
        .unwrap();
        assert_eq!(rules, Rules::default_rules());
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let wrong = set(json!({
            "one_level_below": "5", "two_levels_below": "4", "three_levels_below": "6",
            "cap_other": "much", "naming": "never", "quorum": 3
        }));
        let expected = [
            "/quorum unknown_field",
            "/effective_from required",
            "/cap_other not_an_amount",
            "/naming unknown_value",
            "/two_levels_below not_ascending",
        ];
        assert_eq!(told(wrong), expected);
    }
}
