//! The settings of a school over HTTP.

use actix_web::{HttpResponse, get, patch};
use serde::{Deserialize, Serialize};
use unionhall_application::StoredAnswer;
use unionhall_domain::training_settings::{
    Excused, Grace, Overlaps, TrainingSettings, TrainingSettingsChange,
};
use utoipa::ToSchema;

use super::{
    choices::{ExcusedName, OverlapsName},
    docs::{Changed, Record, Terms},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<TrainingSettingsView>()
        .add(find)
        .add(update);
}

/// Reads what the tenant has decided about its school.
#[utoipa::path(
    operation_id = "training_settings_find",
    tag = "training_settings",
    responses(Record<TrainingSettingsView>)
)]
#[get("")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let settings = caller
        .look(|application, call| application.training_settings.find(call))
        .await?;
    Ok(answer::record(&view(&settings), settings.version))
}

/// Changes what the tenant has decided about its school.
///
/// What was recorded before stays as it was recorded. Attendance rates are worked out with the settings of the moment
/// they are asked for.
#[utoipa::path(
    operation_id = "training_settings_update",
    tag = "training_settings",
    params(Terms),
    request_body = ChangeTrainingSettingsBody,
    responses(Changed<TrainingSettingsView>)
)]
#[patch("")]
async fn update(
    caller: Caller,
    body: Body<ChangeTrainingSettingsBody>,
) -> Result<HttpResponse, Problem> {
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, |application, call| {
            application.training_settings.update(call, wanted)
        })
        .await
}

fn present(_: &Rendering, settings: &TrainingSettings) -> StoredAnswer {
    answer::ok(&view(settings), Some(settings.version))
}

/// What a tenant has decided about its school.
#[derive(Serialize, ToSchema)]
#[schema(as = TrainingSettings)]
struct TrainingSettingsView {
    /// What becomes of a session that would be at the same time as another in its room, of its instructor or of one of
    /// its students.
    #[schema(value_type = OverlapsName)]
    overlaps: &'static str,
    /// Up to how many minutes after the start somebody is in time.
    #[schema(maximum = 120)]
    late_after_minutes: u8,
    /// Up to how many minutes before the end somebody may go.
    #[schema(maximum = 120)]
    left_early_before_minutes: u8,
    /// How excused absence counts in the attendance rate.
    #[schema(value_type = ExcusedName)]
    excused: &'static str,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
}

const fn view(settings: &TrainingSettings) -> TrainingSettingsView {
    TrainingSettingsView {
        overlaps: settings.overlaps.as_str(),
        late_after_minutes: settings.late_after.get(),
        left_early_before_minutes: settings.left_early_before.get(),
        excused: settings.excused.as_str(),
        version: settings.version.get(),
    }
}

/// What to change of the settings.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeTrainingSettings, example = json!({"late_after_minutes": 5, "excused": "absent"}))]
struct ChangeTrainingSettingsBody {
    /// What becomes of overlaps.
    #[serde(default)]
    #[schema(value_type = OverlapsName)]
    overlaps: Input,
    /// Up to how many minutes after the start somebody is in time.
    #[serde(default)]
    #[schema(value_type = u8, minimum = 0, maximum = 120)]
    late_after_minutes: Input,
    /// Up to how many minutes before the end somebody may go.
    #[serde(default)]
    #[schema(value_type = u8, minimum = 0, maximum = 120)]
    left_early_before_minutes: Input,
    /// How excused absence counts in the attendance rate.
    #[serde(default)]
    #[schema(value_type = ExcusedName)]
    excused: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeTrainingSettingsBody {
    /// The change, or every field that is wrong.
    fn command(self) -> Result<TrainingSettingsChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = TrainingSettingsChange {
            overlaps: reader.change("overlaps", self.overlaps, Overlaps::parse),
            late_after: reader.changed_number(
                "late_after_minutes",
                self.late_after_minutes,
                Grace::new,
            ),
            left_early_before: reader.changed_number(
                "left_early_before_minutes",
                self.left_early_before_minutes,
                Grace::new,
            ),
            excused: reader.change("excused", self.excused, Excused::parse),
        };
        reader.finish(Some(change))
    }
}
