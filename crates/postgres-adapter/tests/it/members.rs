//! Contract of the repository of members.

mod brought_in;
mod lists;
pub(crate) mod plans;
mod search;
mod writing;

use unionhall_domain::{
    members::{Member, MemberDetails, MemberNumber},
    tenants::Tenant,
    text::Prose,
    users::EmailAddress,
};
use unionhall_ports::{
    members::{MemberFilter, MemberSort},
    pages::{Cursor, Direction, Page, PageRequest},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::builders::{self, line};

/// A page of `limit` rows in this order, from the beginning.
fn page(limit: u16, sort: MemberSort, direction: Direction) -> PageRequest<MemberSort> {
    PageRequest {
        limit,
        after: None,
        sort,
        direction,
        with_total: false,
    }
}

fn list(
    storage: &dyn UnitOfWork,
    tenant: &Tenant,
    filter: &MemberFilter,
    page: &PageRequest<MemberSort>,
) -> Page<Member> {
    storage
        .snapshot(Scope::Tenant(tenant.id), |tx| {
            tx.members().list(filter, page)
        })
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

/// Follows the cursors to the end, and gives the numbers of all members on the way.
fn walk(
    storage: &dyn UnitOfWork,
    tenant: &Tenant,
    filter: &MemberFilter,
    mut request: PageRequest<MemberSort>,
) -> Vec<String> {
    let mut numbers = Vec::new();
    loop {
        let page = list(storage, tenant, filter, &request);
        assert!(page.items.len() <= usize::from(request.limit));
        numbers.extend(
            page.items
                .iter()
                .map(|member| member.details.member_number.to_string()),
        );
        match page.next {
            None => return numbers,
            Some(next) => request.after = Some(next),
        }
    }
}

/// The family names of up to 100 members that match the words, by name.
fn found(storage: &dyn UnitOfWork, tenant: &Tenant, words: &str) -> Vec<String> {
    let filter = MemberFilter {
        search: Some(words.to_owned()),
        ..MemberFilter::default()
    };
    list(
        storage,
        tenant,
        &filter,
        &page(100, MemberSort::Name, Direction::Ascending),
    )
    .items
    .into_iter()
    .map(|member| member.details.last_name.to_string())
    .collect()
}

/// A member of whom everything is known.
fn whole_member(number: &str) -> Member {
    let member = builders::unstored_member(number, "María José", "Núñez");
    Member {
        details: MemberDetails {
            middle_name: Some(line("de la Luz")),
            address: Some(line("12 Union Street")),
            city: Some(line("Kent")),
            state: Some(line("WA")),
            zip_code: Some(line("98030")),
            phone: Some(line("206-555-0100")),
            email: Some(EmailAddress::parse("maria@hall.example").unwrap()),
            date_of_birth: Some(jiff::civil::date(1980, 5, 1)),
            hire_date: Some(jiff::civil::date(2001, 9, 3)),
            notes: Some(Prose::parse("Two lines:\n'quoted' and \\ and ?").unwrap()),
            ..member.details
        },
        ..member
    }
}

fn number(text: &str) -> MemberNumber {
    MemberNumber::parse(text).unwrap()
}

fn cursor(key: &str) -> Option<Cursor> {
    Some(Cursor {
        key: key.to_owned(),
        id: builders::fresh_uuid(),
    })
}
