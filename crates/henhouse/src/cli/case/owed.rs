//! What is owed, by whom and by when, and the line that settles it.

use procedure::project::{Contact, Directory};
use procedure::{PersonId, Text};
use serde_json::Value;

use super::super::report::words;
use super::super::times::Here;
use super::show::name;
use crate::report::Names;
use crate::report::time::count;

/// Everything that a case asks for.
pub(super) fn agenda(answer: &Value) -> String {
    let here = Here::of(answer);
    let owed = answer["obligations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if owed.is_empty() {
        return "Nothing is owed.".to_owned();
    }
    let line = |row: &Value| {
        let who = owner(answer, &row["owner"]);
        let said = format!(
            "{} ({who}, {})",
            when(row, &what(row, answer), &here),
            words(&row["rule"])
        );
        match row["by_hand"].as_str() {
            Some(how) => format!("{said}\n    {how}"),
            None => said,
        }
    };
    owed.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The board of whoever asks: what is asked of them over every case.
pub(in crate::cli) fn board(answer: &Value) -> String {
    let here = Here::of(answer);
    let mut lines = to_do(answer);
    // Whoever can settle it is told how instead.
    if lines.is_empty() && answer["warning"].is_string() {
        lines.extend([words(&answer["warning"]), String::new()]);
    }
    let asked_of = answer["asked"].as_array().cloned().unwrap_or_default();
    if asked_of.is_empty() {
        lines.push("Nothing is asked of you.".to_owned());
    }
    if let Some(mails) = answer["review"]["all"].as_i64() {
        let mails = count(mails, "mail");
        lines.push(format!("{mails} to look at: henhouse review list"));
    }
    let mut last = &Value::Null;
    for row in &asked_of {
        if *last != row["number"] {
            lines.push(format!(
                "{}  {}",
                words(&row["number"]),
                words(&row["title"])
            ));
        }
        last = &row["number"];
        lines.push(format!("  {}", asked(row, &here.in_zone_of(row))));
        lines.extend(row["by_hand"].as_str().map(|how| format!("      {how}")));
    }
    let open = answer["cases"].as_array().cloned().unwrap_or_default();
    let quiet = |case: &&Value| !asked_of.iter().any(|row| row["number"] == case["number"]);
    let quiet: Vec<String> = open.iter().filter(quiet).map(super::told::row).collect();
    if !quiet.is_empty() {
        lines.push("Open, and nothing of it is yours:".to_owned());
        lines.extend(quiet.iter().map(|row| format!("  {row}")));
    }
    lines.join("\n")
}

/// What is still to be set up, for whoever can do it.
fn to_do(answer: &Value) -> Vec<String> {
    let items = answer["to_do"].as_array().cloned().unwrap_or_default();
    let mut lines = Vec::new();
    let blocks = |item: &Value| item["blocks_calls"] == true;
    for (head, blocking) in [
        (
            "Still to set up, so that every report calls somebody:",
            true,
        ),
        ("Still to set up:", false),
    ] {
        let part: Vec<&Value> = items
            .iter()
            .filter(|item| blocks(item) == blocking)
            .collect();
        if part.is_empty() {
            continue;
        }
        lines.push(head.to_owned());
        for item in part {
            lines.push(format!("  - {}", words(&item["what"])));
            lines.extend(item["command"].as_str().map(|line| format!("      {line}")));
        }
        lines.push(String::new());
    }
    lines
}

/// Something that is asked, with its time first.
pub(super) fn asked(row: &Value, here: &Here) -> String {
    when(row, &words(&row["what"]), here)
}

fn when(row: &Value, what: &str, here: &Here) -> String {
    match (row["due"].is_string(), row["overdue"] == true) {
        (false, _) => what.to_owned(),
        (true, true) => format!("OVERDUE since {}: {what}", here.say_both(&row["due"])),
        (true, false) => format!("by {}: {what}", here.say_both(&row["due"])),
    }
}

/// What is owed, people by their names.
pub(super) fn what(row: &Value, answer: &Value) -> String {
    let mut directory = Directory::default();
    for (id, name) in answer["names"].as_object().into_iter().flatten() {
        let Some(name) = name.as_str().filter(|name| !name.is_empty()) else {
            continue;
        };
        let contact = Contact {
            name: Text::from(name),
            mail: None,
            phone: None,
            routes: Vec::new(),
        };
        directory
            .people
            .insert(PersonId::from(id.as_str()), contact);
    }
    Names::new(&directory).in_words(&words(&row["what"]))
}

/// Who owes it, in words.
fn owner(answer: &Value, owner: &Value) -> String {
    match owner {
        Value::String(word) if word == "ic" => "the IC".to_owned(),
        Value::String(word) => format!("the {}", word.replace('_', " ")),
        Value::Object(named) => {
            let said = |(sort, who): (&String, &Value)| match sort.as_str() {
                "person" => name(answer, who),
                _ => self::owner(answer, who),
            };
            named.iter().map(said).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}
