//! Tests of the fund as a whole.

mod histories;
mod waiting;
