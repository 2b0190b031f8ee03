//! What the sides put forward: drafts until they are signed off, and never changed after.

use jiff::Timestamp;

use super::{MOST_STATEMENTS, MeetingAction, Party, StepMeeting};
use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    invalid::{FieldError, Invalid},
    refused::Refused,
    text::{Line, Prose},
    users::UserId,
};

/// The id of a [`Statement`].
pub type StatementId = Id<Statement>;

/// What one side put forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its id.
    pub id: StatementId,
    /// Whose it is.
    pub party: Party,
    /// Who made it.
    pub made_by: Line<200>,
    /// When it was made.
    pub made_at: Timestamp,
    /// The words.
    pub text: Prose<20_000>,
    /// The signed statement that this one corrects, if any.
    pub corrects: Option<StatementId>,
    /// The user who wrote it down; none for the operator.
    pub written_by: Option<UserId>,
    /// When and by whom it was signed off; a draft until then.
    pub signature: Option<Signature>,
    /// When it was written down.
    pub created_at: Timestamp,
}

/// That somebody stands for the words as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// When.
    pub at: Timestamp,
    /// Who; none for the operator.
    pub by: Option<UserId>,
}

/// A statement to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatement {
    /// Whose it is.
    pub party: Party,
    /// Who made it.
    pub made_by: Line<200>,
    /// When it was made; now when nothing is said.
    pub made_at: Option<Timestamp>,
    /// The words.
    pub text: Prose<20_000>,
    /// The signed statement that it corrects.
    pub corrects: Option<StatementId>,
    /// Whether it is signed off at once.
    pub signs: bool,
}

/// A partial change of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatementChange {
    /// Who made it.
    pub made_by: Change<Line<200>>,
    /// When.
    pub made_at: Change<Timestamp>,
    /// The words.
    pub text: Change<Prose<20_000>>,
}

/// Why a statement cannot be written or changed so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementRefusal {
    /// The meeting or the statement does not allow it.
    Refused(Refused),
    /// Fields are wrong.
    Invalid(Vec<FieldError>),
    /// The meeting has no such statement.
    Unknown,
}

impl From<Refused> for StatementRefusal {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl Statement {
    /// Whether it is signed off.
    pub const fn status(&self) -> &'static str {
        match self.signature {
            Some(_) => "signed",
            None => "draft",
        }
    }

    /// The statement as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        vec![
            ("party", Some(self.party.as_str().to_owned())),
            ("made_by", Some(self.made_by.to_string())),
            ("made_at", Some(self.made_at.to_string())),
            ("text", Some(self.text.to_string())),
            ("corrects_id", self.corrects.map(|id| id.to_string())),
            ("status", Some(self.status().to_owned())),
        ]
    }

    fn as_draft(&self, action: &'static str) -> Result<(), Refused> {
        match self.signature {
            None => Ok(()),
            Some(_) => Err(Refused {
                what: "a statement",
                status: self.status(),
                action,
                allowed: vec!["correct"],
            }),
        }
    }
}

impl StepMeeting {
    /// The statement with this id.
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.id == id)
    }

    /// A statement of this meeting, as it is to be written down.
    ///
    /// # Errors
    /// [`StatementRefusal`]: the meeting was called off or is full; the time lies in the future; what it corrects is
    /// no signed statement of the same side on this meeting.
    pub fn stated(
        &self,
        id: StatementId,
        new: NewStatement,
        by: Option<UserId>,
        now: Timestamp,
    ) -> Result<Statement, StatementRefusal> {
        self.permit(MeetingAction::State)?;
        let made_at = new.made_at.unwrap_or(now);
        let mut errors = Vec::new();
        let mut wrong =
            |field, code, detail: &str| errors.push(Invalid::new(code, detail).at(field));
        if self.statements.len() >= MOST_STATEMENTS {
            wrong(
                "text",
                "too_many",
                "the meeting holds 50 statements already",
            );
        }
        if made_at > now {
            wrong("made_at", "in_the_future", "must not be in the future");
        }
        if let Some(corrected) = new.corrects {
            match self.statement(corrected) {
                Some(found) if found.party != new.party => {
                    wrong(
                        "corrects_id",
                        "other_side",
                        "is a statement of the other side",
                    );
                }
                Some(found) if found.signature.is_none() => {
                    wrong(
                        "corrects_id",
                        "not_signed",
                        "is a draft, which can be changed",
                    );
                }
                Some(_) => {}
                None => wrong(
                    "corrects_id",
                    "unknown_statement",
                    "is no statement of this meeting",
                ),
            }
        }
        if !errors.is_empty() {
            return Err(StatementRefusal::Invalid(errors));
        }
        Ok(Statement {
            id,
            party: new.party,
            made_by: new.made_by,
            made_at,
            text: new.text,
            corrects: new.corrects,
            written_by: by,
            signature: new.signs.then_some(Signature { at: now, by }),
            created_at: now,
        })
    }

    /// A draft of this meeting, changed.
    ///
    /// # Errors
    /// [`StatementRefusal`]: there is none, or it is signed off, or the time lies in the future.
    pub fn redrafted(
        &self,
        id: StatementId,
        change: StatementChange,
        now: Timestamp,
    ) -> Result<Statement, StatementRefusal> {
        let mut draft = self.statement(id).ok_or(StatementRefusal::Unknown)?.clone();
        self.permit(MeetingAction::State)?;
        draft.as_draft("update")?;
        let StatementChange {
            made_by,
            made_at,
            text,
        } = change;
        made_by.apply(&mut draft.made_by);
        made_at.apply(&mut draft.made_at);
        text.apply(&mut draft.text);
        if draft.made_at > now {
            let invalid = Invalid::new("in_the_future", "must not be in the future");
            return Err(StatementRefusal::Invalid(vec![invalid.at("made_at")]));
        }
        Ok(draft)
    }

    /// A draft of this meeting, signed off.
    ///
    /// # Errors
    /// [`StatementRefusal`]: there is none, or it is signed off already.
    pub fn signed(
        &self,
        id: StatementId,
        signature: Signature,
    ) -> Result<Statement, StatementRefusal> {
        let draft = self.statement(id).ok_or(StatementRefusal::Unknown)?;
        self.permit(MeetingAction::State)?;
        draft.as_draft("sign")?;
        Ok(Statement {
            signature: Some(signature),
            ..draft.clone()
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        grievances::Step,
        step_meetings::{Agenda, MeetingState},
        version::Version,
    };

    fn id<T>(number: u128) -> Id<T> {
        Id::new(Uuid::from_u128(number))
    }

    pub(in crate::step_meetings) fn meeting() -> StepMeeting {
        StepMeeting {
            id: id(1),
            grievance: id(2),
            step: Step::Step1,
            agenda: Agenda {
                starts_at: Timestamp::UNIX_EPOCH,
                place: None,
                notes: None,
                record: None,
                attendees: Vec::new(),
            },
            state: MeetingState::Planned,
            statements: Vec::new(),
            version: Version::FIRST,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn new(party: Party, corrects: Option<StatementId>) -> NewStatement {
        NewStatement {
            party,
            made_by: Line::parse("B. Ohm").unwrap(),
            made_at: None,
            text: Prose::parse("The list was followed.").unwrap(),
            corrects,
            signs: corrects.is_none(),
        }
    }

    #[test]
    fn a_signed_statement_is_never_changed_and_a_correction_is_a_new_one_of_the_same_side() {
        let (now, mut meeting) = (Timestamp::UNIX_EPOCH, meeting());
        let signed = meeting
            .stated(id(10), new(Party::Employer, None), None, now)
            .unwrap();
        meeting.statements.push(signed);
        let change = meeting.redrafted(id(10), StatementChange::default(), now);
        assert!(
            matches!(change, Err(StatementRefusal::Refused(refused)) if refused.allowed == ["correct"])
        );
        let signature = Signature { at: now, by: None };
        assert!(matches!(
            meeting.signed(id(10), signature),
            Err(StatementRefusal::Refused(_))
        ));
        let code = |party, corrects| match meeting.stated(id(11), new(party, corrects), None, now) {
            Err(StatementRefusal::Invalid(errors)) => Some(errors[0].invalid.code),
            Ok(_) | Err(StatementRefusal::Refused(_) | StatementRefusal::Unknown) => None,
        };
        assert_eq!(code(Party::Employer, Some(id(10))), None);
        assert_eq!(code(Party::Union, Some(id(10))), Some("other_side"));
        assert_eq!(code(Party::Union, Some(id(9))), Some("unknown_statement"));
        let draft = meeting
            .stated(id(11), new(Party::Employer, Some(id(10))), None, now)
            .unwrap();
        meeting.statements.push(draft);
        assert_eq!(
            meeting.signed(id(11), signature).unwrap().signature,
            Some(signature)
        );
        assert_eq!(
            meeting.signed(id(12), signature),
            Err(StatementRefusal::Unknown)
        );
    }
}
