//! How an invitation is shown: to the tenant, and to whoever was invited.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::{
    error::Coded,
    invitations::{Answered, InvitationError, answering::Welcome},
};
use unionhall_domain::{
    invalid::FieldError,
    invitations::{Guest, Invitation, InvitationId, State, Tally},
    members::MemberId,
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{InvitationActionName, InvitationStatusName, RoleName},
    shown::Shown,
    users::views::HeldRoleView,
};

/// An invitation, as the tenant sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(super) struct InvitationView<'a> {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<InvitationId>,
    /// Where it was mailed.
    #[schema(format = Email)]
    email: &'a str,
    /// What became of it.
    #[schema(value_type = InvitationStatusName)]
    status: &'static str,
    /// The roles that the person will hold, from the most to the least powerful.
    roles: Vec<HeldRoleView>,
    /// Given name, if it was filled in.
    #[schema(required = true)]
    first_name: Option<&'a str>,
    /// Family name, if it was filled in.
    #[schema(required = true)]
    last_name: Option<&'a str>,
    /// What the person works as, if it was filled in.
    #[schema(required = true)]
    job_title: Option<&'a str>,
    /// What the inviter had to say.
    #[schema(required = true)]
    message: Option<&'a str>,
    /// The union member that the person is, if one.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    member_id: Option<Shown<MemberId>>,
    /// The user who answers for it: whoever sent it last.
    #[schema(value_type = String, format = "uuid")]
    invited_by: Shown<UserId>,
    /// When it was last sent.
    #[schema(value_type = String, format = DateTime)]
    sent_at: Shown<Timestamp>,
    /// From when its link is worth nothing.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Shown<Timestamp>,
    /// When it was accepted.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    accepted_at: Option<Shown<Timestamp>>,
    /// The user who accepted it.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    accepted_by: Option<Shown<UserId>>,
    /// When it was taken back.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    canceled_at: Option<Shown<Timestamp>>,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was first sent.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<InvitationActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl<'a> From<&'a Invitation> for InvitationView<'a> {
    fn from(invitation: &'a Invitation) -> Self {
        let Invitation {
            id,
            tenant: _,
            email,
            guest,
            message,
            roles,
            member,
            invited_by,
            state,
            sent_at,
            expires_at,
            version,
            created_at,
            updated_at,
        } = invitation;
        let Guest {
            first_name,
            last_name,
            job_title,
        } = guest;
        let (accepted, canceled_at) = match state {
            State::Pending | State::Expired => (None, None),
            State::Accepted { at, by } => (Some((Shown(*at), Shown(*by))), None),
            State::Canceled { at } => (None, Some(Shown(*at))),
        };
        let (accepted_at, accepted_by) = accepted.unzip();
        Self {
            id: Shown(*id),
            email: email.as_str(),
            status: invitation.status().as_str(),
            roles: roles.iter().map(HeldRoleView::from).collect(),
            first_name: first_name.as_ref().map(|name| name.as_str()),
            last_name: last_name.as_ref().map(|name| name.as_str()),
            job_title: job_title.as_ref().map(|title| title.as_str()),
            message: message.as_ref().map(|text| text.as_str()),
            member_id: member.map(Shown),
            invited_by: Shown(*invited_by),
            sent_at: Shown(*sent_at),
            expires_at: Shown(*expires_at),
            accepted_at,
            accepted_by,
            canceled_at,
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

impl InvitationView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

/// What became of each of several who were to be invited.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitationAnswers)]
pub(super) struct AnswersView<'a> {
    /// How many were invited.
    #[schema(minimum = 0)]
    sent: usize,
    /// How many were not.
    #[schema(minimum = 0)]
    refused: usize,
    /// An answer for each, in the order of the request.
    answers: Vec<AnswerView<'a>>,
}

/// What became of one of them: an invitation, or a refusal.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitationAnswer)]
pub(super) struct AnswerView<'a> {
    /// The address.
    #[schema(format = Email)]
    email: &'a str,
    /// The invitation; null when it was refused.
    #[schema(required = true)]
    invitation: Option<InvitationView<'a>>,
    /// Why it was refused; null when it was sent.
    #[schema(required = true)]
    refusal: Option<RefusalView<'a>>,
}

/// Why somebody was not invited.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitationRefusal)]
pub(super) struct RefusalView<'a> {
    /// The code of the problem, as `POST /invitations` would answer it.
    #[schema(example = "duplicate")]
    code: &'static str,
    /// A sentence for people.
    detail: String,
    /// The wrong fields, all of them.
    errors: Vec<FaultView<'a>>,
}

/// One wrong field.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitationFault)]
pub(super) struct FaultView<'a> {
    /// Where in the body, as a JSON pointer (RFC 6901).
    #[schema(example = "/invitations/3/roles/0/expires_at")]
    pointer: String,
    /// What is wrong, as a word for programs.
    code: &'static str,
    /// What is wrong, for people.
    detail: &'a str,
}

impl<'a> From<&'a [Answered]> for AnswersView<'a> {
    fn from(answers: &'a [Answered]) -> Self {
        let sent = answers.iter().filter(|row| row.outcome.is_ok()).count();
        let rows = answers.iter().enumerate();
        Self {
            sent,
            refused: answers.len().saturating_sub(sent),
            answers: rows.map(|(index, row)| answer(index, row)).collect(),
        }
    }
}

fn answer(index: usize, row: &Answered) -> AnswerView<'_> {
    let Answered { email, outcome } = row;
    AnswerView {
        email: email.as_str(),
        invitation: outcome.as_ref().ok().map(InvitationView::from),
        refusal: outcome.as_ref().err().map(|error| refusal(index, error)),
    }
}

fn refusal(index: usize, error: &InvitationError) -> RefusalView<'_> {
    let fault = |fault: &'_ FieldError| format!("/invitations/{index}/{}", fault.field);
    let faults = error.fields().iter().map(|wrong| FaultView {
        pointer: fault(wrong),
        code: wrong.invalid.code,
        detail: &wrong.invalid.detail,
    });
    RefusalView {
        code: error.code().as_str(),
        detail: error.to_string(),
        errors: faults.collect(),
    }
}

/// How many invitations of the tenant stand how.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitationStatistics)]
pub(super) struct TallyView {
    /// All of them, each counted once however often it was sent again.
    #[schema(minimum = 0)]
    sent: u64,
    /// Those that wait.
    #[schema(minimum = 0)]
    pending: u64,
    /// Those that were accepted.
    #[schema(minimum = 0)]
    accepted: u64,
    /// Those that were taken back.
    #[schema(minimum = 0)]
    canceled: u64,
    /// Those that nobody answered in time.
    #[schema(minimum = 0)]
    expired: u64,
    /// How many of a hundred were accepted, to one decimal place, of those that were accepted or ran out. What was
    /// taken back does not count; null while none was accepted and none ran out.
    #[schema(required = true, minimum = 0, maximum = 100, example = 66.7)]
    acceptance_rate: Option<f64>,
}

impl From<Tally> for TallyView {
    fn from(tally: Tally) -> Self {
        let rate = tally.accepted_per_mille();
        let rate = rate.and_then(|rate| u32::try_from(rate).ok());
        let Tally {
            pending,
            accepted,
            canceled,
            expired,
        } = tally;
        Self {
            sent: tally.sent(),
            pending,
            accepted,
            canceled,
            expired,
            acceptance_rate: rate.map(|rate| f64::from(rate) / 10.0),
        }
    }
}

/// What an invitation says to whoever has its token.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitationWelcome)]
pub(super) struct WelcomeView<'a> {
    /// The address that was invited.
    #[schema(format = Email)]
    email: &'a str,
    /// The hall.
    tenant: HallView<'a>,
    /// Given name and family name of whoever invites.
    invited_by: String,
    /// The roles to come, from the most to the least powerful.
    #[schema(value_type = Vec<RoleName>)]
    roles: Vec<&'static str>,
    /// Given name as the inviter knows it.
    #[schema(required = true)]
    first_name: Option<&'a str>,
    /// Family name as the inviter knows it.
    #[schema(required = true)]
    last_name: Option<&'a str>,
    /// What the person works as, as the inviter knows it.
    #[schema(required = true)]
    job_title: Option<&'a str>,
    /// What the inviter has to say, plain text.
    #[schema(required = true)]
    message: Option<&'a str>,
    /// From when the token is worth nothing.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Shown<Timestamp>,
    /// Whether the address has an account, whose password is wanted then.
    has_account: bool,
}

/// The hall that somebody is invited to.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitingHall)]
pub(super) struct HallView<'a> {
    /// Its name.
    name: &'a str,
    /// Its short name.
    slug: &'a str,
}

impl<'a> From<&'a Welcome> for WelcomeView<'a> {
    fn from(welcome: &'a Welcome) -> Self {
        let Welcome {
            invitation,
            inviter,
            tenant,
            has_account,
        } = welcome;
        let InvitationView {
            email,
            first_name,
            last_name,
            job_title,
            message,
            expires_at,
            ..
        } = InvitationView::from(invitation);
        let roles = invitation.roles.iter();
        Self {
            email,
            tenant: HallView {
                name: tenant.name.as_str(),
                slug: tenant.slug.as_str(),
            },
            invited_by: format!("{} {}", inviter.first_name, inviter.last_name),
            roles: roles.map(|held| held.role.as_str()).collect(),
            first_name,
            last_name,
            job_title,
            message,
            expires_at,
            has_account: *has_account,
        }
    }
}
