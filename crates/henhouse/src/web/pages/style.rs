//! The one stylesheet, built in. Its address changes with its content, so it is kept for a year.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

use crate::web::Call;
use crate::web::registry::Answer;

pub(super) const PATH: &str = "/assets/hen.css";
const CSS: &str = include_str!("../../../assets/hen.css");

static TAG: LazyLock<String> = LazyLock::new(|| {
    let hash = Sha256::digest(CSS);
    hash.iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
});

/// Its address, with what it holds.
pub(super) fn address() -> String {
    format!("{PATH}?v={}", *TAG)
}

pub(super) async fn show(call: Call) -> Answer {
    let tag = format!("\"{}\"", *TAG);
    let known = call.headers.get(header::IF_NONE_MATCH);
    let mut response = if known.is_some_and(|known| known == tag.as_str()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        CSS.into_response()
    };
    let headers = response.headers_mut();
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, css);
    let year = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, year);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn it_is_kept_and_asked_for_once() {
        let stage = Stage::new().await;
        let said = stage.get(&address(), None).await;
        assert_eq!(said.status, 200);
        assert_eq!(said.header("content-type"), "text/css; charset=utf-8");
        assert!(said.header("cache-control").contains("immutable"));
        let again = stage.request("GET", PATH, None, None);
        let again = again.with("if-none-match", said.header("etag"));
        assert_eq!(stage.send(again).await.status, 304);
    }
}
