//! How SALTing scores are shown.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_domain::{
    organizations::OrganizationId,
    salting_scores::{Assessment, SaltingScore, SaltingScoreEntry},
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{choices::SaltingScoreMeaningName, shown::Shown};

/// How an organization is judged to stand towards the union at present.
#[derive(Serialize, ToSchema)]
#[schema(as = SaltingScore)]
pub(super) struct SaltingScoreView<'a> {
    /// The organization.
    #[schema(value_type = String, format = "uuid")]
    organization_id: Shown<OrganizationId>,
    /// From 1 to 5; null when it is not judged.
    #[schema(value_type = Option<u8>, required = true, minimum = 1, maximum = 5)]
    score: Option<i16>,
    /// What the score means; null when there is none.
    #[schema(value_type = Option<SaltingScoreMeaningName>, required = true)]
    meaning: Option<&'static str>,
    /// Why it is this score; null when nobody has judged.
    #[schema(required = true)]
    reason: Option<&'a str>,
    /// What else is to be known.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// The user who judged; null when nobody has, or whoever hosts the installation did.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    set_by: Option<Shown<UserId>>,
    /// When; null when nobody has judged.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    set_at: Option<Shown<Timestamp>>,
    /// Counts the entries of the history; null when there are none.
    #[schema(required = true, minimum = 1)]
    version: Option<i64>,
}

/// One entry of the history of an organization's score.
#[derive(Serialize, ToSchema)]
#[schema(as = SaltingScoreEntry)]
pub(super) struct SaltingScoreEntryView<'a> {
    /// The organization that it was said of: another one where that was merged into the one that is asked about.
    #[schema(value_type = String, format = "uuid")]
    organization_id: Shown<OrganizationId>,
    /// Its place in the history of that organization, from 1.
    #[schema(minimum = 1)]
    version: i64,
    /// From 1 to 5; null where an earlier one was taken back.
    #[schema(value_type = Option<u8>, required = true, minimum = 1, maximum = 5)]
    score: Option<i16>,
    /// What the score means; null when there is none.
    #[schema(value_type = Option<SaltingScoreMeaningName>, required = true)]
    meaning: Option<&'static str>,
    /// Why it was this score.
    reason: &'a str,
    /// What else was to be known.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// The user who judged; null for whoever hosts the installation.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    set_by: Option<Shown<UserId>>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    set_at: Shown<Timestamp>,
}

impl<'a> SaltingScoreView<'a> {
    /// An organization's newest entry, or that there is none.
    pub(super) fn new(organization: OrganizationId, newest: Option<&'a SaltingScoreEntry>) -> Self {
        let newest = newest.map(SaltingScoreEntryView::from);
        let newest = newest.as_ref();
        Self {
            organization_id: Shown(organization),
            score: newest.and_then(|entry| entry.score),
            meaning: newest.and_then(|entry| entry.meaning),
            reason: newest.map(|entry| entry.reason),
            notes: newest.and_then(|entry| entry.notes),
            set_by: newest.and_then(|entry| entry.set_by),
            set_at: newest.map(|entry| entry.set_at),
            version: newest.map(|entry| entry.version),
        }
    }
}

impl<'a> From<&'a SaltingScoreEntry> for SaltingScoreEntryView<'a> {
    fn from(entry: &'a SaltingScoreEntry) -> Self {
        let SaltingScoreEntry {
            id: _,
            organization,
            version,
            assessment,
            set_by,
            set_at,
        } = entry;
        let Assessment {
            score,
            reason,
            notes,
        } = assessment;
        Self {
            organization_id: Shown(*organization),
            version: version.get(),
            score: score.map(SaltingScore::number),
            meaning: score.map(SaltingScore::meaning),
            reason: reason.as_str(),
            notes: notes.as_ref().map(|text| text.as_str()),
            set_by: set_by.map(Shown),
            set_at: Shown(*set_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unionhall_domain::{ids::Id, text::Prose, version::Version};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_score_shows_its_number_and_what_it_means_and_none_shows_nothing() {
        let entry = SaltingScoreEntry {
            id: Id::new(Uuid::from_u128(1)),
            organization: Id::new(Uuid::from_u128(2)),
            version: Version::FIRST.next(),
            assessment: Assessment {
                score: Some(SaltingScore::Receptive),
                reason: Prose::parse("He called.").unwrap(),
                notes: None,
            },
            set_by: Some(Id::new(Uuid::from_u128(3))),
            set_at: "2026-11-21T08:00:00Z".parse().unwrap(),
        };
        let row = json!({
            "organization_id": "00000000-0000-0000-0000-000000000002", "version": 2, "score": 4,
            "meaning": "receptive", "reason": "He called.", "notes": null,
            "set_by": "00000000-0000-0000-0000-000000000003", "set_at": "2026-11-21T08:00:00Z"
        });
        let shown = serde_json::to_value(SaltingScoreEntryView::from(&entry)).unwrap();
        assert_eq!(shown, row);
        let shown = SaltingScoreView::new(entry.organization, Some(&entry));
        assert_eq!(serde_json::to_value(shown).unwrap(), row);
        let nothing = SaltingScoreView::new(entry.organization, None);
        assert_eq!(
            serde_json::to_value(nothing).unwrap(),
            json!({
                "organization_id": "00000000-0000-0000-0000-000000000002", "score": null,
                "meaning": null, "reason": null, "notes": null, "set_by": null, "set_at": null,
                "version": null
            })
        );
    }
}
