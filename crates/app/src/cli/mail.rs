//! `unionhall mail`: what can be typed.

use clap::{Args, Subcommand};
use unionhall_application::outbox::MailState;
use uuid::Uuid;

/// What to do with mail.
#[derive(Debug, Subcommand, PartialEq)]
pub enum MailCommand {
    /// List mail, newest first: where it stands, how often it was tried, and what the mail server said
    ///
    /// Nobody's words are shown, and recipients as `a…@hall.example` unless you ask for them.
    /// A mail is tried for about four days, ever more seldom; one that the mail server refuses for good is given
    /// up at once. What is given up stays here until it is retried.
    #[command(after_long_help = "\
Examples:
  unionhall mail list --state given-up
  unionhall mail list --state waiting --limit 200 --show-recipients

Exit codes: 0 listed · 2 wrong command line · 4 the database does not answer")]
    List(ListMails),
    /// Have mail sent again: one, or all that was not sent
    ///
    /// Makes it due now; a running server sends it within seconds. Mail that was sent is never sent again.
    #[command(after_long_help = "\
Examples:
  unionhall mail retry 019a5f6e-8d0c-7c55-9d0a-0d6a6d3f1b11
  unionhall mail retry --all                   after the mail server was mended

Exit codes: 0 due now · 2 wrong command line · 4 the database does not answer
            6 there is no such mail, or it was sent")]
    Retry(RetryMails),
}

/// Which mail to list.
#[derive(Debug, Args, PartialEq)]
pub struct ListMails {
    /// `waiting`, `sent` or `given-up` [default: all]
    #[arg(long, value_parser = mail_state, value_name = "STATE")]
    pub state: Option<MailState>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=10_000), value_name = "NUMBER")]
    pub limit: u16,
    /// Show whole addresses
    #[arg(long)]
    pub show_recipients: bool,
}

/// Which mail to send again.
#[derive(Debug, Args, PartialEq)]
#[group(required = true, multiple = false)]
pub struct RetryMails {
    /// The mail with this id, as `unionhall mail list` shows it
    pub id: Option<Uuid>,
    /// Everything that was not sent
    #[arg(long)]
    pub all: bool,
}

fn mail_state(text: &str) -> Result<MailState, String> {
    let named = |state: &&MailState| state.as_str() == text;
    let state = MailState::ALL.iter().find(named).copied();
    state.ok_or_else(|| "it is one of waiting, sent, given-up".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::{
        cli::{Cli, Command},
        exit::Exit,
    };

    fn parse(line: &str) -> Result<Command, clap::Error> {
        let words = std::iter::once("unionhall").chain(line.split_whitespace());
        Cli::try_parse_from(words).map(|cli| cli.into_parts().0)
    }

    #[test]
    fn mail_is_retried_by_its_id_or_all_of_it_and_never_by_accident() {
        let id = "019a5f6e-8d0c-7c55-9d0a-0d6a6d3f1b11";
        for (line, all) in [
            (format!("mail retry {id}"), false),
            ("mail retry --all".to_owned(), true),
        ] {
            let Command::Mail(MailCommand::Retry(retry)) = parse(&line).unwrap() else {
                panic!("another command");
            };
            assert_eq!((retry.id.is_some(), retry.all), (!all, all));
        }
        for line in ["mail retry".to_owned(), format!("mail retry {id} --all")] {
            assert_eq!(
                parse(&line).unwrap_err().exit_code(),
                i32::from(Exit::Usage.code())
            );
        }
    }
}
