//! What is written for a channel of Slack's by its incoming webhook, as many programs do. It has no key of its own: what
//! stands behind the word in brackets at the beginning of its title is taken for one.

use std::fmt::Write as _;

use serde_json::Value;

use super::{clean, digest, gravity, unknown};
use crate::desk::{Alert, Sent};

/// Reads a body.
#[must_use]
pub fn read(raw: &[u8]) -> Alert {
    let body: Option<Value> = serde_json::from_slice(raw).ok();
    body.and_then(|body| alert(&body, raw))
        .unwrap_or_else(|| unknown("A webhook for Slack", raw))
}

fn alert(body: &Value, raw: &[u8]) -> Option<Alert> {
    let first = &body["attachments"][0];
    let said = [
        &first["title"],
        &first["fallback"],
        &body["text"],
        &first["text"],
    ];
    let mut said = said.into_iter().filter_map(Value::as_str).map(str::trim);
    let said = clean(said.find(|said| !said.is_empty())?);
    let (state, title) = stated(&said);
    let over =
        state.to_ascii_lowercase().starts_with("resolved") || state.eq_ignore_ascii_case("ok");
    Some(Alert {
        sent: if over { Sent::Over } else { Sent::Fires },
        alias: format!("slack {}", digest(title.as_bytes())),
        title: title.to_owned(),
        words: words(body, &said),
        gravity: gravity(state),
        raw: raw.to_vec(),
        ..Alert::default()
    })
}

/// The word in brackets, and what stands behind it: `[FIRING:1] Door` is `FIRING:1` and `Door`.
fn stated(said: &str) -> (&str, &str) {
    let split = said.strip_prefix('[').and_then(|said| said.split_once(']'));
    match split {
        Some((state, title)) if !title.trim().is_empty() => (state, title.trim()),
        _ => ("", said),
    }
}

fn words(body: &Value, said: &str) -> String {
    let mut words = format!("{said}\n");
    let attachments = body["attachments"]
        .as_array()
        .into_iter()
        .flatten()
        .take(20);
    for attachment in attachments {
        for field in ["pretext", "text", "title_link"] {
            if let Some(word) = attachment[field].as_str().filter(|word| !word.is_empty()) {
                let _ = writeln!(words, "{}", clean(word));
            }
        }
        let fields = attachment["fields"]
            .as_array()
            .into_iter()
            .flatten()
            .take(50);
        for field in fields {
            let word = |name: &str| clean(field[name].as_str().unwrap_or_default());
            let _ = writeln!(words, "{}: {}", word("title"), word("value"));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_resolved_is_meant_by_the_words_behind_the_bracket() {
        let body = |state: &str| {
            let title = format!("[{state}] Door of the north coop");
            let body = json!({ "channel": "#x", "attachments": [{ "title": title, "text": "open", "fields": [] }] });
            read(body.to_string().as_bytes())
        };
        let (fires, over) = (body("FIRING:1"), body("RESOLVED"));
        assert_eq!((fires.sent, over.sent), (Sent::Fires, Sent::Over));
        assert_eq!(
            (&fires.alias, &*fires.title),
            (&over.alias, "Door of the north coop")
        );
        assert_eq!(read(b"{\"text\": \"[ ]\"}").title, "[ ]");
        assert_eq!(read(b"{}").title, "Unknown alert");
    }
}
