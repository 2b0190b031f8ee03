//! Why a mail did not go out, in words that may be logged and kept: mail servers repeat addresses and links of the mail
//! they refuse, and those are nobody else's business.

use std::error::Error;

/// The longest reason that is kept, in characters.
const LONGEST: usize = 300;
/// No word of a sentence is longer; a token is.
const LONGEST_WORD: usize = 40;

/// The error and its causes, without addresses, links and anything as long as a token.
pub(super) fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let told = cause.to_string();
        // Some errors say what their cause says.
        if !text.contains(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        source = cause.source();
    }
    let words: Vec<_> = text.split_whitespace().map(veiled).collect();
    words.join(" ").chars().take(LONGEST).collect()
}

fn veiled(word: &str) -> &str {
    let of_the_mail = word.contains(['@', '/', '#', '=']) || word.chars().count() > LONGEST_WORD;
    if of_the_mail { "…" } else { word }
}

#[cfg(test)]
mod tests {
    use unionhall_ports::mail::MailError;

    use super::*;

    fn reason(answer: &str) -> String {
        told(&MailError::Refused(answer.into()))
    }

    #[test]
    fn what_the_server_said_is_kept() {
        assert_eq!(
            reason("permanent error (550): 5.1.1 no such mailbox"),
            "the mail was refused: permanent error (550): 5.1.1 no such mailbox"
        );
    }

    #[test]
    fn addresses_and_links_and_tokens_are_not() {
        for answer in [
            "550 5.1.1 <ada@local46.example>: unknown",
            "550 ada@local46.example unknown",
            "554 spam: https://hall.example/account/reset-password#token=SECRETSECRET",
            "554 spam: hall.example/account/reset-password#token=SECRETSECRET",
            "554 token=SECRETSECRET",
            "554 SECRETSECRETSECRETSECRETSECRETSECRETSECRETS",
        ] {
            let reason = reason(answer);
            assert!(reason.contains('…') && reason.contains("55"), "{reason}");
            assert!(
                !reason.contains("ada") && !reason.contains("SECRET"),
                "{reason}"
            );
        }
    }

    #[test]
    fn a_server_that_talks_much_is_cut_short() {
        let reason = reason(&"no \r\n".repeat(1_000));
        assert_eq!(reason.chars().count(), LONGEST);
        assert!(!reason.contains(char::is_control));
    }
}
