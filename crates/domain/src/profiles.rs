//! What people say of themselves, and what their colleagues may see of it.

use crate::{
    audit::Fields,
    change::Change,
    invalid::Invalid,
    tenants::ZoneName,
    text::{Line, Prose},
    users::User,
    version::Version,
};

/// A person with what they say of themselves, the same in every tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The person; the names are theirs to change, the address is not changed here.
    pub user: User,
    /// The rest.
    pub details: ProfileDetails,
    /// Counts the changes.
    pub version: Version,
}

/// What a person says of themselves beside their name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileDetails {
    /// Telephone number, as written.
    pub phone: Option<Line<50>>,
    /// A few words.
    pub bio: Option<Prose<1_000>>,
    /// What they work as.
    pub job_title: Option<Line<100>>,
    /// Where they work.
    pub department: Option<Line<100>>,
    /// The language they want to be spoken to in.
    pub language: Option<Language>,
    /// Where their days begin and end, when it is not where the tenant's do.
    pub time_zone: Option<ZoneName>,
}

/// What to change of one's profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(
    missing_docs,
    reason = "each field is the change of the field it is named after"
)]
pub struct ProfileChange {
    pub first_name: Change<Line<100>>,
    pub last_name: Change<Line<100>>,
    pub phone: Change<Option<Line<50>>>,
    pub bio: Change<Option<Prose<1_000>>>,
    pub job_title: Change<Option<Line<100>>>,
    pub department: Change<Option<Line<100>>>,
    pub language: Change<Option<Language>>,
    pub time_zone: Change<Option<ZoneName>>,
}

impl Profile {
    /// The profile with what is wanted changed; its version stays.
    #[must_use]
    pub fn changed(mut self, wanted: ProfileChange) -> Self {
        let ProfileChange {
            first_name,
            last_name,
            phone,
            bio,
            job_title,
            department,
            language,
            time_zone,
        } = wanted;
        first_name.apply(&mut self.user.first_name);
        last_name.apply(&mut self.user.last_name);
        phone.apply(&mut self.details.phone);
        bio.apply(&mut self.details.bio);
        job_title.apply(&mut self.details.job_title);
        department.apply(&mut self.details.department);
        language.apply(&mut self.details.language);
        time_zone.apply(&mut self.details.time_zone);
        self
    }

    /// The fields as the audit trail shows them.
    pub fn fields(&self) -> Fields {
        let Self {
            user,
            details,
            version: _,
        } = self;
        let ProfileDetails {
            phone,
            bio,
            job_title,
            department,
            language,
            time_zone,
        } = details;
        vec![
            ("first_name", Some(user.first_name.to_string())),
            ("last_name", Some(user.last_name.to_string())),
            ("phone", phone.as_ref().map(ToString::to_string)),
            ("bio", bio.as_ref().map(ToString::to_string)),
            ("job_title", job_title.as_ref().map(ToString::to_string)),
            ("department", department.as_ref().map(ToString::to_string)),
            ("language", language.as_ref().map(|tag| tag.0.clone())),
            (
                "time_zone",
                time_zone.as_ref().map(|zone| zone.as_str().to_owned()),
            ),
        ]
    }
}

/// What a colleague may see of somebody: who they are and what they do, and not how they are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColleagueCard {
    /// The person.
    pub user: crate::users::UserId,
    /// Given name.
    pub first_name: Line<100>,
    /// Family name.
    pub last_name: Line<100>,
    /// What they work as.
    pub job_title: Option<Line<100>>,
    /// Where they work.
    pub department: Option<Line<100>>,
}

/// A language by its tag (BCP 47): a language of two or three letters, with a script and a region if need be, like
/// `en`, `es-MX` or `zh-Hant-TW`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Language(String);

impl Language {
    /// Checks the form of a tag and writes it as RFC 5646 §2.1.1 recommends: `ES-mx` is `es-MX`.
    ///
    /// # Errors
    /// `not_a_language` for anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new("not_a_language", "must be a language tag like en or es-MX");
        let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
        let mut parts = text.split('-').peekable();
        let language = parts
            .next()
            .filter(|part| (2..=3).contains(&part.len()) && letters(part))
            .ok_or_else(wrong)?;
        let mut tag = language.to_ascii_lowercase();
        if let Some(script) = parts.next_if(|part| part.len() == 4 && letters(part)) {
            let (first, rest) = script.split_at(1);
            tag.push('-');
            tag.push_str(&first.to_ascii_uppercase());
            tag.push_str(&rest.to_ascii_lowercase());
        }
        let is_region = |part: &&str| {
            (part.len() == 2 && letters(part))
                || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
        };
        if let Some(region) = parts.next_if(is_region) {
            tag.push('-');
            tag.push_str(&region.to_ascii_uppercase());
        }
        if parts.next().is_some() {
            return Err(wrong());
        }
        Ok(Self(tag))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_written_in_one_way() {
        for (text, tag) in [
            ("en", "en"),
            ("ES-mx", "es-MX"),
            ("zh-hANT-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("fil", "fil"),
        ] {
            assert_eq!(Language::parse(text).unwrap().as_str(), tag);
        }
    }

    #[test]
    fn what_is_no_language_is_refused() {
        for text in [
            "",
            "e",
            "english",
            "en-",
            "en-USA",
            "en-U",
            "e1",
            "en_US",
            "en-US-x",
            "ü",
            "en-Latn-Latn",
        ] {
            assert_eq!(
                Language::parse(text).unwrap_err().code,
                "not_a_language",
                "{text}"
            );
        }
    }
}
