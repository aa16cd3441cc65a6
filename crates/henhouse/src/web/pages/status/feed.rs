//! The same as a feed (Atom, RFC 4287): an entry for each time that words went out.

use std::fmt::Write as _;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::said;
use crate::desk::{Seen, Sight};
use crate::report::status::Update;
use crate::web::Call;
use crate::web::registry::Answer;
use crate::web::words::Words;

/// The media type of a feed.
pub(in crate::web::pages) const KIND: &str = "application/atom+xml; charset=utf-8";

/// The feed of a link.
pub(in crate::web::pages) async fn by_link(call: Call) -> Answer {
    let token = call.param("token").to_owned();
    let (sight, _) = call.app.desk.status_by_link(&token).await?;
    answer(&call, &sight, &format!("/status/{token}"))
}

/// The feed of a project that shows it to everybody.
pub(in crate::web::pages) async fn of_project(call: Call) -> Answer {
    let slug = call.param("slug").to_owned();
    let (sight, _) = call.app.desk.status_of_project(&slug).await?;
    answer(&call, &sight, &format!("/public/{slug}"))
}

fn answer(call: &Call, sight: &Sight, place: &str) -> Answer {
    let base = call.app.desk.site().base_url.trim_end_matches('/');
    let xml = feed(call.words(), sight, &format!("{base}{place}"));
    let kind = HeaderValue::from_static(KIND);
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], xml).into_response())
}

fn feed(words: Words, sight: &Sight, page: &str) -> String {
    let title = words
        .with("status-title", "project", &sight.project)
        .to_string();
    let all = sight
        .cases
        .iter()
        .flat_map(|seen| seen.status.updates.iter().map(move |update| (seen, update)));
    let mut all: Vec<(&Seen, &Update)> = all.collect();
    all.sort_by_key(|(_, update)| std::cmp::Reverse(update.at));
    let changed = all.first().map_or(sight.as_of, |(_, update)| update.at);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"",
    );
    let _ = writeln!(xml, " xml:lang=\"{}\">", words.lang());
    put(&mut xml, "title", &title);
    put(&mut xml, "id", &id(page.as_bytes()));
    put(&mut xml, "updated", &stamp(changed));
    let _ = writeln!(
        xml,
        "<link rel=\"self\" href=\"{}\"/>",
        escaped(&format!("{page}/feed"))
    );
    let _ = writeln!(
        xml,
        "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
        escaped(page)
    );
    xml.push_str("<author><name>Henhouse</name></author>\n");
    for (seen, update) in all {
        let newest = seen.status.updates.first() == Some(update);
        let state = newest.then(|| format!(": {}", said(words, seen.status.state)));
        xml.push_str("<entry>\n");
        put(
            &mut xml,
            "title",
            &format!("{}{}", seen.number, state.unwrap_or_default()),
        );
        let name = [seen.journal.as_bytes(), update.name.as_bytes()].concat();
        put(&mut xml, "id", &id(&name));
        put(&mut xml, "updated", &stamp(update.at));
        let _ = writeln!(
            xml,
            "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
            escaped(page)
        );
        let _ = writeln!(
            xml,
            "<content type=\"text\">{}</content>",
            escaped(&update.text)
        );
        xml.push_str("</entry>\n");
    }
    xml.push_str("</feed>\n");
    xml
}

/// A name that stays the same for the same thing.
fn id(name: &[u8]) -> String {
    let hash = Sha256::new_with_prefix(b"henhouse/feed/v1\0")
        .chain_update(name)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    format!(
        "urn:uuid:{}",
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    )
}

fn put(xml: &mut String, name: &str, text: &str) {
    let _ = writeln!(xml, "<{name}>{}</{name}>", escaped(text));
}

fn stamp(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second())
        .unwrap_or(at)
        .to_string()
}

/// As XML has it; what XML 1.0 cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_feed_holds_words_and_nothing_else() {
        assert_eq!(
            escaped("<script>&\"x\"\u{0}\u{1b}[2J\u{ffff}"),
            "&lt;script&gt;&amp;&quot;x&quot;[2J"
        );
        assert_eq!(id(b"a"), id(b"a"));
        assert_ne!(id(b"a"), id(b"b"));
        assert!(Uuid::try_parse(id(b"a").trim_start_matches("urn:uuid:")).is_ok());
    }
}
