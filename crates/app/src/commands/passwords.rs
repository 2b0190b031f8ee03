//! The password of somebody who is made or reset: read from a pipe, or drawn and shown once.

use unionhall_application::passwords::Passwords;
use unionhall_domain::passwords::{KnownWords, Strength};
use unionhall_ports::passwords::{Password, PasswordHash, PasswordHasher};

use super::console::Console;
use crate::{
    exit::Exit,
    failure::Failure,
    passwords::{GivenPasswordError, generate, read_from},
};

/// A password with its hash.
pub(super) struct NewPassword {
    /// What is stored of it.
    pub(super) hash: PasswordHash,
    /// The password itself, if it was drawn: nobody knows it yet.
    drawn: Option<Password>,
}

impl NewPassword {
    /// Reads a password of somebody of whom this is known from the console's input, or draws one.
    pub(super) fn make(
        hasher: &dyn PasswordHasher,
        rules: &Passwords,
        known: &KnownWords,
        from_input: bool,
        console: &mut Console<'_>,
    ) -> Result<Self, Failure> {
        if !from_input {
            return Self::draw(hasher);
        }
        let given = read_from(&mut *console.input).map_err(|error| refused(&error))?;
        let objections = rules.objections(&given, Strength::Alone, known);
        if objections.is_empty() {
            return Self::of(hasher, &given, None);
        }
        let details: Vec<_> = objections.into_iter().map(|one| one.detail).collect();
        let message = format!("the password on standard input {}", details.join(", and "));
        Err(Failure::new(Exit::Usage, message))
    }

    /// Draws a password.
    pub(super) fn draw(hasher: &dyn PasswordHasher) -> Result<Self, Failure> {
        let drawn = generate()
            .map_err(|error| Failure::caused(Exit::Failed, "drawing a password", &error))?;
        Self::of(hasher, &drawn, Some(drawn.clone()))
    }

    fn of(
        hasher: &dyn PasswordHasher,
        password: &Password,
        drawn: Option<Password>,
    ) -> Result<Self, Failure> {
        let hash = hasher
            .hash(password)
            .map_err(|error| Failure::caused(Exit::Failed, "hashing the password", &error))?;
        Ok(Self { hash, drawn })
    }

    /// What is printed of it: the password, if nobody knows it yet.
    pub(super) fn shown(&self) -> String {
        self.drawn.as_ref().map_or_else(String::new, |password| {
            format!("password: {}\n", password.expose())
        })
    }

    /// Says that it will not be shown again, if it was shown.
    pub(super) fn remind(&self, console: &mut Console<'_>) {
        if self.drawn.is_some() {
            console.say("The password is shown this once: hand it on by a way you trust.");
        }
    }
}

fn refused(error: &GivenPasswordError) -> Failure {
    let exit = match error {
        GivenPasswordError::Unreadable(_) => Exit::Failed,
        GivenPasswordError::TooLong => Exit::Usage,
    };
    Failure::new(exit, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use unionhall_domain::users::EmailAddress;
    use unionhall_ports::mock::MockRepositories;

    use crate::{
        commands::{console, fixtures::over},
        passwords::BcryptHasher,
    };

    fn made(input: &str, from_input: bool) -> (console::Said, Option<NewPassword>) {
        let hasher = BcryptHasher::new(4).unwrap();
        let (application, _) = over(MockRepositories::default());
        let ada = EmailAddress::parse("ada.voltz@hall.example").unwrap();
        let known = KnownWords::default().address(&ada);
        let mut made = None;
        let said = console::run(input, |console| {
            let rules = &application.passwords;
            let password = NewPassword::make(&hasher, rules, &known, from_input, console)?;
            console.print(&password.shown())?;
            password.remind(console);
            made = Some(password);
            Ok(Exit::Done)
        });
        (said, made)
    }

    #[test]
    fn a_drawn_password_is_shown_and_is_the_one_that_was_hashed() {
        let (said, made) = made("", false);
        let shown = said.out.strip_prefix("password: ").unwrap().trim_end();
        let shown = Password::new(shown.to_owned()).unwrap();
        let hasher = BcryptHasher::new(4).unwrap();
        assert!(hasher.verify(&shown, Some(made.unwrap().hash)));
        assert!(said.err.contains("shown this once"));
    }

    #[test]
    fn a_given_password_is_not_shown() {
        let (said, made) = made("gravel otter sings low\n", true);
        assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
        assert!(made.is_some());
    }

    #[test]
    fn a_password_that_is_refused_is_the_callers_mistake_and_is_not_repeated() {
        for (input, words) in [
            ("short\n", "must have at least 15 characters"),
            ("qwerty123456789\n", "is on a list of common"),
            ("ada.voltz sings low\n", "the e-mail address"),
        ] {
            let (said, made) = made(input, true);
            assert_eq!(said.exit, Exit::Usage);
            assert!(said.err.contains(words), "{}", said.err);
            assert!(!said.err.contains(input.trim_end()), "{}", said.err);
            assert!(made.is_none());
        }
    }
}
