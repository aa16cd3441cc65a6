//! One entry of every kind, as the farm's people would leave it. In the order of a story, so
//! that what is named later is there.

mod coming_in;
mod record;
mod response;
mod shifts;

use procedure::Body;
use serde_json::{Value, json};

/// Who leaves it, and what.
pub fn all() -> Vec<(&'static str, Body)> {
    let lists = [
        coming_in::beginning(),
        response::command(),
        response::assessment(),
        response::evidence(),
        response::work(),
        response::disruption(),
        record::record(),
        record::secrecy(),
        record::contingency(),
        record::closing(),
        record::retrospective(),
        shifts::turns(),
        shifts::long(),
        coming_in::alerts(),
    ];
    let read = |(who, kind, body): (&'static str, &str, Value)| {
        let read = serde_json::from_value(json!({ "kind": kind, "body": body }));
        (who, read.unwrap_or_else(|e| panic!("{kind}: {e}")))
    };
    lists.into_iter().flatten().map(read).collect()
}

type Samples = Vec<(&'static str, &'static str, Value)>;

fn report(words: &str) -> Value {
    json!({ "text": words, "route": "form", "contact": "neighbour@example.org", "phone": "+1 555 0177" })
}
