//! The keys of the installation, which sign access tokens and seal secrets: how they are written, how one is made
//! for development, what makes one weak.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};

use super::secret::Secret;

/// HMAC-SHA-256 wants as many bytes as it gives (RFC 7518, section 3.2).
const STRONG_BYTES: usize = 32;
/// Random keys of that length have far more different bytes than typed or repeated ones.
const STRONG_DISTINCT_BYTES: usize = 12;
/// The ids of keys that are made for development begin like this.
const DEVELOPMENT_PREFIX: &str = "development-";
/// Words of keys that were typed, not drawn: from manuals, examples and tests.
const WELL_KNOWN_WORDS: [&str; 8] = [
    "unionhall",
    "solidarity",
    "secret",
    "changeme",
    "change-me",
    "password",
    "example",
    "development",
];
/// The file in the data folder that keeps a development key, what it is for, and what its loss costs.
struct KeyFile {
    name: &'static str,
    what: &'static str,
    loss: &'static str,
}

const SIGNING: KeyFile = KeyFile {
    name: "signing-key",
    what: "signing key",
    loss: "everyone is signed out once",
};
const SEALING: KeyFile = KeyFile {
    name: "sealing-key",
    what: "sealing key",
    loss: "second factors that were set up must be reset",
};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const ANY_STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const ANY_URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// A key and the id by which a token (`kid`) or a sealed secret says which key it needs.
#[derive(Debug, Clone)]
pub struct SigningKey {
    /// 1 to 64 letters, digits, dots, hyphens and underscores.
    pub id: String,
    /// The key's bytes.
    pub secret: Secret<Vec<u8>>,
}

impl SigningKey {
    /// Why this key must not sign in production; `None` when it may.
    pub(super) fn weakness(&self) -> Option<String> {
        let bytes = self.secret.expose();
        let mut distinct = bytes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        if self.id.starts_with(DEVELOPMENT_PREFIX) {
            Some("was made for development and may lie in a laptop's data folder".to_owned())
        } else if bytes.len() < STRONG_BYTES {
            let length = bytes.len();
            Some(format!(
                "has {length} bytes; fewer than {STRONG_BYTES} can be guessed"
            ))
        } else if WELL_KNOWN_WORDS.iter().any(|word| text.contains(word)) {
            Some("is text that others know or can guess, not random bytes".to_owned())
        } else if distinct.len() < STRONG_DISTINCT_BYTES {
            Some("repeats the same few bytes; it is not random".to_owned())
        } else {
            None
        }
    }
}

/// Reads `id:base64,id:base64`; either alphabet of base64, padded or not.
pub(super) fn parse_all(text: &str) -> Result<Vec<SigningKey>, String> {
    let items = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    let mut keys: Vec<SigningKey> = Vec::new();
    for (place, item) in items.enumerate() {
        let Some(key) = parse(item) else {
            let place = place + 1;
            return Err(format!(
                "is not a list like 2026:base64,2025:base64 (see its entry {place})"
            ));
        };
        if keys.iter().any(|other| other.id == key.id) {
            return Err(format!("names the id {} twice", key.id));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn parse(text: &str) -> Option<SigningKey> {
    let (id, secret) = text.split_once(':')?;
    let letter = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let bytes = ANY_STANDARD
        .decode(secret)
        .or_else(|_| ANY_URL_SAFE.decode(secret))
        .ok()?;
    let fits = (1..=64).contains(&id.len()) && id.chars().all(letter) && !bytes.is_empty();
    fits.then(|| SigningKey {
        id: id.to_owned(),
        secret: Secret::new(bytes),
    })
}

/// Why the development key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyFileError {
    /// The file or its folder cannot be read or written.
    #[error("the development {what} {} cannot be read or written", path.display())]
    Io {
        /// What the key is for.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{} does not hold a {what}; delete it and start again: {loss}", path.display())]
    NotAKey {
        /// What the key is for.
        what: &'static str,
        /// What deleting it costs.
        loss: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// Others on this machine can read the file.
    #[error("{} can be read by others; `chmod 600` it, or delete it and start again", path.display())]
    ReadableByOthers {
        /// The file.
        path: PathBuf,
    },
    /// The system has no random bytes to give.
    #[error("there are no random bytes for a key: {0}")]
    NoRandomness(getrandom::Error),
}

/// The key of an installation that configures none: drawn once and kept in `<data_dir>/signing-key`,
/// readable by its owner alone, so that sign-ins outlive a restart. For development only.
///
/// # Errors
/// When the file cannot be made or read, holds something else, or others can read it.
pub fn development_signing_key(data_dir: &Path) -> Result<SigningKey, SigningKeyFileError> {
    kept_key(data_dir, &SIGNING)
}

/// The same for the key that seals secrets, in `<data_dir>/sealing-key`.
///
/// # Errors
/// As for [`development_signing_key`].
pub fn development_sealing_key(data_dir: &Path) -> Result<SigningKey, SigningKeyFileError> {
    kept_key(data_dir, &SEALING)
}

fn kept_key(data_dir: &Path, file: &KeyFile) -> Result<SigningKey, SigningKeyFileError> {
    let path = data_dir.join(file.name);
    match read_key(&path, file) {
        Err(SigningKeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            make_key(data_dir, &path, file)?;
            read_key(&path, file)
        }
        found => found,
    }
}

fn read_key(path: &Path, file: &KeyFile) -> Result<SigningKey, SigningKeyFileError> {
    let text = fs::read_to_string(path).map_err(|source| io_error(path, file, source))?;
    if is_readable_by_others(path).map_err(|source| io_error(path, file, source))? {
        return Err(SigningKeyFileError::ReadableByOthers {
            path: path.to_owned(),
        });
    }
    parse(text.trim()).ok_or_else(|| SigningKeyFileError::NotAKey {
        what: file.what,
        loss: file.loss,
        path: path.to_owned(),
    })
}

/// Writes a fresh key beside its place and moves it there whole; of two that start at once, one wins.
fn make_key(data_dir: &Path, path: &Path, file: &KeyFile) -> Result<(), SigningKeyFileError> {
    let (mut id, mut secret) = ([0_u8; 4], [0_u8; STRONG_BYTES]);
    getrandom::fill(&mut id).map_err(SigningKeyFileError::NoRandomness)?;
    getrandom::fill(&mut secret).map_err(SigningKeyFileError::NoRandomness)?;
    let id = u32::from_be_bytes(id);
    let line = format!("{DEVELOPMENT_PREFIX}{id:08x}:{}\n", STANDARD.encode(secret));
    let write = || {
        fs::create_dir_all(data_dir)?;
        // Temporary files are readable by their owner alone from the first moment.
        let mut fresh = tempfile::NamedTempFile::new_in(data_dir)?;
        fresh.write_all(line.as_bytes())?;
        fresh.as_file().sync_all()?;
        match fresh.persist_noclobber(path) {
            Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
            _ => Ok(()),
        }
    };
    write().map_err(|source| io_error(path, file, source))
}

#[cfg(unix)]
fn is_readable_by_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_others(_path: &Path) -> io::Result<bool> {
    Ok(false)
}

fn io_error(path: &Path, file: &KeyFile, source: io::Error) -> SigningKeyFileError {
    SigningKeyFileError::Io {
        what: file.what,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str, bytes: &[u8]) -> SigningKey {
        SigningKey {
            id: id.to_owned(),
            secret: Secret::new(bytes.to_vec()),
        }
    }

    #[test]
    fn keys_are_read_in_either_alphabet_with_or_without_padding() {
        let keys = parse_all("a:+/8=, b:-_8,c:AQID").unwrap();
        let bytes: Vec<_> = keys
            .iter()
            .map(|key| key.secret.expose().as_slice())
            .collect();
        assert_eq!(bytes, [&[0xfb, 0xff][..], &[0xfb, 0xff], &[1, 2, 3]]);
        assert_eq!(keys[1].id, "b");
    }

    #[test]
    fn what_is_not_a_key_is_refused_without_being_repeated() {
        for (text, reason) in [
            ("AQID", "entry 1"),
            ("a:AQID,b:!!!", "entry 2"),
            ("a b:AQID", "entry 1"),
            ("a:", "entry 1"),
            ("a:AQID,a:AQIE", "id a twice"),
        ] {
            let error = parse_all(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
            assert!(!error.contains("AQID"), "{error}");
        }
    }

    #[test]
    fn weak_keys_say_why() {
        let random: Vec<u8> = (0..32).map(|byte| byte * 7).collect();
        assert_eq!(key("2026", &random).weakness(), None);
        for (weak, why) in [
            (key("2026", &random[..31]), "has 31 bytes"),
            (key("2026", &[7; 32]), "same few bytes"),
            (
                key("2026", b"This-is-the-SECRET-of-the-local-1234"),
                "can guess",
            ),
            (key("development-0badcafe", &random), "for development"),
        ] {
            let found = weak.weakness().unwrap();
            assert!(found.contains(why), "{found}");
        }
    }

    #[test]
    fn the_development_key_is_drawn_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("not/yet/there");
        let first = development_signing_key(&data).unwrap();
        let second = development_signing_key(&data).unwrap();
        assert_eq!(first.id, second.id);
        assert_eq!(first.secret.expose(), second.secret.expose());
        assert_eq!(first.secret.expose().len(), STRONG_BYTES);
        let elsewhere = development_signing_key(&folder.path().join("other")).unwrap();
        assert_ne!(first.secret.expose(), elsewhere.secret.expose());
        let sealing = development_sealing_key(&data).unwrap();
        assert_ne!(first.secret.expose(), sealing.secret.expose());
    }

    #[test]
    fn of_many_that_start_at_once_all_use_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let ids: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| development_signing_key(folder.path()).unwrap().id))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }

    #[cfg(unix)]
    #[test]
    fn the_development_key_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        development_signing_key(folder.path()).unwrap();
        let path = folder.path().join(SIGNING.name);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = development_signing_key(folder.path()).unwrap_err();
        assert!(
            matches!(error, SigningKeyFileError::ReadableByOthers { .. }),
            "{error}"
        );
    }

    #[test]
    fn a_file_that_holds_something_else_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        development_signing_key(folder.path()).unwrap();
        fs::write(folder.path().join(SIGNING.name), "something else").unwrap();
        let error = development_signing_key(folder.path()).unwrap_err();
        assert!(error.to_string().contains("delete it"), "{error}");
        assert_eq!(
            fs::read_to_string(folder.path().join(SIGNING.name)).unwrap(),
            "something else"
        );
    }
}
