//! Changes of many records at once over HTTP: how the records are named, and an answer for each.

use serde::{Deserialize, Serialize};
use unionhall_application::{batches::Answered, error::Coded};
use unionhall_domain::{
    batches::{Batch, Meant},
    ids::Id,
    invalid::{FieldError, Invalid},
    version::Version,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{docs, shown::Shown};
use crate::web::fields::{Input, Reader, Unknown};

/// How many records one request may name.
pub(super) const MOST: usize = Batch::<()>::MOST;

/// A record that is meant.
#[derive(Deserialize, ToSchema)]
#[schema(as = Meant)]
pub(super) struct MeantBody {
    /// Which one.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    id: Input,
    /// The version that was seen: a record that has another by now is left as it is. Any when absent.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1)]
    version: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Reads the records that are meant, 1 to 100 of them, each once.
pub(super) fn meant<T>(
    reader: &mut Reader,
    name: &'static str,
    records: Input,
) -> Option<Batch<T>> {
    let read = |body: MeantBody, reader: &mut Reader| {
        reader.refuse(&body.unknown);
        let id = reader.required("id", body.id, Id::parse);
        let version = reader.whole_number("version", body.version, |number| {
            let wrong = || Invalid::new("out_of_range", "must be 1 or more");
            Version::new(number).ok_or_else(wrong)
        });
        Some(Meant { id: id?, version })
    };
    let records = reader.objects(name, records, MOST, read)?;
    Batch::parse(records)
        .map_err(|invalid| reader.wrong(name, invalid))
        .ok()
}

/// What became of many records.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchAnswers)]
pub(super) struct BatchView {
    /// How many are as they were to be.
    #[schema(minimum = 0)]
    done: usize,
    /// How many were left as they were.
    #[schema(minimum = 0)]
    refused: usize,
    /// An answer for each, in the order of the request.
    answers: Vec<BatchAnswerView>,
}

/// What became of one of them.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchAnswer)]
struct BatchAnswerView {
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<Uuid>,
    /// Its version now; null when it was refused.
    #[schema(required = true, minimum = 1)]
    version: Option<i64>,
    /// Why it was left as it was; null when it was not.
    #[schema(required = true)]
    refusal: Option<BatchRefusalView>,
}

/// Why a record was left as it was.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchRefusal)]
pub(super) struct BatchRefusalView {
    /// The code of the problem, as a change of the one record would answer it.
    #[schema(example = "stale")]
    code: &'static str,
    /// A sentence for people.
    detail: String,
    /// The fields that are wrong, each with its place in the body of the request; none where the reason is another.
    errors: Vec<BatchFieldView>,
}

/// A field that is wrong for one of many records.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchField)]
struct BatchFieldView {
    /// The field.
    #[schema(value_type = String, example = "/end_date")]
    pointer: String,
    /// What is wrong, as a word for programs.
    #[schema(example = "before_start")]
    code: &'static str,
    /// What is wrong, for people.
    detail: String,
}

impl From<&FieldError> for BatchFieldView {
    fn from(error: &FieldError) -> Self {
        let FieldError { field, invalid } = error;
        Self {
            pointer: format!("/{field}"),
            code: invalid.code,
            detail: invalid.detail.clone(),
        }
    }
}

impl BatchView {
    /// The answers, with the version of each record that was not refused.
    pub(super) fn of<T, E: Coded>(
        answers: &[Answered<T, E>],
        version: impl Fn(&T) -> Version,
    ) -> Self {
        let done = answers.iter().filter(|one| one.outcome.is_ok()).count();
        let answer = |Answered { id, outcome }: &Answered<T, E>| BatchAnswerView {
            id: Shown(id.uuid()),
            version: outcome.as_ref().ok().map(|record| version(record).get()),
            refusal: outcome.as_ref().err().map(BatchRefusalView::of),
        };
        Self {
            done,
            refused: answers.len().saturating_sub(done),
            answers: answers.iter().map(answer).collect(),
        }
    }
}

impl BatchRefusalView {
    /// What a change of the one record would have answered.
    pub(super) fn of(error: &impl Coded) -> Self {
        Self {
            code: error.code().as_str(),
            detail: error.to_string(),
            errors: error.fields().iter().map(BatchFieldView::from).collect(),
        }
    }
}

/// `200` with an answer for each record.
pub(super) struct Many(());

impl utoipa::IntoResponses for Many {
    fn responses() -> docs::Responses {
        let answer = docs::changed(docs::shows::<BatchView>("An answer for each."));
        docs::with_problems("200", answer, &[400, 401, 403, 409, 413, 415, 422, 503])
    }
}
