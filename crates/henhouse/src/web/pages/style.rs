//! The one stylesheet and the script, built in. Their addresses change with their content, so they are
//! kept for a year. They are pressed once and sent pressed to whoever reads that (`docs/decisions/what-is-sent-pressed.md`).
//!
//! The script is the modules of `assets/`, each in a block of its own behind `page.js`: what goes wrong in
//! one leaves the others alone, and a page asks once.

use std::fmt::Write as _;
use std::io::Read as _;
use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use flate2::Compression;
use flate2::read::GzEncoder;
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
    include_str!("../../../assets/push.js"),
    include_str!("../../../assets/undo.js"),
];

/// A file, as it is and pressed, and the tag of what it holds.
struct Asset {
    text: String,
    /// Empty where it could not be pressed: then everybody gets the text.
    gzip: Vec<u8>,
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
        let mut gzip = Vec::new();
        let pressed = GzEncoder::new(text.as_bytes(), Compression::best()).read_to_end(&mut gzip);
        if pressed.is_err() {
            gzip.clear();
        }
        Self {
            text,
            gzip,
            tag,
            kind,
        }
    }
}

/// Whether whoever asks reads gzip (RFC 9110, 12.5.3): it is named, or everything is, and not with weight 0.
fn reads_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    let codings = lines.filter_map(|line| line.to_str().ok());
    let (mut named, mut any) = (None, None);
    for coding in codings.flat_map(|line| line.split(',')) {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().split_once('=').map_or("1", |(_, q)| q.trim());
        let wanted = weight.parse::<f32>().is_ok_and(|q| q > 0.0);
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => named = Some(wanted),
            "*" => any = Some(wanted),
            _ => {}
        }
    }
    named.or(any).unwrap_or(false)
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
    let pressed = reads_gzip(&call.headers) && !asset.gzip.is_empty();
    // Two forms of one file are two things to a cache, and each has its tag.
    let form = if pressed { "-gzip" } else { "" };
    let tag = format!("\"{}{form}\"", asset.tag);
    let known = call.headers.get(header::IF_NONE_MATCH);
    let mut response = if known.is_some_and(|known| known == tag.as_str()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if pressed {
        let coding = [(header::CONTENT_ENCODING, "gzip")];
        (coding, asset.gzip.as_slice()).into_response()
    } else {
        asset.text.as_str().into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
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
    use flate2::read::GzDecoder;

    use super::*;
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn they_are_kept_asked_for_once_and_the_same_pressed_or_not() {
        let stage = Stage::new().await;
        for (address, kind) in [
            (css(), "text/css"),
            (js(true), "text/javascript"),
            (js(false), "text/javascript"),
        ] {
            let asking = stage.request("GET", &address, None, None);
            let whole = stage.send(asking.clone()).await;
            let pressed = asking.clone().with("accept-encoding", "br, gzip");
            let pressed = stage.send(pressed).await;
            assert_eq!(whole.header("content-encoding"), "");
            assert_eq!(pressed.header("content-encoding"), "gzip");
            assert_ne!(whole.header("etag"), pressed.header("etag"));
            let mut read = Vec::new();
            let pressed_bytes = pressed.bytes();
            let told = GzDecoder::new(pressed_bytes.as_slice()).read_to_end(&mut read);
            assert_eq!(told.ok(), Some(read.len()));
            assert!(read == whole.bytes() && pressed_bytes.len() * 2 < read.len());
            for (said, coding) in [(whole, "identity"), (pressed, "gzip")] {
                assert_eq!(said.status, 200);
                let own = format!("{kind}; charset=utf-8");
                assert_eq!(said.header("content-type"), own);
                assert!(said.header("cache-control").contains("immutable"));
                let again = asking.clone().with("accept-encoding", coding);
                let again = again.with("if-none-match", said.header("etag"));
                let again = stage.send(again).await;
                assert_eq!((again.status, again.header("content-encoding")), (304, ""));
                for said in [said, again] {
                    assert_eq!(said.header("vary"), "Accept-Encoding");
                }
            }
        }
    }

    #[test]
    fn who_reads_gzip_says_so() {
        for (lines, reads) in [
            (&[][..], false),
            (&[""], false),
            (&["gzip, deflate, br"], true),
            (&["br", "GZIP;q=0.1"], true),
            (&["gzip; q=0, *"], false),
            (&["*"], true),
            (&["*;q=0"], false),
            (&["identity"], false),
            (&["gzip;q=no"], false),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(line));
            }
            assert_eq!(reads_gzip(&headers), reads, "{lines:?}");
        }
    }
}
