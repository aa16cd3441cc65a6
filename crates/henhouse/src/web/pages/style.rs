//! The one stylesheet and the script, built in. Their addresses change with their content, so they are
//! kept for a year.
//!
//! The script is the modules of `assets/`, each in a block of its own behind `page.js`: what goes wrong in
//! one leaves the others alone, and a page asks once.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

use crate::web::Call;
use crate::web::registry::Answer;

pub(super) const CSS_PATH: &str = "/assets/hen.css";
pub(super) const JS_PATH: &str = "/assets/hen.js";
pub(super) const JS_FOR_STRANGERS_PATH: &str = "/assets/open.js";

/// The modules, in the order in which they begin.
const MODULES: &[&str] = &[
    include_str!("../../../assets/live.js"),
    include_str!("../../../assets/clock.js"),
    include_str!("../../../assets/passkey.js"),
    include_str!("../../../assets/outbox.js"),
    include_str!("../../../assets/upload.js"),
];
/// What nobody needs who is not signed in. The page of a report is small without it.
const MODULES_OF_THE_TEAM: &[&str] = &[
    include_str!("../../../assets/keys.js"),
    include_str!("../../../assets/undo.js"),
];

/// A file and the tag of what it holds.
struct Asset {
    text: String,
    tag: String,
    kind: &'static str,
}

static CSS: LazyLock<Asset> = LazyLock::new(|| {
    let text = squeezed(include_str!("../../../assets/hen.css"));
    Asset::new(text, "text/css; charset=utf-8")
});

/// A stylesheet without the spaces that mean nothing, so that the first page stays small.
fn squeezed(text: &str) -> String {
    let text: String = text.lines().map(str::trim_start).collect();
    let spaces = [
        ("; ", ";"),
        (": ", ":"),
        ("{ ", "{"),
        (" {", "{"),
        (" }", "}"),
        ("} ", "}"),
        (";}", "}"),
    ];
    spaces
        .into_iter()
        .fold(text, |text, (long, short)| text.replace(long, short))
}

static JS: LazyLock<Asset> = LazyLock::new(|| script(&[MODULES, MODULES_OF_THE_TEAM]));
static JS_FOR_STRANGERS: LazyLock<Asset> = LazyLock::new(|| script(&[MODULES]));

fn script(modules: &[&[&str]]) -> Asset {
    let mut text = without_comments(include_str!("../../../assets/page.js"));
    for module in modules.iter().copied().flatten() {
        let _ = write!(
            text,
            "try {{\n{}}} catch (trouble) {{ console.error(trouble); }}\n",
            without_comments(module)
        );
    }
    Asset::new(text, "text/javascript; charset=utf-8")
}

/// Without the lines that are for whoever reads the source: nobody waits for them at night.
fn without_comments(module: &str) -> String {
    let says = |line: &&str| {
        let line = line.trim();
        let typed = line.starts_with("/**") && line.ends_with("*/");
        !typed && !line.starts_with("// ")
    };
    let kept = module.lines().filter(says);
    kept.flat_map(|line| [line, "\n"]).collect()
}

impl Asset {
    fn new(text: String, kind: &'static str) -> Self {
        let hash = Sha256::digest(&text);
        let tag = hash.iter().take(8).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Self { text, tag, kind }
    }
}

/// The stylesheet's address, with what it holds.
pub(super) fn css() -> String {
    format!("{CSS_PATH}?v={}", CSS.tag)
}

/// The script's address, with what it holds: whole for whoever is signed in.
pub(super) fn js(signed_in: bool) -> String {
    match signed_in {
        true => format!("{JS_PATH}?v={}", JS.tag),
        false => format!("{JS_FOR_STRANGERS_PATH}?v={}", JS_FOR_STRANGERS.tag),
    }
}

pub(super) async fn show(call: Call) -> Answer {
    let asset = match call.uri.path() {
        JS_PATH => &*JS,
        JS_FOR_STRANGERS_PATH => &*JS_FOR_STRANGERS,
        _ => &*CSS,
    };
    let tag = format!("\"{}\"", asset.tag);
    let known = call.headers.get(header::IF_NONE_MATCH);
    let mut response = if known.is_some_and(|known| known == tag.as_str()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        asset.text.as_str().into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
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
    async fn they_are_kept_and_asked_for_once() {
        let stage = Stage::new().await;
        for (address, kind) in [
            (css(), "text/css"),
            (js(true), "text/javascript"),
            (js(false), "text/javascript"),
        ] {
            let said = stage.get(&address, None).await;
            assert_eq!(said.status, 200);
            assert_eq!(
                said.header("content-type"),
                format!("{kind}; charset=utf-8")
            );
            assert!(said.header("cache-control").contains("immutable"));
            let again = stage.request("GET", &address, None, None);
            let again = again.with("if-none-match", said.header("etag"));
            assert_eq!(stage.send(again).await.status, 304);
        }
    }
}
