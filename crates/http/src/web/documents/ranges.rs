//! Which part of a file is asked for (RFC 9110 §14).

use actix_web::http::header::{HeaderMap, HeaderName, IF_RANGE, RANGE};

/// What is asked for lies behind the end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BehindTheEnd;

/// The first byte that is asked for of a file of so many bytes with this tag, and the one behind the last; `None` for all
/// of it. Several parts at once, and what is not understood, are answered with all of it, as is a part of another content
/// than the present one.
pub(super) fn asked(
    headers: &HeaderMap,
    tag: &str,
    size: u64,
) -> Result<Option<(u64, u64)>, BehindTheEnd> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if text(IF_RANGE).is_some_and(|meant| meant.trim() != tag) {
        return Ok(None);
    }
    let Some(spec) = text(RANGE).and_then(|range| range.trim().strip_prefix("bytes=")) else {
        return Ok(None);
    };
    let Some((first, last)) = spec.split_once('-') else {
        return Ok(None);
    };
    match (digits(first), digits(last)) {
        (Some(Some(first)), Some(last)) => from(first, last, size),
        (Some(None), Some(Some(0))) => Err(BehindTheEnd),
        (Some(None), Some(Some(suffix))) => Ok(Some((size.saturating_sub(suffix), size))),
        _ => Ok(None),
    }
}

fn from(first: u64, last: Option<u64>, size: u64) -> Result<Option<(u64, u64)>, BehindTheEnd> {
    let end = last.map_or(size, |last| last.saturating_add(1).min(size));
    if last.is_some_and(|last| last < first) {
        Ok(None)
    } else if first >= size {
        Err(BehindTheEnd)
    } else {
        Ok(Some((first, end)))
    }
}

/// A number, or none where nothing stands; `None` for anything else.
fn digits(text: &str) -> Option<Option<u64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| Some(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn of(range: &str) -> Result<Option<(u64, u64)>, BehindTheEnd> {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_str(range).unwrap());
        asked(&headers, "\"x\"", 10)
    }

    #[test]
    fn a_part_is_what_its_first_and_last_byte_say() {
        for (range, expected) in [
            ("bytes=0-0", (0, 1)),
            ("bytes=3-", (3, 10)),
            ("bytes=3-99", (3, 10)),
            ("bytes=-4", (6, 10)),
            ("bytes=-99", (0, 10)),
            ("bytes=9-99999999999999999999999", (9, 10)),
        ] {
            assert_eq!(of(range), Ok(Some(expected)), "{range}");
        }
        for range in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(of(range), Err(BehindTheEnd), "{range}");
        }
    }

    #[test]
    fn what_is_not_understood_is_answered_with_everything() {
        for range in [
            "items=0-1",
            "bytes=",
            "bytes=-",
            "bytes=5-2",
            "bytes=0-1,3-4",
            "bytes=x-1",
            "bytes=1",
        ] {
            assert_eq!(of(range), Ok(None), "{range}");
        }
    }

    #[test]
    fn a_part_of_another_content_is_answered_with_everything() {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static("bytes=1-2"));
        headers.insert(IF_RANGE, HeaderValue::from_static("\"y\""));
        assert_eq!(asked(&headers, "\"x\"", 10), Ok(None));
        headers.insert(IF_RANGE, HeaderValue::from_static("\"x\""));
        assert_eq!(asked(&headers, "\"x\"", 10), Ok(Some((1, 3))));
    }
}
