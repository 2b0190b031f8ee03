//! How a file may be written, and what is said of one that cannot be read.

use jiff::civil::date;
use unionhall_domain::members::{MemberClassification as C, MemberStatus as S};

use super::{
    super::{columns::Field, values},
    hall::{Books, STRICT, brief, refused, unreadable},
};
use crate::{
    error::Code,
    fixtures::code,
    imports::{columns::Field as _, values::date as parsed},
};

const HEADINGS: &str = "number,first,last,class";

/// The text in UTF-16, low bytes first, with its mark.
fn utf_16le(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

/// The text in UTF-16, high bytes first, with its mark.
fn utf_16be(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    bytes
}

#[test]
fn every_common_encoding_is_recognised_and_read() {
    let text = format!("{HEADINGS}\n1,José,Núñez,JW\n");
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let table = [
        (text.clone().into_bytes(), "UTF-8"),
        (format!("\u{feff}{text}").into_bytes(), "UTF-8"),
        (utf_16le(&text), "UTF-16LE"),
        (utf_16be(&text), "UTF-16BE"),
        (windows.into_owned(), "windows-1252"),
    ];
    for (file, encoding) in table {
        let books = Books::empty();
        let report = books.import(file, STRICT).unwrap();
        assert_eq!(report.encoding, encoding);
        let found = books.member("1").details;
        assert_eq!(found.first_name.as_str(), "José", "{encoding}");
        assert_eq!(found.last_name.as_str(), "Núñez", "{encoding}");
    }
}

#[test]
fn an_accent_far_into_the_file_still_decides_its_encoding() {
    let mut file = HEADINGS.to_owned().into_bytes();
    for number in 0..2_000 {
        file.extend_from_slice(format!("\n{number},Ada,Voltz,JW").as_bytes());
    }
    file.extend_from_slice(b"\n9999,Ren\xe9e,Voltz,JW");
    let books = Books::empty();
    assert_eq!(books.import(file, STRICT).unwrap().encoding, "windows-1252");
    assert_eq!(books.member("9999").details.first_name.as_str(), "Renée");
}

#[test]
fn the_delimiter_is_the_one_that_makes_sense_of_the_headings() {
    for delimiter in [',', ';', '\t'] {
        let line = |cells: &[&str]| cells.join(&delimiter.to_string());
        let headings = line(&["number", "first", "last", "class", "\"notes, or; so\""]);
        let row = line(&["1", "Ada", "Voltz", "JW", "\"a, b; c\td\""]);
        let books = Books::empty();
        let report = books.import(format!("{headings}\n{row}\n"), STRICT);
        let report = report.unwrap();
        assert_eq!(report.delimiter, delimiter);
        assert_eq!(report.created, 1);
        assert_eq!(report.ignored_columns, ["notes, or; so"]);
    }
}

#[test]
fn line_breaks_of_every_system_and_a_missing_last_one_make_the_same_rows() {
    for line_break in ["\n", "\r\n", "\r"] {
        for last in ["", line_break] {
            let lines = [HEADINGS, "1,Ada,Voltz,JW", "2,Grace,Okafor,??"];
            let file = lines.join(line_break) + last;
            let report = refused(Books::empty().import(file, STRICT));
            assert_eq!(
                brief(&report.errors),
                [(3, 2, "class", "unknown_value")],
                "{line_break:?}"
            );
        }
    }
}

#[test]
fn a_row_is_named_by_the_line_it_begins_on_whatever_stands_before_it() {
    let file = "\n\nnumber,first,last,class,notes\r\n\
                1,Ada,Voltz,JW,\"one\r\ntwo\r\n\r\nfour\"\r\n\
                \r\n,,,,\r\n   ,,,\" \",\r\n\
                2,Grace,Okafor,JW,\"open\nand shut\"\r\n\
                3,Mei,Huang,wizard,\r\n";
    let books = Books::empty();
    let report = refused(books.import(file, STRICT));
    assert_eq!(brief(&report.errors), [(13, 3, "class", "unknown_value")]);
    assert_eq!(report.rows, 3);
}

#[test]
fn quoted_line_breaks_stay_in_notes_and_join_the_lines_of_an_address() {
    let file = format!(
        "{HEADINGS},address,city,notes\n\
         1,Ada,Voltz,JW,\"12 Rainier Ave S,\n  Apt 4B\",\"Federal\nWay\",\"one\ntwo\"\n"
    );
    let books = Books::empty();
    books.import(file, STRICT).unwrap();
    let found = books.member("1").details;
    assert_eq!(found.address.unwrap().as_str(), "12 Rainier Ave S, Apt 4B");
    assert_eq!(found.city.unwrap().as_str(), "Federal Way");
    assert_eq!(found.notes.unwrap().as_str(), "one\ntwo");
}

#[test]
fn a_file_that_is_no_text_is_told_what_it_is() {
    let table: [(&[u8], &str); 6] = [
        (b"", "it is empty"),
        (b" \n\r\n,,,\n", "it holds no rows"),
        (b"PK\x03\x04....", "Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"number,first\n1,A\0da\n", "binary"),
        (b"\xef\xbb\xbfnumber,first\n1,Jos\xe9\n", "encoding"),
    ];
    for (file, reason) in table {
        let result = Books::empty().import(file, STRICT);
        let said = unreadable(result);
        assert!(said.contains(reason), "{said}");
    }
}

#[test]
fn an_unreadable_file_is_a_bad_request_and_touches_nothing() {
    let books = Books::empty();
    assert_eq!(code(books.import("", STRICT)), Code::BadRequest);
    assert_eq!(books.hall.runs(), []);
}

#[test]
fn a_quote_that_is_never_closed_is_found_with_its_line() {
    let file = "number,first,last,class,notes\n1,A,B,JW,\n2,C,D,JW,\"open\n3,E,F,JW,\n";
    let said = unreadable(Books::empty().import(file, STRICT));
    assert_eq!(
        said,
        "a quote is opened in the row that begins on line 3 and never closed"
    );
}

#[test]
fn a_quote_that_is_never_closed_in_a_large_file_fills_no_memory() {
    let mut file = format!("{HEADINGS}\n1,\"A,B,JW\n");
    while file.len() < 1_200_000 {
        file.push_str(&"2,Grace,Okafor,JW\n".repeat(1_000));
    }
    let said = unreadable(Books::empty().import(file, STRICT));
    assert!(said.contains("longer than 1 MiB"), "{said}");
    assert!(said.contains("line 2"), "{said}");
}

#[test]
fn headings_are_known_by_their_usual_names_whatever_their_case_and_punctuation() {
    let table = [
        ("member_number", Field::MemberNumber),
        ("Member #", Field::MemberNumber),
        ("MEMBER NO.", Field::MemberNumber),
        ("Card No", Field::MemberNumber),
        ("Local ID", Field::MemberNumber),
        (" First ", Field::FirstName),
        ("Given Name", Field::FirstName),
        ("LAST", Field::LastName),
        ("Surname", Field::LastName),
        ("M.I.", Field::MiddleName),
        ("Street-Address", Field::Address),
        ("Town", Field::City),
        ("State/Province", Field::State),
        ("Zip", Field::ZipCode),
        ("Postal Code", Field::ZipCode),
        ("Cell", Field::Phone),
        ("Phone Number", Field::Phone),
        ("E-mail", Field::Email),
        ("e-mail address", Field::Email),
        ("DOB", Field::DateOfBirth),
        ("Birth Date", Field::DateOfBirth),
        ("Join Date", Field::HireDate),
        ("Initiation Date", Field::HireDate),
        ("Member Status", Field::Status),
        ("Class", Field::Classification),
        ("Comments", Field::Notes),
    ];
    for (heading, field) in table {
        assert_eq!(Field::named(heading), Some(field), "{heading}");
    }
    assert_eq!(Field::named("Shirt Size"), None);
    assert_eq!(Field::named(""), None);
}

#[test]
fn missing_and_doubled_columns_are_all_named_and_unknown_ones_are_ignored() {
    let file = "Cell,Phone,Shirt Size,Last,,First\n1,2,3,4,5,6\n";
    let books = Books::empty();
    let result = books.import(file, STRICT);
    assert_eq!(
        crate::fixtures::wrong_fields(result),
        [
            ("rows/0/phone".to_owned(), "duplicate_column"),
            ("rows/0/member_number".to_owned(), "missing_column"),
            ("rows/0/classification".to_owned(), "missing_column"),
        ]
    );
    let report = refused(books.import(file, super::hall::LENIENT));
    assert_eq!(
        report.ignored_columns,
        ["Shirt Size", "column 5, which has no name"]
    );
    assert_eq!(books.hall.runs(), []);
}

#[test]
fn days_are_read_as_iso_or_american_and_short_years_are_refused() {
    let day = Ok(date(2001, 9, 3));
    let table = [
        ("2001-09-03", day),
        ("9/3/2001", day),
        ("09/03/2001", day),
        ("9/3/2001 0:00:00", day),
        ("9/3/2001 12:00:00 AM", day),
        ("2001-09-03T00:00:00Z", day),
        ("9/3/01", Err("short_year")),
        ("9/3/201", Err("short_year")),
        ("13/2/2001", Err("no_such_day")),
        ("2001-02-29", Err("no_such_day")),
        ("0/1/2001", Err("no_such_day")),
        ("2001-9-3", Err("not_a_date")),
        ("2001/09/03", Err("not_a_date")),
        ("3.9.2001", Err("not_a_date")),
        ("37137", Err("not_a_date")),
        ("9/3/2001 17:30", Err("not_a_date")),
        ("9/3/2001/4", Err("not_a_date")),
        ("soon", Err("not_a_date")),
    ];
    for (text, expected) in table {
        let found = parsed(text).map_err(|invalid| invalid.code);
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn statuses_are_known_by_what_halls_call_them() {
    let table = [
        ("active", S::Active),
        (" ACTIVE ", S::Active),
        ("In Good Standing", S::Active),
        ("Not Active", S::Inactive),
        ("suspended", S::Suspended),
        ("Retiree", S::Retired),
        ("Passed away", S::Deceased),
    ];
    for (text, expected) in table {
        assert_eq!(values::status(text), Ok(expected), "{text}");
    }
    assert_eq!(
        values::status("on leave").unwrap_err().code,
        "unknown_value"
    );
}

#[test]
fn classifications_are_known_by_what_halls_call_them() {
    let table = [
        ("journeyman", C::Journeyman),
        ("JW", C::Journeyman),
        ("Journeyman Wireman", C::Journeyman),
        ("Inside Wireman", C::Journeyman),
        ("apprentice_1", C::Apprentice1),
        ("1st Year Apprentice", C::Apprentice1),
        ("First-year apprentice", C::Apprentice1),
        ("Apprentice 1", C::Apprentice1),
        ("Apprentice (2nd yr.)", C::Apprentice2),
        ("App3", C::Apprentice3),
        ("Apprentice Wireman 4", C::Apprentice4),
        ("Appr. Year 5", C::Apprentice5),
        ("General Foreman", C::Foreman),
        ("Retired", C::Retiree),
        ("Honorary Member", C::Honorary),
    ];
    for (text, expected) in table {
        assert_eq!(values::classification(text), Ok(expected), "{text}");
    }
    for text in [
        "apprentice",
        "apprentice 6",
        "6th Year Apprentice",
        "1",
        "1 apprentice 2",
        "é",
    ] {
        let error = values::classification(text).unwrap_err();
        assert_eq!(error.code, "unknown_value", "{text}");
    }
}
