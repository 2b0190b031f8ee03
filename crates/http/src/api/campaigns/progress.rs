//! How far a campaign has come, over HTTP.

use actix_web::{HttpResponse, get};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_application::{
    SaltingTally,
    campaigns::{CampaignError, CampaignProgress, TargetProgress},
};
use unionhall_domain::{
    campaigns::{CampaignId, Share, majority, showing_of_interest},
    headcounts::Headcount,
    organizations::OrganizationId,
    salting_scores::{SaltingScore, SaltingScoreEntry},
};
use utoipa::ToSchema;

use super::super::{
    choices::SaltingScoreMeaningName,
    docs::{self, RecordId},
    routes::Routes,
    salting_activities::{SaltingTallyView, TallyOfMonthView},
    shown::Shown,
};
use crate::web::{answer, caller::Caller, problem::Problem};

/// The route.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<CampaignProgressView>().add(progress);
}

/// Works out how far a campaign has come.
///
/// The counts are sums of what activities report, and tell nobody apart: who was contacted twice is counted twice, and
/// so is a card that was reported twice. The unit is what somebody estimated. Percentages are cards × 100 / unit, or
/// goal, to one decimal place, rounded down. Two figures are for reference, and no legal advice: 30 percent of the
/// unit, rounded up, which the NLRB takes as a showing of interest (29 U.S.C. § 159(c)(1)(A), 29 CFR 101.18(a)), and
/// more than half of it (29 U.S.C. § 159(a)).
#[utoipa::path(
    operation_id = "campaigns_progress",
    tag = "campaigns",
    params(RecordId),
    responses(ProgressAnswer)
)]
#[get("/{id}/progress")]
async fn progress(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("campaign")?;
    let body = caller
        .read(move |application, call| {
            let found = application.campaigns.progress(call, id)?;
            let shown =
                |found: CampaignProgress| answer::bytes(&CampaignProgressView::from(&found));
            Ok::<_, CampaignError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// The answers, for the document.
struct ProgressAnswer(());

impl utoipa::IntoResponses for ProgressAnswer {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<CampaignProgressView>("How far it has come.");
        docs::with_problems("200", answer, &[400, 401, 403, 404, 503])
    }
}

/// How far a campaign has come. Counts are as reported: contacts and cards, not people.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignProgress)]
struct CampaignProgressView {
    /// The campaign.
    #[schema(value_type = String, format = "uuid")]
    campaign_id: Shown<CampaignId>,
    /// The hall's day on which this was worked out.
    #[schema(value_type = String, format = Date)]
    as_of: Shown<Date>,
    /// All activities of the campaign.
    total: SaltingTallyView,
    /// Each employer.
    targets: Vec<TargetProgressView>,
    /// Each month with any activity, earliest first.
    months: Vec<TallyOfMonthView>,
}

/// How far a campaign has come at one employer.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignTargetProgress)]
struct TargetProgressView {
    /// The employer.
    #[schema(value_type = String, format = "uuid")]
    organization_id: Shown<OrganizationId>,
    /// The activities of the campaign there.
    tally: SaltingTallyView,
    /// How many workers the unit is thought to have; null when nobody has said.
    #[schema(required = true)]
    unit_size: Option<u32>,
    /// How many cards are to be signed; null when nobody has said.
    #[schema(required = true)]
    cards_goal: Option<u32>,
    /// Cards × 100 / goal, rounded down; null without a goal.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]$", example = "44.4")]
    percent_of_goal: Option<Shown<Share>>,
    /// Cards × 100 / unit, rounded down; null without a unit. More than 100 says that cards were reported twice, or
    /// that the unit is larger than was thought.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]$", example = "36.3")]
    percent_of_unit: Option<Shown<Share>>,
    /// 30 percent of the unit: the showing of interest for an election under section 9(c) of the NLRA.
    #[schema(required = true)]
    showing_of_interest: Option<FigureView>,
    /// More than half of the unit, as in section 9(a) of the NLRA.
    #[schema(required = true)]
    majority: Option<FigureView>,
    /// How the employer was judged over time, earliest first: the last fifty entries.
    scores: Vec<ScoreAtView>,
}

/// A figure that cards are held against.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignFigure)]
struct FigureView {
    /// How many cards it takes.
    cards: u32,
    /// Whether so many are reported.
    reached: bool,
}

/// How an employer was judged from an instant on.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignScore)]
struct ScoreAtView {
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    set_at: Shown<Timestamp>,
    /// From 1 to 5; null where an earlier one was taken back.
    #[schema(value_type = Option<u8>, required = true, minimum = 1, maximum = 5)]
    score: Option<i16>,
    /// What the score means; null when there is none.
    #[schema(value_type = Option<SaltingScoreMeaningName>, required = true)]
    meaning: Option<&'static str>,
}

impl From<&CampaignProgress> for CampaignProgressView {
    fn from(found: &CampaignProgress) -> Self {
        let CampaignProgress {
            campaign,
            as_of,
            total,
            targets,
            months,
        } = found;
        Self {
            campaign_id: Shown(campaign.id),
            as_of: Shown(*as_of),
            total: total.into(),
            targets: targets.iter().map(TargetProgressView::from).collect(),
            months: months.iter().map(TallyOfMonthView::from).collect(),
        }
    }
}

impl From<&TargetProgress> for TargetProgressView {
    fn from(found: &TargetProgress) -> Self {
        let TargetProgress {
            target,
            tally,
            scores,
        } = found;
        let (unit, goal) = (target.unit_size(), target.cards_goal());
        let share = |whole: Option<Headcount>| {
            let whole = whole?.get().into();
            Share::of(tally.cards_signed, whole).map(Shown)
        };
        Self {
            organization_id: Shown(target.organization()),
            tally: tally.into(),
            unit_size: unit.map(Headcount::get),
            cards_goal: goal.map(Headcount::get),
            percent_of_goal: share(goal),
            percent_of_unit: share(unit),
            showing_of_interest: unit.map(|unit| figure(showing_of_interest(unit), tally)),
            majority: unit.map(|unit| figure(majority(unit), tally)),
            scores: scores.iter().map(ScoreAtView::from).collect(),
        }
    }
}

fn figure(cards: u32, tally: &SaltingTally) -> FigureView {
    FigureView {
        cards,
        reached: tally.cards_signed >= cards.into(),
    }
}

impl From<&SaltingScoreEntry> for ScoreAtView {
    fn from(entry: &SaltingScoreEntry) -> Self {
        let score = entry.assessment.score;
        Self {
            set_at: Shown(entry.set_at),
            score: score.map(SaltingScore::number),
            meaning: score.map(SaltingScore::meaning),
        }
    }
}
