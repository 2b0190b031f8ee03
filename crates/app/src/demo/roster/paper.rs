//! A list as a CSV file that lies in memory.

use std::io::{self, Cursor, Read};

use unionhall_application::imports::Sheet;
use unionhall_domain::{audit::Fields, members::MemberDetails};

/// A CSV file (RFC 4180) with a column for each field.
pub(in crate::demo) struct Paper(String);

impl Paper {
    /// The roster of these members, under the names that fields have on the wire.
    pub(in crate::demo) fn of(members: &[MemberDetails]) -> Self {
        let rows: Vec<Fields> = members.iter().map(MemberDetails::fields).collect();
        Self::of_rows(&rows)
    }

    /// These rows, under the names that their fields have on the wire.
    pub(in crate::demo) fn of_rows(rows: &[Fields]) -> Self {
        let heading = rows.iter().take(1).map(|fields| {
            let names = fields.iter().map(|(name, _)| (*name).to_owned());
            line(names)
        });
        let rows = rows.iter().map(|fields| {
            let values = fields.iter().map(|(_, value)| quoted(value.as_deref()));
            line(values)
        });
        Self(heading.chain(rows).collect())
    }
}

impl Sheet for Paper {
    fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<_> = cells.collect();
    format!("{}\n", cells.join(","))
}

fn quoted(value: Option<&str>) -> String {
    value.map_or_else(String::new, |text| {
        format!("\"{}\"", text.replace('"', "\"\""))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::demo::roster;

    #[test]
    fn a_roster_has_a_heading_and_a_line_for_each_member() {
        let members = roster::of_the_local(date(2026, 11, 21)).unwrap();
        let paper = Paper::of(&members);
        let mut lines = paper.0.lines();
        assert!(
            lines
                .next()
                .unwrap()
                .starts_with("member_number,first_name,")
        );
        assert_eq!(lines.count(), members.len());
    }

    #[test]
    fn quotes_and_commas_stay_inside_their_cell() {
        assert_eq!(quoted(Some("Ave 5, \"rear\"")), "\"Ave 5, \"\"rear\"\"\"");
        assert_eq!(quoted(None), "");
    }
}
