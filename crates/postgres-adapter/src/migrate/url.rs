//! The role and the password in a database address.

use super::MigrateError;

/// Who signs in with an address.
pub(super) struct Login {
    /// The role's name.
    pub(super) role: String,
    /// Its password, if the address has one.
    pub(super) password: Option<String>,
}

impl Login {
    /// Reads an address of the form `postgresql://role:password@…`.
    pub(super) fn parse(url: &str) -> Result<Self, MigrateError> {
        let rest = ["postgresql://", "postgres://"]
            .iter()
            .find_map(|scheme| url.strip_prefix(scheme))
            .ok_or(MigrateError::Url)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let (login, _) = authority.rsplit_once('@').ok_or(MigrateError::Url)?;
        let (role, password) = match login.split_once(':') {
            Some((role, password)) => (role, Some(decode(password)?)),
            None => (login, None),
        };
        let role = decode(role)?;
        if role.is_empty() {
            return Err(MigrateError::Url);
        }
        Ok(Self { role, password })
    }
}

/// Undoes percent-encoding (RFC 3986).
fn decode(text: &str) -> Result<String, MigrateError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(high << 4 | low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| MigrateError::Url)
}

fn digit(byte: Option<u8>) -> Result<u8, MigrateError> {
    byte.and_then(|byte| char::from(byte).to_digit(16))
        .and_then(|value| u8::try_from(value).ok())
        .ok_or(MigrateError::Url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_and_password_are_read_out_of_an_address() {
        let login = Login::parse("postgresql://union%40hall:a%2Fb%3a@[::1]:5432/hall?x=@").unwrap();
        assert_eq!(login.role, "union@hall");
        assert_eq!(login.password.as_deref(), Some("a/b:"));
        let login = Login::parse("postgres://unionhall@%2Frun%2Fsocket:5432/hall").unwrap();
        assert_eq!(login.role, "unionhall");
        assert_eq!(login.password, None);
    }

    #[test]
    fn what_has_no_role_is_refused() {
        for url in [
            "",
            "hall",
            "postgresql://host/hall",
            "postgresql://@host/hall",
            "mysql://a@b/c",
            "postgres://a%4@b/c",
        ] {
            assert!(matches!(Login::parse(url), Err(MigrateError::Url)), "{url}");
        }
    }
}
