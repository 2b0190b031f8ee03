//! `unionhall mail`: what waits to be sent, what was given up, and another try.

use unionhall_application::{
    Application,
    error::CallError,
    outbox::{MailSummary, OutboxError},
};

use super::{console::Console, table::table};
use crate::{
    cli::{ListMails, RetryMails},
    exit::Exit,
    failure::Failure,
};

/// Lists mails without their words; who they are for is shown when that is asked for.
pub(super) fn list(
    application: &Application,
    asked: &ListMails,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let mails = application
        .outbox
        .list(asked.state, asked.limit)
        .map_err(|error| failure("listing the mail", &error))?;
    let rows: Vec<_> = mails
        .iter()
        .map(|mail| row(mail, asked.show_recipients))
        .collect();
    console.print(&table(
        [
            "ID",
            "STATE",
            "SINCE",
            "TRIED",
            "TO",
            "SUBJECT",
            "LAST ERROR",
        ],
        &rows,
    ))?;
    if rows.is_empty() {
        console.say("There is no such mail.");
    } else if rows.len() == usize::from(asked.limit) {
        console.say("There may be more; ask for them with --limit.");
    }
    Ok(Exit::Done)
}

/// Has one mail, or all that were not sent, sent again by the server at its next turn.
pub(super) fn retry(
    application: &Application,
    asked: &RetryMails,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let count = application
        .outbox
        .retry(asked.id)
        .map_err(|error| failure("retrying the mail", &error))?;
    let mails = if count == 1 { "mail is" } else { "mails are" };
    console.print(&format!(
        "{count} {mails} due now; a running server sends what is due within seconds\n"
    ))?;
    Ok(Exit::Done)
}

fn row(mail: &MailSummary, show_recipient: bool) -> [String; 7] {
    let to = if show_recipient {
        mail.to.as_str().to_owned()
    } else {
        masked(mail.to.as_str())
    };
    [
        mail.id.to_string(),
        mail.state.as_str().to_owned(),
        mail.since.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        mail.attempts.to_string(),
        to,
        mail.subject.clone(),
        mail.last_error.clone().unwrap_or_default(),
    ]
}

/// `a…@hall.example`: enough to see which server refuses, too little to know who is written to.
fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}…@{domain}")
        }
        None => "…".to_owned(),
    }
}

fn failure(doing: &str, error: &OutboxError) -> Failure {
    let exit = match error {
        OutboxError::NotFound(_) => {
            let advice = "`unionhall mail list` shows what was not";
            return Failure::new(Exit::NotFound, format!("{error}; {advice}"));
        }
        OutboxError::Call(CallError::Unavailable(_)) => Exit::Unavailable,
        OutboxError::Call(_) => Exit::Failed,
    };
    Failure::caused(exit, doing, error)
}

#[cfg(test)]
mod tests {
    use unionhall_application::outbox::MailState;
    use unionhall_domain::users::EmailAddress;
    use unionhall_ports::mock::MockRepositories;
    use uuid::Uuid;

    use super::*;
    use crate::commands::{
        console::{self, Said},
        fixtures::{now, over},
    };

    const ID: Uuid = Uuid::from_u128(7);

    fn given_up() -> MailSummary {
        MailSummary {
            id: ID,
            tenant: None,
            to: EmailAddress::parse("ada@hall.example").unwrap(),
            subject: "Verify your e-mail address".to_owned(),
            state: MailState::GivenUp,
            at: now(),
            since: now(),
            attempts: 24,
            last_error: Some("the mail server is unavailable".to_owned()),
        }
    }

    fn listed(mails: Vec<MailSummary>, show_recipients: bool, limit: u16) -> Said {
        let mut mocks = MockRepositories::default();
        mocks
            .outbox
            .expect_list()
            .return_once(move |_, _| Ok(mails));
        let (application, _) = over(mocks);
        let asked = ListMails {
            state: None,
            limit,
            show_recipients,
        };
        console::run("", |console| list(&application, &asked, console))
    }

    fn retried(count: usize, id: Option<Uuid>) -> Said {
        let mut mocks = MockRepositories::default();
        mocks
            .outbox
            .expect_retry()
            .returning(move |_, _| Ok(vec![(ID, None); count]));
        let (application, _) = over(mocks);
        let asked = RetryMails {
            id,
            all: id.is_none(),
        };
        console::run("", |console| retry(&application, &asked, console))
    }

    #[test]
    fn a_mail_is_listed_with_what_went_wrong_and_without_the_person() {
        let said = listed(vec![given_up()], false, 50);
        let expected = "\
ID                                    STATE     SINCE                TRIED  TO              SUBJECT                     LAST ERROR
00000000-0000-0000-0000-000000000007  given-up  2026-11-21 20:00:00  24     a…@hall.example  Verify your e-mail address  the mail server is unavailable
";
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed(&said.out), squeezed(expected));
        assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
    }

    #[test]
    fn the_person_is_shown_to_an_operator_who_asks() {
        assert!(
            listed(vec![given_up()], true, 50)
                .out
                .contains(" ada@hall.example ")
        );
    }

    #[test]
    fn an_empty_list_and_a_full_one_say_so() {
        assert!(listed(Vec::new(), false, 50).err.contains("no such mail"));
        assert!(listed(vec![given_up()], false, 1).err.contains("--limit"));
    }

    #[test]
    fn a_retry_tells_how_many_are_due() {
        assert!(retried(1, Some(ID)).out.starts_with("1 mail is due now"));
        assert!(retried(3, None).out.starts_with("3 mails are due now"));
        let none = retried(0, None);
        assert_eq!(none.exit, Exit::Done);
        assert!(none.out.starts_with("0 mails are due now"), "{}", none.out);
    }

    #[test]
    fn a_mail_that_is_not_there_is_not_found() {
        let said = retried(0, Some(ID));
        assert_eq!(said.exit, Exit::NotFound);
        assert!(said.err.contains("mail list"), "{}", said.err);
    }
}
