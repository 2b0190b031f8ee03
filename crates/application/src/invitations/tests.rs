//! Who is invited and who is not, and who gets in with what.

mod answering;
mod asking;

use unionhall_domain::{
    invitations::{Guest, Invitation, InvitationId, State, ValidFor},
    roles::Role,
    text::{Line, Prose},
    users::EmailAddress,
    version::Version,
};

use super::Invite;
use crate::fixtures::{CALLER, HALL, for_good, id, now};

/// The invitation of every test.
const INVITED: InvitationId = id(5_001);

fn email() -> EmailAddress {
    EmailAddress::parse("ada@spark.example").unwrap()
}

fn guest() -> Guest {
    Guest {
        first_name: Some(Line::parse("Ada").unwrap()),
        last_name: Some(Line::parse("Voltz").unwrap()),
        job_title: Some(Line::parse("Dispatcher").unwrap()),
    }
}

/// Ada, to be invited as staff.
fn invite() -> Invite {
    Invite {
        email: email(),
        roles: vec![for_good(Role::Staff)],
        guest: guest(),
        message: Some(Prose::parse("Welcome to the <b>office</b>!").unwrap()),
        member: None,
        valid_for: ValidFor::USUAL,
    }
}

/// Ada's invitation, which waits.
fn invitation() -> Invitation {
    Invitation {
        id: INVITED,
        tenant: HALL,
        email: email(),
        guest: guest(),
        message: None,
        roles: vec![for_good(Role::Staff)],
        member: None,
        invited_by: CALLER,
        state: State::Pending,
        sent_at: now(),
        expires_at: ValidFor::USUAL.from(now()),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}
