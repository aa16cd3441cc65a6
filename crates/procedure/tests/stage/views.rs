//! The views of a case as one JSON value, so that a scenario can point into it.

use procedure::at::At;
use procedure::chapters::intake::reporters;
use procedure::chapters::record::{checklist::checklist, views};
use procedure::metrics;
use serde_json::{Value, json};

use super::{Stage, actor};

/// The field that a JSON pointer names, as a word; `nothing` if it is absent or null. A
/// text is its words.
pub fn field(stage: &Stage, reader: &str, pointer: &str) -> String {
    let at = At::new(&stage.case, &stage.basis, stage.now);
    let (reader, entries) = (actor(reader), &stage.entries);
    let lines = at.case.part.retrospective.shown();
    let kind_of = |seq: &u64| {
        entries
            .get(*seq as usize - 1)
            .map(|entry| entry.body.kind())
    };
    let timeline: Vec<_> = lines
        .filter_map(|line| line.entries.first().and_then(kind_of))
        .collect();
    let views = json!({
        "timeline": timeline,
        "form": views::form(at),
        "checklist": checklist(at),
        "happenings": views::happenings(at, entries, &reader),
        "actions": views::actions(at, entries, &reader),
        "people": views::people(at),
        "catch_up": views::catch_up(at, entries, &reader, stage.mark),
        "reporters": reporters(at.case, at.basis, &reader),
        "counts": metrics::counts(at.case),
        "metrics": metrics::metrics(at.case),
        "kinds": at.case.part.intake.kinds.len(),
        "places": at.case.part.record.places,
    });
    match views.pointer(pointer) {
        None | Some(Value::Null) => "nothing".into(),
        Some(Value::String(word)) => word.clone(),
        Some(Value::Object(text)) if text.contains_key("$text") => {
            text["$text"].as_str().unwrap_or_default().into()
        }
        Some(other) => other.to_string(),
    }
}
