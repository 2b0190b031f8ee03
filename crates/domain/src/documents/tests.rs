//! Tests of documents: the rule of keys, the names and kinds of files, and when a document may go.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::tenants::TenantId;

fn name(text: &str) -> FileName {
    FileName::parse(text).unwrap()
}

fn owner(name: Option<&str>, number: &str) -> Owner {
    Owner {
        name: name.map(str::to_owned),
        number: number.to_owned(),
    }
}

fn key(record: RecordType, owner: &Owner, category: Category, file: &str, id: u128) -> String {
    let file = name(file);
    let place = Place {
        tenant: TenantId::new(Uuid::from_u128(46)),
        record,
        owner,
        category,
        day: date(2026, 1, 5),
        id: Uuid::from_u128(id),
        kind: FileKind::of(&file).unwrap_or(FileKind::Pdf),
        name: &file,
    };
    place.key()
}

/// What is behind the folder of the record type and before the category.
fn folder(name: &str, number: &str) -> String {
    let owner = owner(Some(name), number);
    let key = key(RecordType::Member, &owner, Category::Dues, "a.pdf", 7);
    key.split('/').nth(2).unwrap().to_owned()
}

/// What is behind the stamp.
fn file(name: &str) -> String {
    let owner = owner(Some("Garcia"), "7");
    let key = key(RecordType::Member, &owner, Category::Dues, name, 7);
    let last = key.rsplit('/').next().unwrap();
    last.split_once('_').unwrap().1.to_owned()
}

#[test]
fn a_key_says_whose_it_is_and_where_an_operator_finds_it() {
    let owner = owner(Some("Garcia María"), "7464416");
    let id = 0x019a_a5f0_1234_7000_8000_0000_0000_002a;
    let key = key(
        RecordType::Member,
        &owner,
        Category::Certifications,
        "OSHA 10 (card).PDF",
        id,
    );
    assert_eq!(
        key,
        "0000000000000000000000000000002e/members/Garcia_Maria_7464416/certifications/2026/01/\
         06dabs0i6g00001a_OSHA_10_card.pdf"
    );
}

#[test]
fn no_name_is_in_a_key_of_a_case_or_of_what_is_confidential_in_a_folder() {
    let named = owner(Some("Garcia María"), "7464416");
    let of_member = |category| {
        let file = "Maria Garcia eviction.pdf";
        key(RecordType::Member, &named, category, file, 7)
    };
    for category in [
        Category::Salting,
        Category::Benevolence,
        Category::Grievances,
    ] {
        let key = of_member(category);
        assert!(key.contains("/members/7464416/"), "{key}");
        assert!(key.ends_with("_file.pdf"), "{key}");
    }
    assert!(of_member(Category::Dues).ends_with("_Maria_Garcia_evict.pdf"));
    let case = owner(None, "GR-2026-0001");
    let key = key(
        RecordType::Grievance,
        &case,
        Category::Evidence,
        "Garcia.pdf",
        7,
    );
    assert!(
        key.ends_with("_file.pdf") && !key.contains("Garcia"),
        "{key}"
    );
}

#[test]
fn the_names_of_the_references_are_written_in_plain_letters() {
    for (name, number, expected) in [
        ("O'Brien Pat", "12", "OBrien_Pat_12"),
        ("García María", "12", "Garcia_Maria_12"),
        ("Roy Jean Claude", "12", "Roy_Jean_Claude_12"),
        ("李 小龍", "12", "12"),
        ("Łukasz Żak", "12", "Lukasz_Zak_12"),
        ("../../etc/passwd", "12", "etc_passwd_12"),
        ("-_-", "/", "unnamed"),
    ] {
        assert_eq!(folder(name, number), expected);
    }
    for (name, expected) in [
        ("My Document (v2).pdf", "My_Document_v2.pdf"),
        ("résumé.PDF", "resume.pdf"),
        ("../../etc/passwd.txt", "etc_passwd.txt"),
        ("成績表.xlsx", "file.xlsx"),
        ("photo.of.us.jpeg", "photo_of_us.jpg"),
        (".htaccess.txt", "htaccess.txt"),
    ] {
        assert_eq!(file(name), expected);
    }
}

#[test]
fn every_category_of_every_record_fits_into_a_key_with_its_number() {
    let owner = owner(Some(&"Wolfeschlegelstein ".repeat(9)), "BF-2026-0001");
    for record in RecordType::ALL {
        for category in record.categories() {
            let long = format!("{}.xlsx", "long name ".repeat(20));
            let key = key(record, &owner, *category, &long, u128::MAX);
            assert!(key.len() <= LONGEST_KEY, "{key}");
            assert!(key.contains("BF-2026-0001/"), "{key}");
        }
    }
}

#[test]
fn a_name_keeps_what_it_says_and_loses_what_nobody_sees() {
    assert_eq!(name(" a\u{202e}fdp\0.exe.pdf\n").as_str(), "afdp.exe.pdf");
    assert_eq!(FileName::parse("\u{202e}\t").unwrap_err().code, "blank");
    assert!(FileName::parse(&"界".repeat(255)).is_ok());
    let long = FileName::parse(&"界".repeat(256));
    assert_eq!(long.unwrap_err().code, "too_long");
}

#[test]
fn a_file_is_what_its_first_bytes_and_its_ending_say_together() {
    let archive = |first: &str| [&b"PK\x03\x04"[..], &[0; 26], first.as_bytes()].concat();
    let begins: [(FileKind, Vec<u8>); 11] = [
        (FileKind::Pdf, b"\n%PDF-1.7".to_vec()),
        (FileKind::Doc, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()),
        (FileKind::Docx, archive("word/document.xml")),
        (FileKind::Xls, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()),
        (FileKind::Xlsx, archive("[Content_Types].xml")),
        (FileKind::Jpeg, b"\xff\xd8\xff\xe0".to_vec()),
        (FileKind::Png, b"\x89PNG\r\n\x1a\n".to_vec()),
        (FileKind::Gif, b"GIF89a".to_vec()),
        (FileKind::Text, "Grüße".as_bytes().to_vec()),
        (FileKind::Csv, b"\xff\xfea\0,\0".to_vec()),
        (FileKind::Json, b"\xef\xbb\xbf {}".to_vec()),
    ];
    for (kind, head) in &begins {
        assert!(kind.fits(head), "{kind:?}");
        let file = name(&format!("x.{}", kind.extension().to_uppercase()));
        assert_eq!(FileKind::of(&file), Ok(*kind));
        assert_eq!(FileKind::parse(kind.media_type()), Ok(*kind));
        for program in [&b"MZ\x90\0"[..], b"\x7fELF", b"\0\0", b"PK\x03\x04evil"] {
            assert!(!kind.fits(program), "{kind:?}");
        }
    }
    assert!(!FileKind::Docx.fits(&archive("xl/workbook.xml")));
    assert!(!FileKind::Json.fits(b"<html>"));
    assert!(FileKind::of(&name("x.exe")).is_err());
    assert!(FileKind::of(&name("pdf")).is_err());
}

#[test]
fn what_a_browser_calls_a_file_is_taken_when_it_does_not_contradict_its_ending() {
    assert!(FileKind::Csv.may_be_called("application/vnd.ms-excel"));
    assert!(FileKind::Pdf.may_be_called("application/PDF; charset=x"));
    assert!(FileKind::Pdf.may_be_called(""));
    assert!(FileKind::Png.may_be_called("application/octet-stream"));
    assert!(!FileKind::Png.may_be_called("text/html"));
}

#[test]
fn without_a_scanner_what_nobody_looked_at_can_be_taken_and_with_one_only_what_is_clean() {
    for (state, without, with) in [
        (ScanState::Unscanned, true, false),
        (ScanState::Clean, true, true),
        (ScanState::Infected, false, false),
        (ScanState::Failed, false, false),
    ] {
        assert_eq!(state.is_readable(false), without, "{state:?}");
        assert_eq!(state.is_readable(true), with, "{state:?}");
        assert_eq!(ScanState::parse(state.as_str()), Ok(state));
    }
}

/// A deleted letter of a grievance.
pub(crate) fn document() -> Document {
    let at = "2026-11-21T20:00:00Z".parse().unwrap();
    let file = name("letter.pdf");
    Document {
        id: Id::new(Uuid::from_u128(1)),
        record: RecordRef::of(RecordType::Grievance, Uuid::from_u128(2)),
        category: Category::Evidence,
        details: DocumentDetails::default(),
        hold: None,
        file: DocumentFile {
            number: 1,
            kind: FileKind::Pdf,
            name: file,
            bytes: 5,
            sha256: Sha256([7; 32]),
            key: "k".to_owned(),
            scan: ScanState::Unscanned,
            uploaded_by: None,
            uploaded_at: at,
        },
        version: Version::FIRST,
        created_at: at,
        updated_at: at,
        deleted_at: Some(at),
    }
}

#[test]
fn a_deleted_document_goes_after_thirty_days_unless_it_must_be_kept_or_is_held() {
    let deleted = document();
    let at = deleted.deleted_at.unwrap();
    let later = at + RESTORABLE;
    let today = date(2026, 12, 21);
    let sooner = later - SignedDuration::from_secs(1);
    assert!(!deleted.is_over(sooner, today));
    assert!(deleted.is_over(later, today));
    let mut kept = deleted.clone();
    kept.details.keep_until = Some(today);
    assert!(!kept.is_over(later, today));
    assert!(kept.is_over(later, date(2026, 12, 22)));
    let mut held = deleted.clone();
    held.hold = Some(Hold {
        reason: Line::parse("arbitration").unwrap(),
        by: None,
        at,
    });
    assert!(!held.is_over(later, today));
    assert_eq!(held.may_go().unwrap_err().allowed, ["release"]);
    assert!(deleted.may_go().is_ok());
    let there = Document {
        deleted_at: None,
        ..deleted
    };
    assert!(!there.is_over(later, today));
}

#[test]
fn what_a_document_says_holds_through_its_last_day() {
    let mut card = document();
    assert!(!card.is_expired(date(2026, 1, 1)));
    card.details.expires_on = Some(date(2026, 1, 1));
    assert!(!card.is_expired(date(2026, 1, 1)));
    assert!(card.is_expired(date(2026, 1, 2)));
}

#[test]
fn a_change_touches_what_it_names_and_keeps_tags_once_and_in_order() {
    let tag = |text| Tag::parse(text).unwrap();
    let change = DocumentChange {
        tags: Change::Set(vec![tag("b"), tag("a"), tag("b")]),
        ..DocumentChange::default()
    };
    let details = DocumentDetails::default().changed(change);
    assert_eq!(details.tags, [tag("a"), tag("b")]);
    assert_eq!(details.title, None);
}

#[test]
fn a_digest_is_read_as_it_is_printed() {
    let digest = Sha256(std::array::from_fn(|place| u8::try_from(place).unwrap()));
    assert_eq!(Sha256::parse(&digest.to_string()), Ok(digest));
    for text in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
        assert_eq!(Sha256::parse(text).unwrap_err().code, "not_a_sha256");
    }
}

#[test]
fn names_of_records_and_categories_are_read_as_they_are_printed() {
    for record in RecordType::ALL {
        assert_eq!(RecordType::parse(record.as_str()), Ok(record));
        assert_eq!(RecordRef::of(record, Uuid::from_u128(9)).kind(), record);
        for category in record.categories() {
            let parsed = Category::parse(category.as_str(), record.categories());
            assert_eq!(parsed, Ok(*category));
        }
    }
    let unknown = Category::parse("salting", RecordType::Grievance.categories());
    assert_eq!(unknown.unwrap_err().code, "unknown_value");
    let known: BTreeSet<_> = RecordType::ALL
        .iter()
        .flat_map(|record| record.categories())
        .collect();
    assert_eq!(known.len(), Category::ALL.len());
}

proptest! {
    #[test]
    fn whatever_names_say_a_key_is_safe_and_short(
        person in ".{0,300}", number in ".{0,300}", stem in ".{1,250}", id in any::<u128>(),
        record in 0_usize..4, category in 0_usize..4,
    ) {
        let record = RecordType::ALL[record];
        let Ok(file) = FileName::parse(&stem) else { return Ok(()) };
        let owner = owner(Some(&person), &number);
        let place = Place {
            tenant: TenantId::new(Uuid::from_u128(id ^ 1)),
            record,
            owner: &owner,
            category: record.categories()[category],
            day: date(2026, 12, 31),
            id: Uuid::from_u128(id),
            name: &file,
            kind: FileKind::Xlsx,
        };
        let key = place.key();
        prop_assert!(key.len() <= LONGEST_KEY, "{key}");
        prop_assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_.-".contains(&byte)));
        prop_assert!(!key.contains("..") && key.split('/').all(|part| !part.is_empty() && part != "."));
        prop_assert_eq!(key.split('/').count(), 7);
    }

    #[test]
    fn two_ids_of_different_times_or_chance_never_share_a_key(
        one in any::<(u64, u32)>(), other in any::<(u64, u32)>(), stem in ".{0,60}",
    ) {
        prop_assume!((one.0 >> 16, one.1) != (other.0 >> 16, other.1));
        let id = |(time, chance): (u64, u32)| (u128::from(time) << 64) | u128::from(chance);
        let file = format!("{stem}.pdf");
        let owner = owner(None, "1");
        let of = |given| key(RecordType::Member, &owner, Category::General, &file, id(given));
        prop_assert_ne!(of(one), of(other));
    }

    #[test]
    fn later_files_of_a_month_lie_behind_earlier_ones(one in 0_u64..1 << 47, more in 1_u64..1 << 40) {
        let owner = owner(None, "1");
        let of = |time: u64| key(RecordType::Member, &owner, Category::General, "a.pdf", u128::from(time) << 80);
        prop_assert!(of(one) < of(one + more));
    }
}
