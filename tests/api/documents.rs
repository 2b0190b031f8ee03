//! Documents: taken in, found, taken out, kept and removed, each by whoever may see the record.

mod keeping;
mod readers;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
    sql::Sql,
};

use crate::fixtures::{Case, case, owner};

/// The type of a form with a file.
pub(crate) const FORM: &str = "multipart/form-data; boundary=file-of-the-tests";

/// A form with these fields and a file.
pub(crate) fn form(fields: &[(&str, &str)], name: &str, content: &[u8]) -> Vec<u8> {
    let mut form = Vec::new();
    for (field, value) in fields {
        let head = format!("Content-Disposition: form-data; name=\"{field}\"");
        form.extend(format!("--file-of-the-tests\r\n{head}\r\n\r\n{value}\r\n").bytes());
    }
    let head = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
    form.extend(format!("--file-of-the-tests\r\n{head}\r\n\r\n").bytes());
    form.extend_from_slice(content);
    form.extend_from_slice(b"\r\n--file-of-the-tests--\r\n");
    form
}

fn sent(
    who: &Identity<'_>,
    (kind, id): (&str, &str),
    more: &[(&str, &str)],
    (name, content): (&str, &[u8]),
) -> Answer {
    let mut fields = vec![("record_type", kind), ("record_id", id)];
    fields.extend_from_slice(more);
    let body = form(&fields, name, content);
    who.request("POST", "/documents").body(FORM, body).send()
}

/// Adds a document to a record and returns its id.
pub(crate) fn uploaded(
    who: &Identity<'_>,
    record: (&str, &str),
    name: &str,
    content: &[u8],
) -> String {
    let answer = sent(who, record, &[], (name, content));
    answer.expect(201).text_at("/id")
}

fn listed(who: &Identity<'_>, (kind, id): (&str, &str), more: &str) -> Value {
    let path = format!("/documents?record_type={kind}&record_id={id}{more}");
    who.get(&path).expect(200).json()
}

fn used(who: &Identity<'_>) -> u64 {
    let counted = who.get("/tenant/statistics").expect(200);
    let used = counted.json()["used_storage_bytes"].as_u64();
    used.expect("it is counted")
}

fn count(app: &TestApp, query: &str) -> i64 {
    Sql::connect(&app.database().owner_url()).number(query)
}

/// A service with a case whose member is the local's person with that role.
fn with_case() -> (TestApp, Case) {
    let app = TestApp::start();
    app.ignore_mail();
    let case = case(&owner(&app), "A-1");
    app.is_member(Id::parse(&case.member).expect("an id"));
    (app, case)
}

#[test]
fn a_file_comes_back_as_it_was_sent_under_its_own_name_and_as_nothing_but_a_file() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let content = b"%PDF-1.7 a letter";
    let more = [
        ("category", "evidence"),
        ("title", "Letter"),
        ("tags", "wages"),
        ("tags", "May"),
    ];
    let name = "Łukasz’ letter; v2 (final).PDF";
    let made = sent(
        &staff,
        ("grievance", &case.grievance),
        &more,
        (name, content),
    );
    let made = made.expect(201);
    let document = made.json();
    let digest = format!("{:x}", Sha256::digest(content));
    assert_eq!(document["file"]["sha256"], json!(digest));
    assert_eq!(document["file"]["name"], json!(name));
    assert_eq!(document["file"]["media_type"], "application/pdf");
    assert_eq!(document["file"]["bytes"], 17);
    assert_eq!(document["tags"], json!(["May", "wages"]));
    assert_eq!(document["same_content"], json!([]));
    let id = made.text_at("/id");
    assert_eq!(
        made.header("location"),
        Some(&*format!("/api/v1/documents/{id}"))
    );
    let taken = staff.get(&format!("/documents/{id}/download")).expect(200);
    assert_eq!(taken.bytes(), content);
    assert_eq!(taken.header("content-type"), Some("application/pdf"));
    assert_eq!(taken.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(taken.header("content-length"), Some("17"));
    let told = taken.header("content-disposition").unwrap();
    assert!(
        told.starts_with("attachment; filename=\"_ukasz_ letter; v2 (final).PDF\";"),
        "{told}"
    );
    assert!(
        told.ends_with("filename*=UTF-8''%C5%81ukasz%E2%80%99%20letter%3B%20v2%20%28final%29.PDF"),
        "{told}"
    );
    let key = Sql::connect(&app.database().owner_url()).column("select key from document_files");
    let tenant = app.local.id().uuid().simple().to_string();
    assert!(
        key[0].starts_with(&format!("{tenant}/grievances/GR-")),
        "{key:?}"
    );
    assert!(key[0].ends_with("_file.pdf"), "{key:?}");
    assert_eq!(used(&owner(&app)), 17);
    assert_eq!(count(&app, "select count(*) from unkept_files"), 0);
}

#[test]
fn a_part_of_a_file_is_sent_to_whoever_asks_for_it() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let content: Vec<u8> = (0..3_000_000_u32)
        .map(|at| b'a' + u8::try_from(at % 23).unwrap())
        .collect();
    let id = uploaded(&staff, ("grievance", &case.grievance), "long.txt", &content);
    let path = format!("/documents/{id}/download");
    let part = |range: &str| staff.request("GET", &path).header("Range", range).send();
    let whole = staff.get(&path).expect(200);
    assert!(whole.bytes() == content);
    for (range, (start, end)) in [
        ("bytes=0-0", (0, 1)),
        ("bytes=1048570-2097160", (1_048_570, 2_097_161)),
        ("bytes=-5", (2_999_995, 3_000_000)),
        ("bytes=2999999-", (2_999_999, 3_000_000)),
    ] {
        let taken = part(range).expect(206);
        assert!(*taken.bytes() == content[start..end], "{range}");
        let told = format!("bytes {start}-{}/3000000", end - 1);
        assert_eq!(taken.header("content-range"), Some(told.as_str()));
    }
    assert_eq!(
        part("bytes=3000000-").expect(416).code(),
        "range_not_satisfiable"
    );
    assert_eq!(part("bytes=5-2").expect(200).bytes().len(), content.len());
}

#[test]
fn a_large_file_is_sent_to_the_store_in_parts_and_is_the_same_file_there() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let content: Vec<u8> = [&b"%PDF-"[..], &vec![7; 12 * 1024 * 1024]].concat();
    let id = uploaded(
        &staff,
        ("grievance", &case.grievance),
        "large.pdf",
        &content,
    );
    let taken = staff.get(&format!("/documents/{id}/download")).expect(200);
    assert!(taken.bytes() == content);
    let address = staff
        .get(&format!("/documents/{id}/download-url?expires_in=60"))
        .expect(200);
    let url = address.text_at("/url");
    let direct = reqwest::blocking::Client::builder()
        .no_proxy()
        .build()
        .unwrap();
    let direct = direct.get(url).send().unwrap();
    assert_eq!(direct.headers()["content-type"], "application/pdf");
    assert!(
        direct.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    assert!(direct.bytes().unwrap() == content);
    for seconds in ["59", "86401", "x"] {
        let path = format!("/documents/{id}/download-url?expires_in={seconds}");
        staff.get(&path).expect(400);
    }
}

#[test]
fn what_is_not_what_it_is_called_is_refused_and_leaves_nothing() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let of = ("grievance", case.grievance.as_str());
    for (name, content, code) in [
        ("a.exe", &b"MZ"[..], "file_type_not_taken"),
        ("a.pdf", b"MZ\x90", "not_what_it_is_called"),
        ("a.png", b"%PDF-1.7", "not_what_it_is_called"),
        ("a.txt", b"", "empty_file"),
        ("", b"text", "blank"),
    ] {
        let refused = sent(&staff, of, &[], (name, content)).expect(422);
        assert_eq!(refused.text_at("/errors/0/code"), code, "{name}");
    }
    let unknown = sent(&staff, of, &[("category", "dues")], ("a.txt", b"a")).expect(422);
    assert_eq!(unknown.text_at("/errors/0/pointer"), "/category");
    let fields = [("record_type", "grievance"), ("shoe_size", "46")];
    let body = form(&fields, "a.txt", b"a");
    let wrong = staff
        .request("POST", "/documents")
        .body(FORM, body)
        .send()
        .expect(422);
    assert_eq!(wrong.json()["errors"].as_array().unwrap().len(), 2);
    staff.post("/documents", &json!({})).expect(415);
    let cut = form(&[], "a.txt", b"a");
    let cut = staff
        .request("POST", "/documents")
        .body(FORM, &cut[..60])
        .send();
    cut.expect(400);
    assert_eq!(used(&owner(&app)), 0);
    assert_eq!(count(&app, "select count(*) from documents"), 0);
}

#[test]
fn what_comes_behind_the_file_is_an_error_and_not_left_out() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let fields = [
        ("record_type", "member"),
        ("record_id", case.member.as_str()),
    ];
    let whole = String::from_utf8(form(&fields, "card.txt", b"card")).unwrap();
    let end = "--file-of-the-tests--\r\n";
    let category = "--file-of-the-tests\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nsalting\r\n";
    let behind = whole.replace(end, &format!("{category}{end}"));
    let twice = format!("{category}{category}{whole}");
    let shortened = whole.replace(
        "filename=\"card.txt\"",
        "filename=\"card.txt\"\r\nContent-Length: 2",
    );
    for body in [behind, twice, shortened] {
        let refused = staff
            .request("POST", "/documents")
            .body(FORM, body.as_str());
        assert_eq!(refused.send().expect(400).code(), "bad_request", "{body}");
    }
    for (boundary, body) in [("a", "\n"), ("abc", "--\n")] {
        let kind = format!("multipart/form-data; boundary={boundary}");
        let refused = staff.request("POST", "/documents").body(&kind, body);
        assert_eq!(refused.send().expect(400).code(), "bad_request");
    }
    assert_eq!(count(&app, "select count(*) from documents"), 0);
}

#[test]
fn a_file_that_is_too_large_or_for_which_there_is_no_room_is_refused() {
    let app = TestApp::start_with(&[("UNIONHALL_LIMITS_UPLOAD_BYTES", "6000000")]);
    app.ignore_mail();
    let case = case(&owner(&app), "A-1");
    let staff = app.as_role(Role::Staff);
    let of = ("grievance", case.grievance.as_str());
    let large = sent(&staff, of, &[], ("a.txt", &vec![b'a'; 6_000_001]));
    assert_eq!(large.expect(413).code(), "too_large");
    app.database()
        .execute("update tenants set max_storage_bytes = 10");
    let full = sent(&staff, of, &[], ("a.txt", b"eleven byte")).expect(409);
    assert_eq!(full.code(), "limit_reached");
    let _fits = sent(&staff, of, &[], ("a.txt", b"ten bytes.")).expect(201);
    assert_eq!(used(&owner(&app)), 10);
}

#[test]
fn many_files_at_once_never_take_more_room_than_there_is() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    app.database()
        .execute("update tenants set max_storage_bytes = 35");
    let statuses: Vec<_> = std::thread::scope(|threads| {
        let send = || {
            threads.spawn(|| {
                let of = ("grievance", case.grievance.as_str());
                sent(&staff, of, &[], ("a.txt", b"ten bytes.")).status()
            })
        };
        let sending: Vec<_> = (0..8).map(|_| send()).collect();
        sending.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let kept = statuses.iter().filter(|status| **status == 201).count();
    assert_eq!(kept, 3, "{statuses:?}");
    assert_eq!(used(&owner(&app)), 30);
}

#[test]
fn a_rehearsed_file_is_not_kept_and_a_retried_one_once() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let fields = [
        ("record_type", "grievance"),
        ("record_id", case.grievance.as_str()),
    ];
    let send = |path: &str, content: &[u8]| {
        let request = staff.request("POST", path).header("Idempotency-Key", "k1");
        request.body(FORM, form(&fields, "a.txt", content)).send()
    };
    let rehearsed = send("/documents?dry_run=true", b"a").expect(201);
    assert_eq!(rehearsed.header("dry-run"), Some("true"));
    assert_eq!(count(&app, "select count(*) from unkept_files"), 0);
    let first = send("/documents", b"a").expect(201);
    let again = send("/documents", b"a").expect(201);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.text(), again.text());
    assert_eq!(send("/documents", b"b").expect(422).code(), "key_reused");
    assert_eq!(count(&app, "select count(*) from documents"), 1);
    assert_eq!(used(&owner(&app)), 1);
}
