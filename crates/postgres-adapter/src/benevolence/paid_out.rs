//! Payments of the whole fund in pages, each with the number of what it was granted to.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Date as SqlDate, Uuid as SqlUuid},
};
use unionhall_domain::benevolence::{BenevolenceNumber, PaidOut, Payment};
use unionhall_ports::{
    benevolence::{PaymentFilter, PaymentSort},
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use super::payments::PaymentRow;
use crate::{
    errors::InconsistentRow,
    lists::{day_key, one_more_than, place, sorted},
    rows::{count, page as page_of},
    schema::{benevolence_applications as applications, benevolence_payments as payments},
    stored::{StoredRow, day},
    unit_of_work::Transaction,
};

/// Payments joined with their applications, on the way to becoming a statement.
type Joined<'a> = diesel::helper_types::IntoBoxed<'a, with_applications, Pg>;

/// The payments of a tenant with their applications.
#[diesel::dsl::auto_type]
fn with_applications(tenant: Uuid) -> _ {
    payments::table
        .inner_join(
            applications::table.on(applications::tenant_id
                .eq(payments::tenant_id)
                .and(applications::id.eq(payments::application_id))),
        )
        .filter(payments::tenant_id.eq(tenant))
}

/// A payment, and the year and the place of its application's number.
type Columns = (PaymentRow, i16, i32);

/// The payments that match, in pages.
pub(super) fn list(
    tx: &mut Transaction<'_>,
    filter: &PaymentFilter,
    page: &PageRequest<PaymentSort>,
) -> Result<Page<PaidOut>, StorageError> {
    let PaymentSort::Day = page.sort;
    let tenant = tx.tenant()?.uuid();
    let total = if page.with_total {
        let total = matching(tenant, filter).select(count_star());
        Some(tx.query(|connection| total.get_result(connection).map(count))?)
    } else {
        None
    };
    let Ok(after) = place(page.after.as_ref(), day_key) else {
        return Ok(Page {
            items: Vec::new(),
            next: None,
            total,
        });
    };
    let query = matching(tenant, filter).select((
        PaymentRow::as_select(),
        applications::year,
        applications::place,
    ));
    // Ids of the same day are in the order in which they were made.
    let query = sorted!(
        query,
        page.direction,
        [payments::paid_on, payments::id] as (SqlDate, SqlUuid),
        after
    );
    let query = one_more_than(page.limit, query);
    let rows: Vec<Columns> = tx.query(|connection| query.load(connection))?;
    let found = tx.all(rows, paid_out)?;
    Ok(page_of(found, page.limit, total, |last| Cursor {
        key: last.payment.on.to_string(),
        id: last.payment.id.uuid(),
    }))
}

fn matching(tenant: Uuid, filter: &PaymentFilter) -> Joined<'static> {
    let mut query = with_applications(tenant).into_boxed();
    if let Some(from) = filter.from {
        query = query.filter(payments::paid_on.ge(day(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(payments::paid_on.le(day(until)));
    }
    if let Some(method) = filter.method {
        query = query.filter(payments::method.eq(method.as_str()));
    }
    match filter.reversed {
        Some(true) => query.filter(payments::reversed_at.is_not_null()),
        Some(false) => query.filter(payments::reversed_at.is_null()),
        None => query,
    }
}

fn paid_out((row, year, place): Columns) -> Result<PaidOut, InconsistentRow> {
    let payment = Payment::try_from(row)?;
    let from = StoredRow::new("benevolence_applications", payment.application.uuid());
    Ok(PaidOut {
        number: from.value("number", BenevolenceNumber::new(year, place))?,
        payment,
    })
}
