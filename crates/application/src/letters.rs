//! Letters: what a use case has to say to somebody, and how it becomes a mail in text and HTML.
//!
//! One layout for all of them, from templates that are checked when this is compiled. Everything that people wrote is
//! escaped, nothing is loaded from elsewhere, and the only addresses in a letter are [`Link`]s to this installation.

use askama::Template;
use jiff::Timestamp;
use unionhall_domain::{
    tenants::{Tenant, TenantId},
    text::Line,
    users::EmailAddress,
};
use unionhall_ports::outbox::OutboxMail;
use uuid::Uuid;

use crate::{error::CallError, links::Link};

/// Where a tenant's logo goes, beside its name. The postman puts the picture there when the mail leaves, or nothing.
/// Nobody's words can be this, because they are escaped.
pub(crate) const LOGO: &str = "<!-- logo -->";

/// Who signs a letter of no tenant.
const PRODUCT: &str = "Unionhall";

/// A letter to one person, put together piece by piece:
///
/// ```text
/// Letter::new(&user.email, "Choose a new password")
///     .greeting(&user.first_name)
///     .of(&tenant)                                       // left out for mail outside any tenant
///     .paragraph("Somebody, probably you, asked for a new password.")
///     .action("Choose a new password", core.links.reset_password(&token))
///     .note("The link works once, and for one hour.")
/// ```
///
/// `Change::post` and `Core::post` put it into the outbox.
#[derive(Clone)]
pub struct Letter {
    to: EmailAddress,
    subject: String,
    tenant: Option<TenantId>,
    sender: String,
    name: Option<String>,
    paragraphs: Vec<String>,
    action: Option<(String, Link)>,
    note: Option<String>,
}

impl Letter {
    /// An empty letter; the subject is one line and holds no secret.
    #[must_use]
    pub fn new(to: &EmailAddress, subject: impl Into<String>) -> Self {
        Self {
            to: to.clone(),
            subject: subject.into(),
            tenant: None,
            sender: PRODUCT.to_owned(),
            name: None,
            paragraphs: Vec::new(),
            action: None,
            note: None,
        }
    }

    /// Greets the person by this name, unless it could be taken for an address: whoever registers under the name
    /// `www.evil.example` must not have us carry that into somebody's inbox.
    #[must_use]
    pub fn greeting<const MAX: usize>(mut self, first_name: &Line<MAX>) -> Self {
        let name = first_name.as_str();
        self.name = (!looks_like_an_address(name)).then(|| name.to_owned());
        self
    }

    /// Writes on the tenant's paper: its logo, if it has one, and its name above, its name below; and the mail is counted
    /// as its own.
    #[must_use]
    pub fn of(mut self, tenant: &Tenant) -> Self {
        self.tenant = Some(tenant.id);
        self.sender = tenant.name.as_str().to_owned();
        self
    }

    /// Adds a paragraph of plain text; line breaks stay.
    #[must_use]
    pub fn paragraph(mut self, text: impl Into<String>) -> Self {
        self.paragraphs.push(text.into());
        self
    }

    /// The one thing to do: a button, and the address in full beneath.
    #[must_use]
    pub fn action(mut self, label: impl Into<String>, link: Link) -> Self {
        self.action = Some((label.into(), link));
        self
    }

    /// The last words, in small: how long a link works, what to do when it was not you.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = Some(text.into());
        self
    }

    /// The mail, written at `at`.
    ///
    /// # Errors
    /// [`CallError::Internal`] when a template fails, which would be a bug.
    pub fn into_mail(self, id: Uuid, at: Timestamp) -> Result<OutboxMail, CallError> {
        let text = rendered(&PlainText {
            name: self.name.as_deref(),
            paragraphs: &self.paragraphs,
            action: self.action.as_ref(),
            note: self.note.as_deref(),
            sender: &self.sender,
        })?;
        let html = rendered(&Html {
            subject: &self.subject,
            logo: self.tenant.map(|_| LOGO),
            name: self.name.as_deref(),
            paragraphs: &self.paragraphs,
            action: self.action.as_ref(),
            note: self.note.as_deref(),
            sender: &self.sender,
        })?;
        Ok(OutboxMail {
            id,
            tenant: self.tenant,
            to: self.to,
            subject: self.subject,
            text,
            html: Some(html),
            at,
        })
    }
}

#[derive(Template)]
#[template(path = "letters/letter.txt")]
struct PlainText<'a> {
    name: Option<&'a str>,
    paragraphs: &'a [String],
    action: Option<&'a (String, Link)>,
    note: Option<&'a str>,
    sender: &'a str,
}

#[derive(Template)]
#[template(path = "letters/letter.html")]
struct Html<'a> {
    subject: &'a str,
    logo: Option<&'static str>,
    name: Option<&'a str>,
    paragraphs: &'a [String],
    action: Option<&'a (String, Link)>,
    note: Option<&'a str>,
    sender: &'a str,
}

fn rendered(template: &impl Template) -> Result<String, CallError> {
    template
        .render()
        .map_err(|error| CallError::Internal(error.into()))
}

/// Whether a mail program might make a link of it: `@`, `/`, `:`, or a dot between two letters or digits.
fn looks_like_an_address(name: &str) -> bool {
    let mut words = name.split('.').peekable();
    let mut dotted = false;
    while let Some(before) = words.next() {
        let ends = before.ends_with(char::is_alphanumeric);
        let begins = |after: &&str| after.starts_with(char::is_alphanumeric);
        dotted |= ends && words.peek().is_some_and(begins);
    }
    dotted || name.contains(['@', '/', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{HALL, now, tenant},
        links::Links,
    };

    const TAMPERED: &str = "<script>alert('x')</script> & \"more\" <!-- logo -->";

    fn to() -> EmailAddress {
        EmailAddress::parse("ada@hall.example").unwrap()
    }

    fn written(letter: Letter) -> OutboxMail {
        letter.into_mail(Uuid::from_u128(7), now()).unwrap()
    }

    fn reset() -> Letter {
        let links = Links::new("https://hall.example");
        Letter::new(&to(), "Choose a new password")
            .greeting(&Line::<100>::parse("Ada").unwrap())
            .paragraph("Somebody, probably you, asked for a new password.")
            .paragraph("Nothing has changed yet.")
            .action("Choose a new password", links.reset_password("t0k3n"))
            .note("The link works once, and for one hour.")
    }

    #[test]
    fn the_text_of_a_letter() {
        insta::assert_snapshot!(written(reset().of(&tenant())).text);
    }

    #[test]
    fn the_html_of_a_letter() {
        let mail = written(reset().of(&tenant()));
        insta::assert_snapshot!(mail.html.unwrap());
    }

    #[test]
    fn a_letter_is_its_tenants_or_nobodys() {
        let own = written(reset().of(&tenant()));
        assert_eq!((own.tenant, own.id), (Some(HALL), Uuid::from_u128(7)));
        let outside = written(reset());
        assert_eq!((outside.tenant, outside.at), (None, now()));
        let has_place = |mail: &OutboxMail| mail.html.as_ref().unwrap().contains(LOGO);
        assert_eq!((has_place(&own), has_place(&outside)), (true, false));
        assert!(
            outside.text.ends_with("\n\nUnionhall\n"),
            "{}",
            outside.text
        );
    }

    #[test]
    fn nothing_that_people_wrote_is_markup() {
        let hall = Tenant {
            name: Line::parse(TAMPERED).unwrap(),
            ..tenant()
        };
        let mail = written(
            Letter::new(&to(), TAMPERED)
                .greeting(&Line::<100>::parse("<b>Ada").unwrap())
                .of(&hall)
                .paragraph(format!("{TAMPERED}\n{TAMPERED}"))
                .action(TAMPERED, Links::new("https://hall.example").home())
                .note(TAMPERED),
        );
        let html = mail.html.unwrap();
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(!html.contains("\"more\""), "{html}");
        assert!(html.contains("<br"), "line breaks stay: {html}");
        assert_eq!(html.matches(LOGO).count(), 1, "{html}");
        assert!(mail.text.contains(TAMPERED), "text needs no escaping");
    }

    #[test]
    fn a_letter_loads_nothing_and_leads_to_this_installation_alone() {
        let html = written(reset().of(&tenant())).html.unwrap();
        for never in ["<img", "<link", "<script", "url(", "@import"] {
            assert!(!html.contains(never), "{never} in {html}");
        }
        for address in html.split("://").skip(1) {
            assert!(address.starts_with("hall.example/"), "{address}");
        }
    }

    #[test]
    fn a_name_that_a_mail_program_would_make_a_link_of_is_not_repeated() {
        for name in [
            "www.evil.example",
            "Ada evil.example",
            "https://evil",
            "a@b",
            "evil/x",
        ] {
            let mail = written(reset().greeting(&Line::<100>::parse(name).unwrap()));
            assert!(mail.text.starts_with("Hello,\n"), "{}", mail.text);
        }
        for name in ["Ada", "Mary-Jo", "O'Neil", "Dr. No", "José", "J."] {
            let mail = written(reset().greeting(&Line::<100>::parse(name).unwrap()));
            assert!(mail.text.starts_with(&format!("Hello {name},\n")), "{name}");
        }
    }

    #[test]
    fn the_html_stays_within_what_mail_programs_show_whole() {
        // Some cut a mail after 102 KB and hide the rest, the button with it.
        let long = reset().paragraph("word ".repeat(2_000));
        assert!(written(long).html.unwrap().len() < 100_000);
    }
}
