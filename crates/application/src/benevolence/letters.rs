//! What an applicant is told at every step. A mail names the application by its number and leaves the story, the amounts
//! and the reasons in the hall's books, because mail is read by others.

use unionhall_domain::{
    benevolence::{BenevolenceApplication, Move, Status},
    members::Member,
};

use crate::{core::Change, error::CallError, letters::Letter};

/// Tells the applicant of a step, if the hall has an address of theirs.
///
/// # Errors
/// [`CallError`].
pub(super) fn tell(
    change: &mut Change<'_>,
    kind: Move,
    after: &BenevolenceApplication,
) -> Result<(), CallError> {
    let member = change.tx.members().find(after.member)?;
    match member.and_then(|member| written(change, kind, after, &member)) {
        Some(letter) => change.post(letter),
        None => Ok(()),
    }
}

fn written(
    change: &Change<'_>,
    kind: Move,
    after: &BenevolenceApplication,
    member: &Member,
) -> Option<Letter> {
    let email = member.details.email.as_ref()?;
    let number = after.number;
    let (news, words) = words(kind, after.state.status());
    let letter = Letter::new(email, format!("Your application {number} {news}"))
        .greeting(&member.details.first_name)
        .of(change.call.actor.tenant())
        .paragraph(format!(
            "Your application {number} to the benevolence fund {news}. {words}"
        ));
    Some(letter)
}

/// How the news goes on after the number, and what it means for the applicant.
fn words(kind: Move, status: Status) -> (&'static str, &'static str) {
    match kind {
        Move::Submit => (
            "was handed in",
            "The office looks at it next. We write to you at every step.",
        ),
        Move::BeginReview => (
            "is being reviewed",
            "The office has seen that it is complete. The reviewers decide on it now, one after the other.",
        ),
        Move::Approve if status == Status::Approved => (
            "was approved",
            "The hall pays it next. Sign in, or ask the office, to see what was granted.",
        ),
        Move::Approve => (
            "has come one step further",
            "One reviewer is for it, and it goes on to the next one.",
        ),
        Move::Deny => (
            "was not approved",
            "Sign in, or ask the office, to read why.",
        ),
        Move::Ask => (
            "waits for an answer of yours",
            "A reviewer has a question. Sign in, or ask the office, to read and answer it; the application goes on then.",
        ),
        Move::Defer => (
            "has gone to another reviewer",
            "It is decided one level higher. You need not do anything.",
        ),
        Move::Answer => (
            "goes on",
            "We have your answer, and the reviewer who asked goes on with it.",
        ),
        Move::Withdraw => (
            "was withdrawn",
            "Nobody decides on it any more. If you did not want this, tell the office at once.",
        ),
        Move::Pay if status == Status::Paid => (
            "was paid",
            "All that was granted is paid. If nothing arrives, tell the office.",
        ),
        Move::Pay => (
            "was paid in part",
            "The rest follows. If nothing arrives, tell the office.",
        ),
        Move::Reverse => (
            "has a payment that was taken back",
            "What was granted stays granted. The office pays it anew, or talks to you about it.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_words_of_its_own() {
        let mut letters: Vec<String> = Vec::new();
        for kind in Move::ALL {
            for status in [Status::UnderReview, Status::Approved, Status::Paid] {
                let (news, words) = words(kind, status);
                let letter = format!("{}: Your application {news}. {words}", kind.as_str());
                if !letters.contains(&letter) {
                    letters.push(letter);
                }
            }
        }
        insta::assert_snapshot!(letters.join("\n"));
    }
}
