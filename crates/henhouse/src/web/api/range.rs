//! Parts of a file (RFC 9110, 14.2): one range of bytes. What cannot be read as one is passed over,
//! as the standard says, and the whole file is answered.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::web::Problem;

/// A part that was asked for, within the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// The first byte.
    pub(super) first: u64,
    last: u64,
}

impl Range {
    pub(super) fn length(self) -> u64 {
        self.last - self.first + 1
    }

    /// What stands in `Content-Range`.
    pub(super) fn content(self, size: u64) -> Option<HeaderValue> {
        let Self { first, last } = self;
        HeaderValue::from_str(&format!("bytes {first}-{last}/{size}")).ok()
    }
}

/// The part that is asked for of a file with this tag; nothing for the whole.
///
/// # Errors
/// 416 for a part that begins behind the end.
pub(super) fn asked(
    headers: &HeaderMap,
    tag: &HeaderValue,
    size: u64,
) -> Result<Option<Range>, Problem> {
    if headers.get(header::IF_RANGE).is_some_and(|of| of != tag) {
        return Ok(None);
    }
    let asked = headers.get(header::RANGE).and_then(|r| r.to_str().ok());
    let ends = asked
        .and_then(|asked| asked.strip_prefix("bytes="))
        .and_then(|ends| ends.split_once('-'));
    let Some((first, last)) = ends else {
        return Ok(None);
    };
    let beyond = || {
        let detail = format!("The file has {size} bytes; ask for a part of them.");
        Problem::new("no-such-part", detail)
    };
    let end = size.checked_sub(1).ok_or_else(beyond)?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (number(first), number(last)) {
        (Some(first), None) if last.trim().is_empty() => Range { first, last: end },
        (Some(first), Some(last)) if first <= last => Range {
            first,
            last: last.min(end),
        },
        (None, Some(count)) if first.trim().is_empty() && count > 0 => Range {
            first: size.saturating_sub(count),
            last: end,
        },
        _ => return Ok(None),
    };
    if range.first > end {
        return Err(beyond());
    }
    Ok(Some(range))
}
