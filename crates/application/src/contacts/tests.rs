//! Tests of the use cases of contacts.

use std::sync::Arc;

use unionhall_domain::{
    change::Change,
    contacts::{Contact, ContactChange, ContactDetails, Rank},
    ids::Id,
    roles::Role,
    text::Line,
    version::Version,
};
use unionhall_ports::{
    contacts::ContactFilter, mock::MockRepositories, pages::Page, unit_of_work::Decision,
};

use super::{NewContact, UpdateContact};
use crate::{
    error::Code,
    fixtures::{
        EMPLOYER, Hall, Shared, audited, call, code, id, if_match, now, organization, page, told,
        wrong_fields,
    },
};

const IRA: Id<Contact> = id(5_001);
const MAY: Id<Contact> = id(5_002);

fn details(first_name: &str) -> ContactDetails {
    ContactDetails {
        first_name: Line::parse(first_name).unwrap(),
        last_name: Line::parse("Ohm").unwrap(),
        title: None,
        phone: None,
        email: None,
        notes: None,
    }
}

fn contact(id: Id<Contact>, rank: Rank) -> Contact {
    Contact {
        id,
        organization: EMPLOYER,
        details: details(if id == IRA { "Ira" } else { "May" }),
        rank,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

fn new(rank: Rank) -> NewContact {
    NewContact {
        organization: EMPLOYER,
        details: details("May"),
        rank,
    }
}

fn ranked(rank: Rank) -> UpdateContact {
    UpdateContact {
        rank: Change::Set(rank),
        ..UpdateContact::default()
    }
}

/// Mocks of an organization whose primary contact is Ira, if there is one, and where May works too.
fn with(primary: Option<Id<Contact>>) -> (MockRepositories, Shared<Contact>) {
    let mut mocks = MockRepositories::default();
    mocks
        .organizations
        .expect_lock()
        .returning(|id| Ok((id == EMPLOYER).then(organization)));
    let rank = move |id| Rank::of(primary == Some(id));
    mocks
        .contacts
        .expect_find()
        .returning(move |id| Ok([IRA, MAY].contains(&id).then(|| contact(id, rank(id)))));
    mocks
        .contacts
        .expect_primary()
        .returning(move |_| Ok(primary.map(|id| contact(id, Rank::Primary))));
    let written = Shared::default();
    let (inserts, updates) = (Arc::clone(&written), Arc::clone(&written));
    mocks.contacts.expect_insert().returning(move |contact| {
        inserts.lock().unwrap().push(contact.clone());
        Ok(())
    });
    mocks.contacts.expect_update().returning(move |contact| {
        updates.lock().unwrap().push(contact.clone());
        Ok(())
    });
    (mocks, written)
}

/// What was written, in order: who, and whether as the primary contact.
fn ranks(written: &Shared<Contact>) -> Vec<(String, bool)> {
    let written = written.lock().unwrap();
    let told = |contact: &Contact| {
        let name = contact.details.first_name.to_string();
        (name, contact.rank.is_primary())
    };
    written.iter().map(told).collect()
}

fn expected(ranks: &[(&str, bool)]) -> Vec<(String, bool)> {
    let owned = |(name, is_primary): &(&str, bool)| ((*name).to_owned(), *is_primary);
    ranks.iter().map(owned).collect()
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let contacts = &hall.application.contacts;
    let (member, reader) = (call(Role::Member), call(Role::Organizer));
    let codes = [
        code(contacts.create(&reader, new(Rank::Other))),
        code(contacts.find(&member, IRA)),
        code(contacts.list(&member, &ContactFilter::default(), &page())),
        code(contacts.update(&reader, IRA, ranked(Rank::Primary))),
        code(contacts.delete(&reader, IRA)),
        code(contacts.restore(&reader, IRA)),
    ];
    assert_eq!(codes, [Code::Forbidden; 6]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn the_first_contact_is_primary_whatever_is_said_and_the_next_only_if_it_is_said() {
    for (present, wanted, kept) in [
        (None, Rank::Other, vec![("May", true)]),
        (None, Rank::Primary, vec![("May", true)]),
        (Some(IRA), Rank::Other, vec![("May", false)]),
        (
            Some(IRA),
            Rank::Primary,
            vec![("Ira", false), ("May", true)],
        ),
    ] {
        let (mut mocks, written) = with(present);
        audited(&mut mocks);
        let hall = Hall::over(mocks);
        let contacts = &hall.application.contacts;
        contacts.create(&call(Role::Staff), new(wanted)).unwrap();
        assert!(hall.committed());
        assert_eq!(ranks(&written), expected(&kept));
    }
}

#[test]
fn making_another_contact_primary_takes_the_place_from_the_one_before_and_both_are_on_record() {
    let (mut mocks, written) = with(Some(IRA));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let contacts = &hall.application.contacts;
    let after = contacts
        .update(&call(Role::Staff), MAY, ranked(Rank::Primary))
        .unwrap();
    assert_eq!(after.version.get(), 2);
    assert_eq!(
        ranks(&written),
        expected(&[("Ira", false), ("May", true)]),
        "the place is empty before it is taken"
    );
    assert_eq!(told(&events), [("updated", "contact"); 2]);
}

#[test]
fn the_primary_contact_does_not_step_down_by_itself() {
    let (mocks, written) = with(Some(IRA));
    let hall = Hall::over(mocks);
    let contacts = &hall.application.contacts;
    let result = contacts.update(&call(Role::Staff), IRA, ranked(Rank::Other));
    assert_eq!(
        wrong_fields(result),
        [("is_primary".to_owned(), "still_primary")]
    );
    assert!(hall.rolled_back());
    assert_eq!(ranks(&written), []);
}

#[test]
fn a_change_that_changes_nothing_leaves_no_trace_and_one_of_a_name_asks_for_no_lock() {
    let (mut mocks, written) = with(Some(IRA));
    mocks.organizations = Default::default();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let contacts = &hall.application.contacts;
    let staff = call(Role::Staff);
    contacts.update(&staff, IRA, ranked(Rank::Primary)).unwrap();
    assert_eq!(told(&events), []);
    let title = UpdateContact {
        details: ContactChange {
            title: Change::Set(Some(Line::parse("Owner").unwrap())),
            ..ContactChange::default()
        },
        ..UpdateContact::default()
    };
    contacts.update(&staff, IRA, title).unwrap();
    assert_eq!(ranks(&written), expected(&[("Ira", true)]));
}

#[test]
fn when_the_primary_contact_goes_the_eldest_follows_and_when_another_goes_nobody_does() {
    for (leaving, left, kept) in [
        (IRA, Some(MAY), vec![("Ira", false), ("May", true)]),
        (IRA, None, vec![("Ira", false)]),
        (MAY, Some(IRA), vec![("May", false)]),
    ] {
        let (mut mocks, written) = with(Some(IRA));
        audited(&mut mocks);
        mocks
            .contacts
            .expect_eldest()
            .returning(move |_| Ok(left.map(|id| contact(id, Rank::Other))));
        let hall = Hall::over(mocks);
        let contacts = &hall.application.contacts;
        contacts.delete(&call(Role::Staff), leaving).unwrap();
        assert!(hall.committed());
        assert_eq!(ranks(&written), expected(&kept));
    }
}

#[test]
fn a_contact_comes_back_as_primary_only_where_there_is_none() {
    for (present, is_primary) in [(None, true), (Some(IRA), false)] {
        let (mut mocks, written) = with(present);
        let events = audited(&mut mocks);
        mocks.contacts.expect_find_deleted().returning(|id| {
            let deleted_at = Some(now());
            let gone = contact(MAY, Rank::Other);
            Ok((id == MAY).then_some(Contact { deleted_at, ..gone }))
        });
        let hall = Hall::over(mocks);
        let contacts = &hall.application.contacts;
        let back = contacts.restore(&call(Role::Staff), MAY).unwrap();
        assert_eq!((back.deleted_at, back.version.get()), (None, 2));
        assert_eq!(ranks(&written), expected(&[("May", is_primary)]));
        assert_eq!(told(&events), [("restored", "contact")]);
        let result = contacts.restore(&call(Role::Staff), id(9));
        assert_eq!(code(result), Code::NotFound);
    }
}

#[test]
fn an_organization_that_is_not_there_has_no_contacts() {
    let (mut mocks, written) = with(None);
    mocks.organizations = Default::default();
    mocks.organizations.expect_lock().returning(|_| Ok(None));
    let hall = Hall::over(mocks);
    let result = hall
        .application
        .contacts
        .create(&call(Role::Staff), new(Rank::Other));
    assert_eq!(
        wrong_fields(result),
        [("organization_id".to_owned(), "unknown_organization")]
    );
    assert_eq!(ranks(&written), []);
}

#[test]
fn whoever_saw_another_version_changes_nothing() {
    let (mocks, _) = with(Some(IRA));
    let hall = Hall::over(mocks);
    let contacts = &hall.application.contacts;
    let stale = if_match(call(Role::Staff), 2);
    let codes = [
        code(contacts.update(&stale, MAY, ranked(Rank::Primary))),
        code(contacts.delete(&stale, MAY)),
    ];
    assert_eq!(codes, [Code::Stale; 2]);
}

#[test]
fn what_may_be_done_depends_on_the_role_and_the_rank() {
    let hall = Hall::untouchable();
    let contacts = &hall.application.contacts;
    let actions = |role, rank| contacts.allowed_actions(&call(role).actor, &contact(IRA, rank));
    assert_eq!(
        actions(Role::Staff, Rank::Other),
        ["update", "delete", "make_primary"]
    );
    assert_eq!(actions(Role::Staff, Rank::Primary), ["update", "delete"]);
    assert!(actions(Role::Organizer, Rank::Other).is_empty());
}

#[test]
fn finding_and_listing_read_in_the_callers_tenant() {
    let (mut mocks, _) = with(Some(IRA));
    mocks.contacts.expect_list().returning(|_, _| {
        Ok(Page {
            items: vec![contact(IRA, Rank::Primary)],
            next: None,
            total: None,
        })
    });
    let hall = Hall::over(mocks);
    let contacts = &hall.application.contacts;
    let reader = call(Role::Organizer);
    assert_eq!(contacts.find(&reader, IRA).unwrap().id, IRA);
    let found = contacts.list(&reader, &ContactFilter::default(), &page());
    assert_eq!(found.unwrap().items.len(), 1);
    assert_eq!(code(contacts.find(&reader, id(9))), Code::NotFound);
    assert!(hall.runs().iter().all(|run| run.2 == Decision::Commit));
}
