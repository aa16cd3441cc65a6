//! `/cases/{number}/entries/{seq}`: one entry as it was written, with who, when and how that is known; what
//! corrects it, and the way to correct it. Nothing is edited: a correction stands beside what it corrects (R35).

use askama::Template;
use procedure::at::At;
use procedure::{Actor, How, Permission, may};
use serde_json::Value;

use super::head::{self, Head};
use crate::desk::CaseView;
use crate::report::timeline::Log;
use crate::report::{Names, Times};
use crate::web::api::journal::{self, ANNEXED, EntryAnswer};
use crate::web::fields::escaped;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, Problem, json};

/// So much of an entry is quoted in a note about it, in characters.
const QUOTED: usize = 120;
/// A note of up to so many bytes stands in the form that corrects it.
const PREFILLED: usize = 1_500;

#[derive(Template)]
#[template(path = "case_entry.html")]
struct EntryPage {
    frame: Frame,
    head: Head,
    seq: u64,
    last: u64,
    sentence: Option<String>,
    /// The entry is of the annex, and not for the reader.
    annexed: bool,
    recorded: String,
    happened: Option<String>,
    who: Option<String>,
    /// How that is known: the name of its text.
    how: Option<&'static str>,
    /// What was written: the field, and what stands in it.
    fields: Vec<(String, String)>,
    corrected: Vec<u64>,
    corrects: Option<u64>,
    /// Acts about it: the address, and the name of the text.
    acts: Vec<(String, &'static str)>,
    json: String,
}

/// Shows an entry.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let seq: u64 = call.param("seq").parse().unwrap_or_default();
    let nothing = || Problem::not_found("entry");
    let after = seq.checked_sub(1).ok_or_else(nothing)?;
    let found = call.app.desk.entries(&view, after, 1).await?;
    let entry = found
        .first()
        .filter(|one| one.seq == seq)
        .ok_or_else(nothing)?;
    let (now, times) = (call.app.desk.now(), head::times(&call, &view));
    let log = Log::new(&view.case, &view.basis, &view.directory, now);
    let mut told = journal::tell(&call, &view, &log, entry).await;
    told.body = json::opened(&told.body);
    let at = At::new(&view.case, &view.basis, now);
    let actor: Option<Actor> = serde_json::from_value(told.actor.clone()).ok();
    let names = Names::new(&view.directory);
    let notes = &view.case.part.record.notes;
    let readable = |seq: &u64| view.may_read(*seq);
    let corrected = notes.get(&seq).map(|note| note.corrections.clone());
    let corrects = notes
        .iter()
        .find(|(_, note)| note.corrections.contains(&seq));
    let number = &view.row.number;
    let page = EntryPage {
        frame: head::frame(&call, &view),
        head: Head::of(&call, &view, at, &times, "/entries"),
        seq,
        last: view.case.seq,
        annexed: told.kind == ANNEXED && !view.may_read(seq),
        recorded: times.dated(entry.recorded_at),
        happened: told.happened_at.as_ref().map(|when| times.claimed(when)),
        who: actor.as_ref().map(|actor| names.who(&actor.who)),
        how: actor.as_ref().map(|actor| how(&actor.how)),
        fields: fields(&told.body, &times.in_english(), names),
        corrected: corrected
            .unwrap_or_default()
            .into_iter()
            .filter(readable)
            .collect(),
        corrects: corrects.map(|(note, _)| *note).filter(readable),
        acts: acts(&call, &view, &told)?,
        json: format!("/api/v1/cases/{number}/journal?after={after}&limit=1"),
        sentence: told.sentence,
    };
    frame::page(200, &page)
}

/// How it is known who it was.
fn how(how: &How) -> &'static str {
    match how {
        How::Open => key("case-how-open"),
        How::ReceiptLink => key("case-how-receipt"),
        How::SignedLink => key("case-how-link"),
        How::Session => key("case-how-session"),
        How::Token(_) => key("case-how-token"),
        How::LocalSocket => key("case-how-socket"),
        How::Clock => key("case-how-clock"),
        How::Drill => key("case-how-drill"),
    }
}

/// What can be done about an entry: corrected, shut away, told in the report, erased.
fn acts(
    call: &Call,
    view: &CaseView,
    told: &EntryAnswer,
) -> Result<Vec<(String, &'static str)>, Problem> {
    let known = call.known()?;
    let can = |command| {
        let may = may(&view.case, &view.basis, &view.onlooker.actor, command);
        known.may_write() && known.person.is_some() && !matches!(may, Permission::No(_))
    };
    let place = format!("/cases/{}/acts", view.row.number);
    let mut acts = Vec::new();
    if !view.may_read(told.seq) {
        return Ok(acts);
    }
    let is_note = view.case.part.record.notes.contains_key(&told.seq);
    if is_note && can("correct_note") {
        let text = told.body.get("text").and_then(Value::as_str);
        // An address is no place for a long text.
        let text = text.filter(|text| text.len() <= PREFILLED);
        let text = text.map(|text| format!("&text={}", escaped(text)));
        let text = text.unwrap_or_default();
        let href = format!("{place}/correct_note?note={}{text}", told.seq);
        acts.push((href, key("case-entry-correct")));
    } else if can("add_note") {
        let said = told.sentence.as_deref().unwrap_or_default();
        let said: String = said.chars().take(QUOTED).collect();
        let w = call.words();
        let text = w
            .with("case-entry-about", "seq", told.seq)
            .and("said", said);
        let text = text.to_string();
        let href = format!("{place}/add_note?text={}", escaped(&text));
        acts.push((href, key("case-entry-note")));
    }
    if can("restrict_entry") && !view.case.part.secrecy.is_annexed(told.seq) {
        let href = format!("{place}/restrict_entry?entry={}", told.seq);
        acts.push((href, key("case-entry-restrict")));
    }
    for (command, label) in [
        ("add_timeline_line", key("case-entry-line")),
        ("add_lesson", key("case-entry-lesson")),
    ] {
        if view.case.is_over() && can(command) {
            let href = format!("{place}/{command}?entries={}", told.seq);
            acts.push((href, label));
        }
    }
    if can("propose_redaction") {
        let href = format!("{place}/propose_redaction?entry={}", told.seq);
        acts.push((href, key("case-entry-erase")));
    }
    Ok(acts)
}

/// What was written, a field each under its name in the journal, by which an auditor finds it there; what nobody filled
/// in or ticked is left out.
fn fields(body: &Value, times: &Times, names: Names) -> Vec<(String, String)> {
    let Value::Object(body) = body else {
        return Vec::new();
    };
    let mut said = Vec::new();
    for (name, value) in body {
        lay_out(name, value, (times, names), &mut said);
    }
    said
}

fn lay_out(name: &str, value: &Value, told_as: (&Times, Names), said: &mut Vec<(String, String)>) {
    let (times, names) = told_as;
    match value {
        Value::Null | Value::Bool(false) => {}
        Value::Object(fields) => {
            for (inner, value) in fields {
                let name = format!("{name}.{inner}");
                lay_out(&name, value, told_as, said);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (n, item) in (1..).zip(items) {
                lay_out(&format!("{name}[{n}]"), item, told_as, said);
            }
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            if !items.is_empty() {
                said.push((name.to_owned(), names.in_words(&items.join(", "))));
            }
        }
        Value::String(text) => {
            let instant = text.parse().map(|at| times.dated(at));
            said.push((name.to_owned(), instant.unwrap_or_else(|_| text.clone())));
        }
        // A name alone says that it was ticked.
        Value::Bool(true) => said.push((name.to_owned(), "✓".to_owned())),
        value => said.push((name.to_owned(), value.to_string())),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
