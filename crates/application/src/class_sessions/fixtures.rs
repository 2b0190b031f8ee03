//! Sessions that the tests of several features begin with.

use jiff::{ToSpan, civil::time};
use unionhall_domain::{
    class_sessions::{ClassSession, ClockTimes, SessionDetails, SessionTimes},
    version::Version,
};

use crate::fixtures::{id, now, tenant};

/// An evening so many days after the present of every test, from 18:00 to 21:00.
pub(crate) fn session(days: i32) -> ClassSession {
    let today = tenant().time_zone.day_of(now());
    let date = today.checked_add(days.days()).unwrap();
    let clock = ClockTimes {
        date,
        start: time(18, 0, 0, 0),
        end_date: date,
        end: time(21, 0, 0, 0),
    };
    ClassSession {
        id: id(8_200_u128.checked_add_signed(days.into()).unwrap()),
        class: id(8_101),
        series: None,
        times: SessionTimes::new(clock, &tenant().time_zone).unwrap(),
        details: SessionDetails::default(),
        cancelled: None,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}
