//! What can be said of a document.

use serde::Deserialize;
use unionhall_application::documents::NewDocument;
use unionhall_domain::{
    change::Change,
    documents::{
        Document, DocumentChange, DocumentDetails, MOST_TAGS, RecordRef, RecordType, Tag, ordered,
    },
    ids::Id,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use super::super::choices::{DocumentCategoryName, DocumentRecordTypeName};
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// The category of a document of which nothing else is said.
const USUAL: &str = "general";

/// A file, and what is said of it. The file comes last.
#[derive(Deserialize, ToSchema)]
#[schema(as = UploadDocument)]
pub(super) struct UploadDocumentBody {
    /// The type of the record that it belongs to.
    #[serde(default)]
    #[schema(value_type = DocumentRecordTypeName, required = true)]
    record_type: Input,
    /// The record that it belongs to.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    record_id: Input,
    /// Which of the record's papers it is.
    #[serde(default)]
    #[schema(value_type = Option<DocumentCategoryName>)]
    category: Input,
    /// What it is called by the office.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    title: Input,
    /// What is in it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    description: Input,
    /// Words it is found by, each in a field of its own.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    tags: Input,
    /// The last day on which what it says holds.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Input,
    /// The day until which it must be kept, deleted or not.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    keep_until: Input,
    /// The file, with its name.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Binary)]
    #[expect(dead_code, reason = "the file is read apart from the other fields")]
    file: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl UploadDocumentBody {
    /// The document, or every field that is wrong.
    pub(super) fn command(self) -> Result<NewDocument, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let kind = reader.required("record_type", self.record_type, RecordType::parse);
        let id = reader.required("record_id", self.record_id, |text| {
            Id::<Document>::parse(text)
        });
        let category = reader.optional("category", self.category, |text| Ok(text.to_owned()));
        let tags = reader.changed_list("tags", self.tags, MOST_TAGS, Tag::parse);
        let details = DocumentDetails {
            title: reader.optional("title", self.title, Line::parse),
            description: reader.optional("description", self.description, Prose::parse),
            tags: match tags {
                Change::Keep => Vec::new(),
                Change::Set(tags) => ordered(tags),
            },
            expires_on: reader.optional("expires_on", self.expires_on, date),
            keep_until: reader.optional("keep_until", self.keep_until, date),
        };
        let new = kind.zip(id).map(|(kind, id)| NewDocument {
            record: RecordRef::of(kind, id.uuid()),
            category: category.unwrap_or_else(|| USUAL.to_owned()),
            details,
        });
        reader.finish(new)
    }
}

/// Another version of a file.
#[derive(Deserialize, ToSchema)]
#[schema(as = UploadDocumentVersion)]
pub(super) struct UploadVersionBody {
    /// The file, with its name.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Binary)]
    #[expect(dead_code, reason = "the file is read apart from the other fields")]
    file: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl UploadVersionBody {
    /// Goes on if nothing but the file was sent.
    pub(super) fn command(self) -> Result<(), Problem> {
        Reader::new(&self.unknown).finish(Some(()))
    }
}

/// What to change of what is said of a document.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeDocument, example = json!({"title": "Statement of J. Ortiz", "tags": ["witness"]}))]
pub(super) struct ChangeDocumentBody {
    /// What it is called by the office.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    title: Input,
    /// What is in it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    description: Input,
    /// Words it is found by, in place of those before.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    tags: Input,
    /// The last day on which what it says holds.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Input,
    /// The day until which it must be kept, deleted or not.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    keep_until: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeDocumentBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<DocumentChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = DocumentChange {
            title: reader.clearable("title", self.title, Line::parse),
            description: reader.clearable("description", self.description, Prose::parse),
            tags: reader.changed_list("tags", self.tags, MOST_TAGS, Tag::parse),
            expires_on: reader.clearable("expires_on", self.expires_on, date),
            keep_until: reader.clearable("keep_until", self.keep_until, date),
        };
        reader.finish(Some(change))
    }
}

/// Why a document must not go.
#[derive(Deserialize, ToSchema)]
#[schema(as = HoldDocument, example = json!({"reason": "Arbitration of GR-2026-0001"}))]
pub(super) struct HoldDocumentBody {
    /// Why.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 500, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl HoldDocumentBody {
    /// The reason, or what is wrong with it.
    pub(super) fn command(self) -> Result<Line<500>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.required("reason", self.reason, Line::parse);
        reader.finish(reason)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn upload(body: Value) -> Result<NewDocument, Problem> {
        serde_json::from_value::<UploadDocumentBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn a_document_needs_its_record_and_is_general_when_nothing_else_is_said() {
        assert_eq!(
            told(upload(json!({}))),
            ["/record_type required", "/record_id required"]
        );
        let id = "0190ab54-3c2e-7b1a-8f00-3a5d1c9e2b47";
        let new = upload(json!({"record_type": "grievance", "record_id": id, "tags": ["b", "a"]}));
        let new = new.unwrap();
        assert_eq!(new.category, "general");
        assert_eq!(new.record.uuid().to_string(), id);
        assert_eq!(new.details.tags.len(), 2);
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let body = json!({
            "record_type": "planet", "record_id": "x", "title": " ", "description": 1, "tags": ["", "a"],
            "expires_on": "2026-13-01", "keep_until": "soon", "shoe_size": "46"
        });
        let wrong = [
            "/shoe_size unknown_field",
            "/record_type unknown_value",
            "/record_id not_a_uuid",
            "/tags blank",
            "/title blank",
            "/description wrong_type",
            "/expires_on not_a_date",
            "/keep_until not_a_date",
        ];
        assert_eq!(told(upload(body)), wrong);
    }
}
