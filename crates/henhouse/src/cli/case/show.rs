//! How cases are shown to somebody at a terminal: what a responder needs, in local times.

use serde_json::Value;

use super::super::Asked;
use super::super::failure::Outcome;
use super::super::report::words;
use super::super::times::Here;
use super::Number;
use crate::report::time::count;

/// So many of the newest entries are shown.
const NEWEST: u64 = 8;

/// Where a case stands: what it is, who has it, what comes next, what is mine, what happened last.
pub(super) async fn view(asked: &Asked, number: &Number) -> Outcome {
    let case = number.read(asked, "").await?;
    if asked.json {
        asked.print(&case, |_| String::new());
        return Ok(());
    }
    let agenda = number.read(asked, "/agenda").await?;
    let now = asked.client.get("/api/v1/now").await?;
    let after = case["seq"].as_u64().unwrap_or(0).saturating_sub(3 * NEWEST);
    let newest = number
        .read(asked, &format!("/journal?after={after}&limit=200"))
        .await?;
    asked.print(&case, |case| told(case, &agenda, &now, &newest));
    Ok(())
}

fn told(case: &Value, agenda: &Value, now: &Value, newest: &Value) -> String {
    let here = Here::of(case);
    let mut lines = head(case, &here);
    lines.extend(reported(case));
    lines.extend(next(case, agenda, &here));
    lines.extend(mine(case, now, &here));
    lines.extend(sitrep(case, &here));
    lines.push(String::new());
    let number = words(&case["number"]);
    lines.push(format!(
        "What happened last (all: henhouse case journal {number}):"
    ));
    let entries = newest["entries"].as_array().cloned().unwrap_or_default();
    let told: Vec<&Value> = entries.iter().filter(|entry| is_told(entry)).collect();
    for entry in told.iter().rev().take(usize::try_from(NEWEST).unwrap_or(8)) {
        lines.push(format!("  {}", entry_line(entry, &here)));
    }
    lines.join("\n")
}

/// Who and what: the first lines.
fn head(case: &Value, here: &Here) -> Vec<String> {
    let said = |name: &str| words(&case[name]);
    let mut first = format!("{}  {}", said("number"), said("title"));
    if case["drill"] == true {
        first = format!("DRILL  {first}");
    }
    let mut marks = vec![
        format!(
            "{}, {}, {}",
            said("noun"),
            said("status").replace('_', " "),
            said("phase")
        ),
        match case["severity"].as_str().unwrap_or_default() {
            "" | "unknown" => "not assessed".to_owned(),
            severity => format!("severity {severity}"),
        },
    ];
    if case["restricted"] == true {
        marks.push("RESTRICTED".to_owned());
    }
    marks.push(format!("opened {}", here.say_both(&case["opened_at"])));
    let mut lines = vec![first, marks.join(" | ")];
    let name = |id: &Value| name(case, id);
    lines.push(match case["ic"].as_str() {
        None => line("IC", "nobody"),
        Some(_) => {
            let silent = match case["silent_since"].as_str() {
                Some(_) => format!(", SILENT since {}", here.say(&case["silent_since"])),
                None => String::new(),
            };
            let since = here.say(&case["ic_since"]);
            line(
                "IC",
                &format!("{} since {since}{silent}", name(&case["ic"])),
            )
        }
    });
    let responders = case["responders"].as_array().cloned().unwrap_or_default();
    let others: Vec<String> = responders
        .iter()
        .filter(|person| person["person"] != case["ic"])
        .map(|person| name(&person["person"]))
        .collect();
    if !others.is_empty() {
        lines.push(line("with", &others.join(", ")));
    }
    for lost in case["unreached"].as_array().into_iter().flatten() {
        let to = lost["to"].as_object().and_then(|to| to.values().next());
        let to = to.map_or_else(|| words(&lost["to"]), name);
        lines.push(line(
            "NOT REACHED",
            &format!("{to} since {}", here.say(&lost["since"])),
        ));
    }
    lines
}

/// What was reported first, and how to reach whoever did, where the reader may know.
fn reported(case: &Value) -> Vec<String> {
    let report = &case["reports"][0]["report"];
    let told = report["text"]
        .is_string()
        .then(|| line("reported", &words(&report["text"])));
    let ways = ["name", "contact", "phone"].map(|way| &report[way]);
    let ways = ways.into_iter().filter(|way| way.is_string()).map(words);
    let ways: Vec<String> = ways.collect();
    let reach = (!ways.is_empty()).then(|| line("reach", &ways.join(", ")));
    told.into_iter().chain(reach).collect()
}

/// What is due next, whoever owes it, and what there is to work on.
fn next(case: &Value, agenda: &Value, here: &Here) -> Vec<String> {
    let owed = agenda["obligations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut lines = Vec::new();
    if let Some(first) = owed.iter().find(|owed| owed["due"].is_string()) {
        let late = if first["overdue"] == true {
            "OVERDUE "
        } else {
            ""
        };
        let what = super::owed::what(first, agenda);
        let due = format!("{late}{}: {what}", here.say_both(&first["due"]));
        lines.push(line("next due", &due));
    }
    let open = |part: &str, over: &[&str]| -> usize {
        let all = case[part].as_array().into_iter().flatten();
        all.filter(|one| !over.contains(&one["state"].as_str().unwrap_or_default()))
            .count()
    };
    let (leads, steps) = (
        open("leads", &["done", "dropped"]),
        open("steps", &["done", "verified", "dropped"]),
    );
    let exhibits = case["exhibits"].as_array().map_or(0, Vec::len);
    let count = |n: usize, unit: &str| count(i64::try_from(n).unwrap_or(i64::MAX), unit);
    let open = [
        count(owed.len(), "obligation"),
        count(leads, "lead"),
        count(steps, "step"),
        count(exhibits, "exhibit"),
    ];
    lines.push(line("open", &open.join(", ")));
    lines
}

/// What falls to whoever asks.
fn mine(case: &Value, now: &Value, here: &Here) -> Vec<String> {
    let asked = now["asked"].as_array().cloned().unwrap_or_default();
    let here_asked: Vec<&Value> = asked
        .iter()
        .filter(|asked| asked["number"] == case["number"])
        .collect();
    if here_asked.is_empty() {
        return vec![String::new(), "Nothing is asked of you here.".to_owned()];
    }
    let mut lines = vec![String::new(), "Asked of you, soonest first:".to_owned()];
    for one in here_asked {
        lines.push(format!("  {}", super::owed::asked(one, here)));
        lines.extend(one["by_hand"].as_str().map(|how| format!("      {how}")));
    }
    lines
}

fn sitrep(case: &Value, here: &Here) -> Vec<String> {
    let sitreps = case["sitreps"].as_array().cloned().unwrap_or_default();
    let Some(last) = sitreps.last() else {
        return Vec::new();
    };
    let at = here.say_both(&last["at"]);
    vec![
        String::new(),
        format!("Sitrep {}, {at}:", words(&last["number"])),
        format!("  {}", words(&last["summary"])),
    ]
}

/// An entry that people read.
pub(super) fn is_told(entry: &Value) -> bool {
    entry["goes_without_saying"] != true
}

/// `04:10 CET (03:10 UTC)  Ann noted: …`.
pub(super) fn entry_line(entry: &Value, here: &Here) -> String {
    let said = match entry["sentence"].as_str() {
        Some(_) => words(&entry["sentence"]),
        None => "(for those who take part)".to_owned(),
    };
    let claimed = serde_json::from_value::<procedure::When>(entry["happened_at"].clone());
    let claimed = claimed.map_or_else(
        |_| String::new(),
        |when| format!(" (Time given: {}.)", here.times().claimed(&when)),
    );
    format!("{}  {said}{claimed}", here.say(&entry["recorded_at"]))
}

/// What a person of a case is called.
pub(super) fn name(answer: &Value, id: &Value) -> String {
    let name = id.as_str().map(|id| &answer["names"][id]);
    name.filter(|name| name.is_string())
        .map_or_else(|| words(id), words)
}

fn line(label: &str, said: &str) -> String {
    format!("{label:12} {said}")
}
