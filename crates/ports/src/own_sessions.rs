//! A person's own sessions, in storage: where they are signed in, and the alarms of spent tokens.

use jiff::Timestamp;
use unionhall_domain::users::{User, UserId};

use crate::{
    identity::{Session, SessionId},
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// A session that can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// The session.
    pub session: Session,
    /// When it was last used; up to a minute ago it may have been used since.
    pub last_used_at: Timestamp,
}

/// A refresh token that was presented a second time: somebody else may have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The session, which the alarm has ended.
    pub session: Session,
    /// When.
    pub at: Timestamp,
    /// From which network address.
    pub address: Option<String>,
    /// What the client said it was.
    pub device: Option<String>,
}

/// How sessions are sorted: by their last use alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionSort {
    /// By the last use.
    #[default]
    LastUsed,
}

/// How alarms are sorted: by time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AlarmSort {
    /// By time.
    #[default]
    Time,
}

/// A person's own sessions. Needs the identity scope.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait OwnSessions {
    /// The user's sessions that were not ended and whose refresh token can be used still at `now`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        user: UserId,
        now: Timestamp,
        request: &PageRequest<SessionSort>,
    ) -> Result<Page<OpenSession>, StorageError>;

    /// The user's alarms.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list_alarms(
        &mut self,
        user: UserId,
        request: &PageRequest<AlarmSort>,
    ) -> Result<Page<Alarm>, StorageError>;

    /// Ends a session of the user, and tells whether there was one to end.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end(
        &mut self,
        user: UserId,
        session: SessionId,
        at: Timestamp,
    ) -> Result<bool, StorageError>;

    /// Ends the user's sessions, but for `kept` if one is named, and tells how many were open.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end_all(
        &mut self,
        user: UserId,
        kept: Option<SessionId>,
        at: Timestamp,
    ) -> Result<u64, StorageError>;

    /// Ends a session because a spent token of it was presented, writes down who did that, and gives its user. A
    /// session has one alarm: nothing is given for a second one.
    ///
    /// # Errors
    /// [`StorageError`].
    fn raise_alarm(&mut self, alarm: &Alarm) -> Result<Option<User>, StorageError>;

    /// Writes down when sessions were used last; what is written later already stays.
    ///
    /// # Errors
    /// [`StorageError`].
    fn touch(&mut self, uses: &[(SessionId, Timestamp)]) -> Result<(), StorageError>;
}
