//! Makes the message that goes over the wire out of a mail.

use lettre::{
    Address, Message,
    address::AddressError,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
};
use thiserror::Error;
use unionhall_ports::mail::{InlinePicture, OutgoingMail};

/// The longest Message-ID, in bytes: it has to fit on one line.
const MAX_MESSAGE_ID_BYTES: usize = 200;

/// Why a mail cannot be sent to any server.
#[derive(Debug, Error)]
pub(crate) enum InvalidMail {
    /// The recipient is no mail address.
    #[error("the recipient is no mail address")]
    To(#[source] AddressError),
    /// The recipient's address has letters that not every mail server understands.
    #[error("the recipient's address is not ASCII")]
    ToNotAscii,
    /// The id has another form than `left@right`.
    #[error("the mail's id is no Message-ID")]
    MessageId,
    /// The picture's id has another form, or its media type is none.
    #[error("the mail's picture cannot be named")]
    Picture,
    /// The parts do not make a message.
    #[error("the mail cannot be composed")]
    Compose(#[source] lettre::error::Error),
}

/// The message for `mail`: plain text in UTF-8, with the HTML beside it as the better form where there is one
/// (`multipart/alternative`, RFC 2046 §5.1.4) and the picture inside of it (`multipart/related`, RFC 2387), dated now.
///
/// Nothing in `mail` can add a header or a recipient: the recipient is parsed as one bare
/// address, the id has to be a Message-ID, and control characters in the subject become spaces.
pub(crate) fn message(from: &Mailbox, mail: &OutgoingMail) -> Result<Message, InvalidMail> {
    let to: Address = mail.to.parse().map_err(InvalidMail::To)?;
    if !mail.to.is_ascii() {
        return Err(InvalidMail::ToNotAscii);
    }
    let message = Message::builder()
        .message_id(Some(message_id(&mail.message_id)?))
        .date_now()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.replace(char::is_control, " ").trim())
        .header(AutoSubmitted);
    let composed = match &mail.html {
        Some(html) => message.multipart(alternatives(mail, html)?),
        None => message.singlepart(SinglePart::plain(mail.text.clone())),
    };
    composed.map_err(InvalidMail::Compose)
}

/// The text, and the HTML as the better form of it, with its picture if it has one.
fn alternatives(mail: &OutgoingMail, html: &str) -> Result<MultiPart, InvalidMail> {
    let Some(picture) = &mail.picture else {
        let html = html.to_owned();
        return Ok(MultiPart::alternative_plain_html(mail.text.clone(), html));
    };
    let related = MultiPart::related()
        .singlepart(SinglePart::html(html.to_owned()))
        .singlepart(inline(picture)?);
    Ok(MultiPart::alternative()
        .singlepart(SinglePart::plain(mail.text.clone()))
        .multipart(related))
}

/// The picture as a part that is shown where the HTML names it, and not offered as a file.
fn inline(picture: &InlinePicture) -> Result<SinglePart, InvalidMail> {
    let InlinePicture {
        content_id,
        media_type,
        bytes,
    } = picture;
    if message_id(content_id).is_err() {
        return Err(InvalidMail::Picture);
    }
    let kind = ContentType::parse(media_type).map_err(|_| InvalidMail::Picture)?;
    Ok(Attachment::new_inline(content_id.clone()).body(bytes.clone(), kind))
}

/// `id` between angle brackets, if it is of the form `left@right`.
fn message_id(id: &str) -> Result<String, InvalidMail> {
    let bare = id
        .strip_prefix('<')
        .and_then(|id| id.strip_suffix('>'))
        .unwrap_or(id);
    let is_word = |word: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._+=-".contains(&byte);
        !word.is_empty() && word.bytes().all(allowed)
    };
    match bare.split_once('@') {
        Some((left, right))
            if bare.len() <= MAX_MESSAGE_ID_BYTES && is_word(left) && is_word(right) =>
        {
            Ok(format!("<{bare}>"))
        }
        _ => Err(InvalidMail::MessageId),
    }
}

/// Says that no person wrote this, which keeps holiday replies away (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> OutgoingMail {
        OutgoingMail {
            message_id: "7@unionhall.example".to_owned(),
            to: "ada@local46.example".to_owned(),
            subject: "Step 2 of GR-2026-0001".to_owned(),
            text: "Dear Ada,\n\nyour step is due.\n".to_owned(),
            html: None,
            picture: None,
        }
    }

    fn composed(mail: &OutgoingMail) -> Result<String, InvalidMail> {
        let from = "Unionhall <noreply@unionhall.example>".parse().unwrap();
        let message = message(&from, mail)?;
        Ok(String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn a_mail_carries_its_id_its_sender_and_its_text() {
        let text = composed(&mail()).unwrap();
        for line in [
            "Message-ID: <7@unionhall.example>\r\n",
            "From: Unionhall <noreply@unionhall.example>\r\n",
            "To: ada@local46.example\r\n",
            "Subject: Step 2 of GR-2026-0001\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Dear Ada,\r\n\r\nyour step is due.\r\n",
        ] {
            assert!(text.contains(line), "{line:?} is missing in\n{text}");
        }
        assert!(text.contains("\r\nDate: "), "{text}");
    }

    #[test]
    fn a_picture_is_named_by_an_id_and_by_nothing_else() {
        let with = |content_id: &str, media_type: &'static str| {
            composed(&OutgoingMail {
                html: Some("<img src=\"cid:logo.7@unionhall.example\">".to_owned()),
                picture: Some(InlinePicture {
                    content_id: content_id.to_owned(),
                    media_type,
                    bytes: vec![1, 2, 3],
                }),
                ..mail()
            })
        };
        let text = with("logo.7@unionhall.example", "image/png").unwrap();
        for line in [
            "Content-ID: <logo.7@unionhall.example>\r\n",
            "Content-Disposition: inline\r\n",
            "Content-Type: image/png\r\n",
        ] {
            assert!(text.contains(line), "{line:?} is missing in\n{text}");
        }
        for (id, kind) in [
            ("logo", "image/png"),
            ("a@b>\r\nBcc: eve@evil.example", "image/png"),
            ("a@b", "no type"),
        ] {
            assert!(
                matches!(with(id, kind), Err(InvalidMail::Picture)),
                "{id:?}"
            );
        }
    }

    #[test]
    fn an_id_may_come_with_or_without_its_brackets() {
        let bracketed = OutgoingMail {
            message_id: "<7@unionhall.example>".to_owned(),
            ..mail()
        };
        assert!(
            composed(&bracketed)
                .unwrap()
                .contains("Message-ID: <7@unionhall.example>\r\n")
        );
    }

    #[test]
    fn an_id_that_is_no_message_id_is_refused() {
        for id in [
            "",
            "7",
            "@",
            "7@",
            "a b@c",
            "a@b\r\nBcc: eve@evil.example",
            "a@b>",
            "a@ü",
        ] {
            let mail = OutgoingMail {
                message_id: id.to_owned(),
                ..mail()
            };
            assert!(
                matches!(composed(&mail), Err(InvalidMail::MessageId)),
                "{id:?}"
            );
        }
    }

    #[test]
    fn a_recipient_that_is_more_than_one_bare_address_is_refused() {
        for to in [
            "",
            "ada",
            "ada@local46.example, eve@evil.example",
            "ada@local46.example\r\nBcc: eve@evil.example",
            "Ada <ada@local46.example>",
            "ada@local46.example>\r\nRCPT TO:<eve@evil.example",
        ] {
            let mail = OutgoingMail {
                to: to.to_owned(),
                ..mail()
            };
            assert!(matches!(composed(&mail), Err(InvalidMail::To(_))), "{to:?}");
        }
    }

    #[test]
    fn a_subject_cannot_add_a_header() {
        let subject = "Hello\r\nBcc: eve@evil.example\r\n\r\nGoodbye\0".to_owned();
        let text = composed(&OutgoingMail { subject, ..mail() }).unwrap();
        let headers = text.split("\r\n\r\n").next().unwrap();
        assert!(
            !headers.lines().any(|line| line.starts_with("Bcc")),
            "{text}"
        );
        assert!(
            headers.contains("Subject: Hello  Bcc: eve@evil.example"),
            "{text}"
        );
    }
}
