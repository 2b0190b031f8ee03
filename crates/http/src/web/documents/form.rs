//! Forms with a file (RFC 7578): the fields first, the file last, so that it is known what a file is for before it comes.

use std::{cell::Cell, rc::Rc};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpMessage, HttpRequest, error::PayloadError, http::header, web::Bytes};
use futures_util::{Stream, StreamExt, stream};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use unionhall_application::error::Code;

use super::super::problem::Problem;

/// The name of the field with the file.
const FILE: &str = "file";
/// The name of a field that may be there several times.
const TAGS: &str = "tags";
/// How many bytes the fields may have together.
const MOST_BYTES: usize = 64 * 1024;
/// How many fields there may be.
const MOST_FIELDS: usize = 64;
/// How many bytes there may be before the file and behind it: fields, their headers, and what is read ahead.
const MOST_AROUND: usize = 512 * 1024;
/// How long the line between fields may be (RFC 2046 §5.1.1); the parser takes none that is shorter.
const BOUNDARY: std::ops::RangeInclusive<usize> = 4..=70;

/// How many bytes may still come; none while the file does, which is counted elsewhere.
type Budget = Rc<Cell<Option<usize>>>;

/// A form whose fields were read and whose file is to come.
pub(crate) struct Form {
    fields: Map<String, Value>,
    /// What the file is called.
    pub(crate) name: String,
    /// What it is said to be.
    pub(crate) declared: String,
    // Before the form, which it is read from.
    file: Field,
    form: Multipart,
    budget: Budget,
}

impl Form {
    /// Reads the fields, up to the file.
    ///
    /// # Errors
    /// `unsupported_media_type` unless it is a form, `bad_request` when it breaks off, has no file or names a field twice,
    /// `too_large` when the fields are.
    pub(crate) async fn read(
        request: &HttpRequest,
        body: impl Stream<Item = Result<Bytes, PayloadError>> + 'static,
    ) -> Result<Self, Problem> {
        is_form(request)?;
        let budget = Rc::new(Cell::new(Some(MOST_AROUND)));
        let mut form = Multipart::new(request.headers(), counted(body, Rc::clone(&budget)));
        let (mut fields, mut left) = (Map::new(), MOST_BYTES);
        for _ in 0..MOST_FIELDS {
            let field = form.next().await.ok_or_else(no_file)?;
            let mut field = field.map_err(unread)?;
            if field.headers().contains_key(header::CONTENT_LENGTH) {
                // The parser would believe it, and the rest of the field would be lost (RFC 7578 §4.8).
                return Err(bad("a field of the form must not have a length of its own"));
            }
            let name = field.name().unwrap_or_default().to_owned();
            if name == FILE {
                budget.set(None);
                let declared = field.content_type().map(ToString::to_string);
                return Ok(Self {
                    fields,
                    name: called(&field).unwrap_or_default(),
                    declared: declared.unwrap_or_default(),
                    file: field,
                    form,
                    budget,
                });
            }
            let text = text(&mut field, &mut left).await?;
            enter(&mut fields, name, text)?;
        }
        Err(no_file())
    }

    /// What the fields say.
    ///
    /// # Errors
    /// `bad_request`, which is not to be expected.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_value(Value::Object(self.fields.clone())).map_err(|_| broken())
    }

    /// The fields as one text that tells two forms apart.
    pub(crate) fn fingerprint(&self) -> String {
        let fields = Value::Object(self.fields.clone());
        format!("{}\n{}\n{fields}", self.name, self.declared)
    }

    /// The file, which is whole when nothing comes any more. What follows it in the form is an error: it would have said
    /// something of the file.
    pub(crate) fn file(self) -> impl Stream<Item = Result<Bytes, Problem>> + Unpin {
        let Self {
            file, form, budget, ..
        } = self;
        let begin = Some((Some(file), form, budget));
        Box::pin(stream::unfold(begin, |state| async move {
            let (file, mut form, budget) = state?;
            if let Some(mut file) = file {
                match file.next().await {
                    Some(Ok(bytes)) => return Some((Ok(bytes), Some((Some(file), form, budget)))),
                    Some(Err(error)) => return Some((Err(unread(error)), None)),
                    // The form is read on once nobody holds the field.
                    None => drop(file),
                }
            }
            budget.set(Some(MOST_AROUND));
            let problem = match form.next().await? {
                Ok(_) => bad("the file must be the last field of the form"),
                Err(error) => unread(error),
            };
            Some((Err(problem), None))
        }))
    }
}

/// Goes on if it is a form that the parser can read.
fn is_form(request: &HttpRequest) -> Result<(), Problem> {
    let kind = request.content_type();
    if !kind.eq_ignore_ascii_case("multipart/form-data") {
        let detail = "send the file in a form, as multipart/form-data";
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    let kind = request.mime_type().ok().flatten().ok_or_else(broken)?;
    let boundary = kind.get_param("boundary").ok_or_else(broken)?;
    if BOUNDARY.contains(&boundary.as_str().len()) {
        Ok(())
    } else {
        Err(bad("the boundary of the form must have 4 to 70 characters"))
    }
}

/// The body, as long as there are not more bytes than may be.
fn counted(
    body: impl Stream<Item = Result<Bytes, PayloadError>> + 'static,
    budget: Budget,
) -> impl Stream<Item = Result<Bytes, PayloadError>> + 'static {
    body.map(
        move |chunk: Result<Bytes, PayloadError>| -> Result<Bytes, PayloadError> {
            let chunk = chunk?;
            if let Some(left) = budget.get() {
                let left = left.checked_sub(chunk.len());
                budget.set(Some(left.ok_or(PayloadError::Overflow)?));
            }
            Ok(chunk)
        },
    )
}

/// What the file is called.
fn called(field: &Field) -> Option<String> {
    let told = field.content_disposition()?;
    let extended = told.get_filename_ext();
    let extended = extended.and_then(|name| String::from_utf8(name.value.clone()).ok());
    extended.or_else(|| told.get_filename().map(str::to_owned))
}

fn bad(detail: &str) -> Problem {
    Problem::new(Code::BadRequest, detail)
}

fn broken() -> Problem {
    bad("the form broke off or is none")
}

fn no_file() -> Problem {
    bad("the form has no field `file`")
}

/// Why the form cannot be read on.
fn unread(error: MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => {
            let detail = format!("the form has more than {MOST_AROUND} bytes beside its file");
            Problem::new(Code::TooLarge, detail)
        }
        _ => broken(),
    }
}

/// A field that is no file; nothing is said of a field that is empty.
async fn text(field: &mut Field, left: &mut usize) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(unread)?;
        *left = left.checked_sub(chunk.len()).ok_or_else(|| {
            let detail = format!("the fields have more than {MOST_BYTES} bytes");
            Problem::new(Code::TooLarge, detail)
        })?;
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Problem::new(Code::BadRequest, "a field is not UTF-8"))
}

/// Enters a field; tags are a list, any other field is there once, and an empty field is none.
fn enter(fields: &mut Map<String, Value>, name: String, text: String) -> Result<(), Problem> {
    if text.is_empty() {
        return Ok(());
    }
    let value = Value::String(text);
    if name != TAGS {
        return match fields.insert(name, value) {
            Some(_) => Err(bad("a field of the form is there twice")),
            None => Ok(()),
        };
    }
    match fields.get_mut(TAGS).and_then(Value::as_array_mut) {
        Some(tags) => tags.push(value),
        None => {
            fields.insert(name, Value::Array(vec![value]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const HEAD: &str = "Content-Disposition: form-data; name=";

    /// What comes of a form with this boundary, sent in pieces: the file, or the code of what is wrong.
    async fn sent(boundary: &str, pieces: Vec<String>) -> Result<Vec<u8>, Code> {
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = TestRequest::default().insert_header(("content-type", kind));
        let pieces = pieces.into_iter().map(|piece| Ok(Bytes::from(piece)));
        let form = Form::read(&request.to_http_request(), stream::iter(pieces)).await;
        let mut file = form.map_err(|problem| problem.code())?.file();
        let mut whole = Vec::new();
        while let Some(piece) = file.next().await {
            whole.extend_from_slice(&piece.map_err(|problem| problem.code())?);
        }
        Ok(whole)
    }

    fn field(name: &str, more: &str, content: &str) -> String {
        format!("--line\r\n{HEAD}\"{name}\"{more}\r\n\r\n{content}\r\n")
    }

    fn file(content: &str) -> String {
        field("file", "; filename=\"a.txt\"", content)
    }

    fn end() -> String {
        "--line--\r\n".to_owned()
    }

    #[actix_web::test]
    async fn a_file_is_whole_when_it_is_the_last_field() {
        let whole = vec![
            field("tags", "", "a"),
            field("tags", "", "b"),
            file("abc"),
            end(),
        ];
        assert_eq!(sent("line", whole).await, Ok(b"abc".to_vec()));
        let cut = vec![file("abc").trim_end().to_owned()];
        assert_eq!(sent("line", cut).await, Err(Code::BadRequest));
    }

    #[actix_web::test]
    async fn what_comes_behind_the_file_or_twice_is_refused() {
        let category = || field("category", "", "salting");
        for pieces in [
            vec![file("abc"), category(), end()],
            vec![category(), category(), file("abc"), end()],
            vec![file("abc"), file("def"), end()],
            vec![file("abc\r\n--lines are fine here"), end()],
        ] {
            assert_eq!(
                sent("line", pieces.clone()).await,
                Err(Code::BadRequest),
                "{pieces:?}"
            );
        }
    }

    #[actix_web::test]
    async fn a_field_has_no_length_of_its_own() {
        for name in ["file", "title"] {
            let pieces = vec![
                field(name, "\r\nContent-Length: 1", "abc"),
                file("abc"),
                end(),
            ];
            assert_eq!(sent("line", pieces).await, Err(Code::BadRequest), "{name}");
        }
    }

    #[actix_web::test]
    async fn a_boundary_has_a_length_that_the_parser_can_take() {
        for (boundary, body) in [("a", "\n"), ("abc", "--\n"), (&*"a".repeat(71), "\n")] {
            let pieces = vec![body.to_owned()];
            assert_eq!(
                sent(boundary, pieces).await,
                Err(Code::BadRequest),
                "{boundary}"
            );
        }
    }

    #[actix_web::test]
    async fn what_is_before_the_form_and_what_is_said_of_a_field_end_somewhere() {
        let long = || "x".repeat(MOST_AROUND);
        for pieces in [
            vec![long(), long()],
            vec![format!("--line\r\n{HEAD}"), long(), long()],
        ] {
            assert_eq!(sent("line", pieces).await, Err(Code::TooLarge));
        }
    }
}
