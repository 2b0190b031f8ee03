//! How sessions and alarms are shown to whoever they are of.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::{
    own_sessions::{Alarm, OpenSession},
    sessions::SessionId,
};
use utoipa::ToSchema;

use super::super::shown::Shown;

/// A sign-in on one device.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<SessionId>,
    /// What the client said it was.
    #[schema(required = true)]
    device: Option<&'a str>,
    /// The network address that the sign-in came from.
    #[schema(required = true)]
    address: Option<&'a str>,
    /// When the person signed in.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last used.
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Shown<Timestamp>,
    /// Whether this request comes from it.
    is_current: bool,
}

impl<'a> From<&'a OpenSession> for SessionView<'a> {
    fn from(open: &'a OpenSession) -> Self {
        let OpenSession {
            session,
            last_used_at,
        } = open;
        Self {
            id: Shown(session.id),
            device: session.device.as_deref(),
            address: session.address.as_deref(),
            created_at: Shown(session.created_at),
            last_used_at: Shown(*last_used_at),
            is_current: false,
        }
    }
}

impl SessionView<'_> {
    /// The same, seen from this session.
    pub(super) fn seen_from(self, present: Option<SessionId>) -> Self {
        Self {
            is_current: present == Some(self.id.0),
            ..self
        }
    }
}

/// A refresh token that was used a second time.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionAlarm)]
pub(super) struct AlarmView<'a> {
    /// The session that was ended for it.
    #[schema(value_type = String, format = "uuid")]
    session_id: Shown<SessionId>,
    /// When the token was used a second time.
    #[schema(value_type = String, format = DateTime)]
    at: Shown<Timestamp>,
    /// From which network address.
    #[schema(required = true)]
    address: Option<&'a str>,
    /// What the client said it was.
    #[schema(required = true)]
    device: Option<&'a str>,
    /// The network address that the sign-in had come from.
    #[schema(required = true)]
    session_address: Option<&'a str>,
    /// What the client had said it was at the sign-in.
    #[schema(required = true)]
    session_device: Option<&'a str>,
    /// When the person had signed in.
    #[schema(value_type = String, format = DateTime)]
    session_created_at: Shown<Timestamp>,
}

impl<'a> From<&'a Alarm> for AlarmView<'a> {
    fn from(alarm: &'a Alarm) -> Self {
        let Alarm {
            session,
            at,
            address,
            device,
        } = alarm;
        Self {
            session_id: Shown(session.id),
            at: Shown(*at),
            address: address.as_deref(),
            device: device.as_deref(),
            session_address: session.address.as_deref(),
            session_device: session.device.as_deref(),
            session_created_at: Shown(session.created_at),
        }
    }
}
