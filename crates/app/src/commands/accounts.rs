//! What went wrong with tenants and users, as a failure that says what to do.

use unionhall_application::{accounts::AccountError, error::CallError};

use crate::{exit::Exit, failure::Failure};

/// The failure that a refused command ends with.
pub(crate) fn failure(doing: &str, error: &AccountError) -> Failure {
    let advised = |exit, advice: &str| Failure::new(exit, format!("{error}; {advice}"));
    match error {
        AccountError::AlreadySetUp => {
            advised(Exit::Exists, "`unionhall tenant create` makes another")
        }
        AccountError::SlugTaken => advised(
            Exit::Exists,
            "choose another --slug; `unionhall tenant list` shows those taken",
        ),
        AccountError::EmailTaken => advised(
            Exit::Exists,
            "`unionhall user reset-password` gives that person a new password",
        ),
        AccountError::NoTenant(_) => advised(
            Exit::NotFound,
            "`unionhall tenant list` shows those there are",
        ),
        AccountError::NoUser(_) => advised(
            Exit::NotFound,
            "`unionhall user list` shows those there are",
        ),
        AccountError::NoPlace | AccountError::NoMember => {
            Failure::new(Exit::NotFound, error.to_string())
        }
        AccountError::IllegalStanding(_) => advised(
            Exit::Failed,
            "`unionhall tenant list` shows where it stands",
        ),
        AccountError::MemberTaken => Failure::new(Exit::Exists, error.to_string()),
        AccountError::Call(cause) => call_failure(doing, cause),
    }
}

/// The failure that a command ends with when the call itself failed.
pub(super) fn call_failure(doing: &str, error: &CallError) -> Failure {
    let exit = match error {
        CallError::Unavailable(_) => Exit::Unavailable,
        CallError::Forbidden(_)
        | CallError::ReadOnly(_)
        | CallError::LimitReached { .. }
        | CallError::Stale
        | CallError::ChangedMeanwhile
        | CallError::KeyInProgress
        | CallError::KeyReused
        | CallError::Replayed(_)
        | CallError::Internal(_) => Exit::Failed,
    };
    Failure::caused(exit, doing, error)
}

#[cfg(test)]
mod tests {
    use unionhall_domain::users::EmailAddress;

    use super::*;

    #[test]
    fn each_refusal_has_the_exit_code_of_its_kind() {
        let nobody = EmailAddress::parse("nobody@hall.example").unwrap();
        let down = || AccountError::Call(CallError::Unavailable("no route".into()));
        let table = [
            (AccountError::AlreadySetUp, Exit::Exists, "tenant create"),
            (
                AccountError::SlugTaken,
                Exit::Exists,
                "choose another --slug",
            ),
            (AccountError::EmailTaken, Exit::Exists, "reset-password"),
            (
                AccountError::NoTenant("x".to_owned()),
                Exit::NotFound,
                "tenant list",
            ),
            (
                AccountError::NoUser(nobody),
                Exit::NotFound,
                "nobody@hall.example",
            ),
            (down(), Exit::Unavailable, "no route"),
        ];
        for (error, exit, words) in table {
            let failure = failure("listing", &error);
            assert_eq!(failure.exit, exit);
            assert!(failure.message.contains(words), "{failure}");
        }
    }
}
