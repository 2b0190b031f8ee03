//! The three columns that hold what was agreed, on a grievance and on the record of a meeting.

use unionhall_domain::{grievances::Settlement, money::Amount, text::Prose};

use crate::{
    errors::InconsistentRow,
    stored::{StoredRow, day},
};

/// Resolution, day and amount (minor units), all null when nothing was agreed.
pub(super) type Columns = (Option<String>, Option<jiff_diesel::Date>, Option<i64>);

/// The columns of a settlement.
pub(super) fn columns(settlement: Option<&Settlement>) -> Columns {
    let Some(settlement) = settlement else {
        return (None, None, None);
    };
    let Settlement {
        resolution,
        date,
        amount,
    } = settlement;
    (
        Some(resolution.to_string()),
        Some(day(*date)),
        amount.map(Amount::minor),
    )
}

/// The settlement in the columns, if there is one.
pub(super) fn read(
    from: StoredRow,
    (resolution, date, amount): Columns,
) -> Result<Option<Settlement>, InconsistentRow> {
    match (resolution, date) {
        (None, None) if amount.is_none() => Ok(None),
        (Some(resolution), Some(date)) => Ok(Some(Settlement {
            resolution: from.value("resolution", Prose::parse(&resolution))?,
            date: date.to_jiff(),
            amount: amount
                .map(|amount| from.value("settlement_amount", Amount::from_minor(amount)))
                .transpose()?,
        })),
        (None | Some(_), None | Some(_)) => {
            Err(from.inconsistent("resolution, resolution_date and settlement_amount contradict"))
        }
    }
}
