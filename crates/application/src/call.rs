//! One call of a use case: who calls, from where, and on what terms.

use std::{any::Any, fmt, sync::Arc};

use unionhall_domain::version::Version;
use unionhall_ports::{audit::Origin, idempotency::StoredAnswer};

use crate::{actor::Actor, error::CallError};

/// Everything a use case knows about its caller.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who acts.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
    /// Whether the change is only rehearsed: everything is done, nothing is kept.
    pub dry_run: bool,
    /// The versions that the caller has seen and means (`If-Match`); `None` for any.
    pub expected: Option<Vec<Version>>,
    /// How the request is known when it comes again (`Idempotency-Key`).
    pub retry: Option<Retry>,
    /// Whether what is read is part of something that is on record as a whole, such as an export.
    pub(crate) on_record: bool,
}

impl Call {
    /// A plain call: for real, whatever the version, not to be repeated.
    pub const fn new(actor: Actor, origin: Origin) -> Self {
        Self {
            actor,
            origin,
            dry_run: false,
            expected: None,
            retry: None,
            on_record: false,
        }
    }

    /// Goes on if the caller has seen this version, or did not say.
    ///
    /// # Errors
    /// [`CallError::Stale`].
    pub fn expects(&self, present: Version) -> Result<(), CallError> {
        match &self.expected {
            Some(versions) if !versions.contains(&present) => Err(CallError::Stale),
            Some(_) | None => Ok(()),
        }
    }

    /// Goes on if the caller did not say which version: the record has none that could be meant.
    ///
    /// # Errors
    /// [`CallError::Stale`].
    pub const fn expects_none(&self) -> Result<(), CallError> {
        match self.expected {
            Some(_) => Err(CallError::Stale),
            None => Ok(()),
        }
    }
}

/// A request that may come again, and how its answer is made so that it can be kept.
#[derive(Clone)]
pub struct Retry {
    /// The key the client chose.
    pub key: String,
    /// SHA-256 of method, path, query and body.
    pub fingerprint: [u8; 32],
    render: Arc<Render>,
}

/// Makes the answer to a result, if the result is of the type it was announced as.
type Render = dyn Fn(&dyn Any) -> Option<StoredAnswer> + Send + Sync;

impl Retry {
    /// A request whose result, a `T`, is answered as `render` says.
    pub fn new<T: 'static>(
        key: String,
        fingerprint: [u8; 32],
        render: impl Fn(&T) -> Option<StoredAnswer> + Send + Sync + 'static,
    ) -> Self {
        Self {
            key,
            fingerprint,
            render: Arc::new(move |result| result.downcast_ref().and_then(&render)),
        }
    }

    /// The answer to a result; none when the result is not what the face said it would be.
    pub(crate) fn answer(&self, result: &dyn Any) -> Option<StoredAnswer> {
        (self.render)(result)
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use unionhall_domain::roles::Role;

    use super::*;
    use crate::{
        error::Code,
        fixtures::{call, code, if_match},
    };

    #[test]
    fn who_says_nothing_means_any_version_and_who_says_one_means_it() {
        let present = Version::FIRST;
        assert!(call(Role::Staff).expects(present).is_ok());
        assert!(if_match(call(Role::Staff), 1).expects(present).is_ok());
        let stale = if_match(call(Role::Staff), 2).expects(present);
        assert_eq!(code(stale), Code::Stale);
    }

    #[test]
    fn one_of_several_versions_is_enough_and_an_empty_list_fits_none() {
        let mut call = if_match(call(Role::Staff), 2);
        call.expected.as_mut().unwrap().push(Version::FIRST);
        assert!(call.expects(Version::FIRST).is_ok());
        call.expected = Some(Vec::new());
        assert_eq!(code(call.expects(Version::FIRST)), Code::Stale);
    }

    #[test]
    fn a_retry_shows_its_key_and_renders_only_the_type_it_was_made_for() {
        let render = |text: &String| {
            Some(StoredAnswer {
                status: 200,
                body: text.clone(),
                ..StoredAnswer::default()
            })
        };
        let retry = Retry::new("key-1".to_owned(), [0; 32], render);
        let answer = retry.answer(&"done".to_owned()).unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (200, "done"));
        assert_eq!(retry.answer(&7), None);
        assert_eq!(format!("{retry:?}"), r#"Retry { key: "key-1", .. }"#);
    }
}
