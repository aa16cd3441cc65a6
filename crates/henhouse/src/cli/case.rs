//! Cases on the command line. Every command of the engine can be given by `case do`; the
//! commonest have words of their own.

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::failure::{Failure, Outcome};
use super::report::words;
use super::{Asked, fields};
use crate::report::by_hand;

/// A case by its number.
#[derive(Debug, Args)]
pub struct Number {
    /// The number that people say, such as HH-142.
    #[arg(env = "HENHOUSE_CASE")]
    number: String,
}

/// A command to a case.
#[derive(Debug, Args)]
pub struct Given {
    /// The number that people say, such as HH-142.
    number: String,
    /// Fields of the command, as name=value.
    fields: Vec<String>,
    /// When it happened, if not now (RFC 3339).
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Pass a gate on purpose, with a reason.
    #[arg(long, value_name = "RULE=REASON")]
    waive: Vec<String>,
}

/// Words of one's own, then fields.
#[derive(Debug, Args)]
pub struct Worded {
    /// The number that people say, such as HH-142.
    number: String,
    /// The text.
    text: String,
    /// Further fields, as name=value.
    fields: Vec<String>,
    /// When it happened, if not now (RFC 3339).
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Pass a gate on purpose, with a reason.
    #[arg(long, value_name = "RULE=REASON")]
    waive: Vec<String>,
}

/// Cases: list, view, and everything that is done in them.
#[derive(Debug, Subcommand)]
pub enum Case {
    /// The cases that you may see, newest first.
    List {
        /// Only open ones.
        #[arg(long)]
        open: bool,
        /// Only these, by number or beginning of the title.
        #[arg(long)]
        text: Option<String>,
        /// Only those that harm, or may harm, this client; `ours` for our own.
        #[arg(long)]
        client: Option<String>,
        /// Only those with harm to confidentiality, integrity, availability or privacy.
        #[arg(long)]
        property: Vec<String>,
    },
    /// Where a case stands.
    View(Number),
    /// What is owed by whom and by when, and the line that settles it.
    Agenda(Number),
    /// Every entry, oldest first.
    Journal(Number),
    /// Whether each rule of the procedure was kept.
    Conformance(Number),
    /// The response metrics.
    Metrics(Number),
    /// What was sent to whom, and how that went.
    Deliveries(Number),
    /// Give any command, by name: `case do HH-1 add_lead text="…"`.
    #[command(after_help = examples())]
    Do {
        /// The number that people say.
        number: String,
        /// The command, such as record_fact.
        command: String,
        #[command(flatten)]
        given: Fields,
    },
    /// Write something down.
    Note(Worded),
    /// Add a lead.
    Lead(Worded),
    /// Add a remediation step.
    Step(Worded),
    /// Set the severity: high, medium or low.
    Severity(Worded),
    /// Confirm: it really happened; `case confirm HH-1 severity=medium reason="…"`.
    Confirm(Given),
    /// It did not happen.
    Falsealarm(Worded),
    /// Publish a sitrep: `case sitrep HH-1 summary="…"`.
    Sitrep(Given),
    /// Offer command, with a briefing: `case handoff HH-1 to=dave briefing='{"situation":"…","done":"…",…}'`.
    Handoff(Given),
    /// Close, after the report is published.
    Close(Given),
}

/// Fields and what may accompany any command.
#[derive(Debug, Args)]
pub struct Fields {
    /// Fields of the command, as name=value.
    fields: Vec<String>,
    /// When it happened, if not now (RFC 3339).
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Pass a gate on purpose, with a reason.
    #[arg(long, value_name = "RULE=REASON")]
    waive: Vec<String>,
}

impl Number {
    /// Gives a command without fields.
    pub(super) async fn give(&self, asked: &Asked, command: &str) -> Outcome {
        let fields = Fields {
            fields: Vec::new(),
            at: None,
            waive: Vec::new(),
        };
        give(asked, &self.number, command, Map::new(), &fields).await
    }

    async fn read(&self, asked: &Asked, part: &str) -> Outcome<Value> {
        asked
            .client
            .get(&format!("/api/v1/cases/{}{part}", self.number))
            .await
    }
}

impl Case {
    /// Whether it does something to the case.
    pub(super) fn acts(&self) -> bool {
        !matches!(
            self,
            Self::List { .. }
                | Self::View(_)
                | Self::Agenda(_)
                | Self::Journal(_)
                | Self::Conformance(_)
                | Self::Metrics(_)
                | Self::Deliveries(_)
        )
    }

    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::List {
                open,
                text,
                client,
                property,
            } => {
                let property = (!property.is_empty()).then(|| property.join(","));
                let wanted = [("q", text), ("client", client), ("property", property)];
                list(asked, open, &wanted).await
            }
            Self::View(number) => {
                let answer = number.read(asked, "").await?;
                asked.print(&answer, view);
                Ok(())
            }
            Self::Agenda(number) => {
                let answer = number.read(asked, "/agenda").await?;
                let here = number.number.to_ascii_uppercase().into();
                asked.print(&answer, |answer| agenda(&here, answer));
                Ok(())
            }
            Self::Journal(number) => journal(asked, &number.number).await,
            Self::Conformance(number) => {
                let answer = number.read(asked, "/conformance").await?;
                asked.print(&answer, conformance);
                Ok(())
            }
            Self::Metrics(number) => plain(asked, &number, "/metrics").await,
            Self::Deliveries(number) => plain(asked, &number, "/deliveries").await,
            Self::Do {
                number,
                command,
                given,
            } => give(asked, &number, &command, Map::new(), &given).await,
            Self::Note(worded) => worded.give(asked, "add_note", "text").await,
            Self::Lead(worded) => worded.give(asked, "add_lead", "text").await,
            Self::Step(worded) => worded.give(asked, "add_step", "text").await,
            Self::Severity(worded) => worded.give(asked, "set_severity", "severity").await,
            Self::Falsealarm(worded) => worded.give(asked, "false_alarm", "reason").await,
            Self::Confirm(given) => given.give(asked, "confirm").await,
            Self::Sitrep(given) => given.give(asked, "publish_sitrep").await,
            Self::Handoff(given) => given.give(asked, "offer_handover").await,
            Self::Close(given) => given.give(asked, "close").await,
        }
    }
}

impl Worded {
    async fn give(self, asked: &Asked, command: &str, field: &str) -> Outcome {
        let Self {
            number,
            text,
            fields,
            at,
            waive,
        } = self;
        let first = Map::from_iter([(field.to_owned(), Value::String(text))]);
        give(
            asked,
            &number,
            command,
            first,
            &Fields { fields, at, waive },
        )
        .await
    }
}

impl Given {
    async fn give(self, asked: &Asked, command: &str) -> Outcome {
        let Self {
            number,
            fields,
            at,
            waive,
        } = self;
        give(
            asked,
            &number,
            command,
            Map::new(),
            &Fields { fields, at, waive },
        )
        .await
    }
}

async fn give(
    asked: &Asked,
    number: &str,
    command: &str,
    mut body: Map<String, Value>,
    given: &Fields,
) -> Outcome {
    body.extend(fields::read(&given.fields)?);
    body.insert("command".into(), command.into());
    if let Some(at) = &given.at {
        body.insert("happened_at".into(), at.as_str().into());
    }
    if !given.waive.is_empty() {
        body.insert("waive".into(), fields::waivers(&given.waive)?);
    }
    if let Some(person) = &asked.acting_as {
        body.insert("as".into(), person.as_str().into());
    }
    let path = format!("/api/v1/cases/{number}/commands");
    let answer = asked.client.post(&path, &Value::Object(body)).await;
    let answer = answer.map_err(|failure| match failure {
        Failure::Usage(said) if !by_hand::fields(command).is_empty() => Failure::Usage(format!(
            "{said}\nIt is written so: {}",
            by_hand::line(number, command)
        )),
        failure => failure,
    })?;
    asked.print(&answer, |answer| {
        let entries = answer["entries"].as_array().cloned().unwrap_or_default();
        let line = |entry: &Value| format!("{} {}", words(&entry["seq"]), words(&entry["kind"]));
        entries.iter().map(line).collect::<Vec<_>>().join("\n")
    });
    Ok(())
}

async fn plain(asked: &Asked, number: &Number, part: &str) -> Outcome {
    let answer = number.read(asked, part).await?;
    asked.print(&answer, |answer| format!("{answer:#}"));
    Ok(())
}

async fn list(asked: &Asked, open: bool, wanted: &[(&str, Option<String>)]) -> Outcome {
    let mut path = "/api/v1/cases?limit=100".to_owned();
    if open {
        path.push_str("&open=true");
    }
    for (name, value) in wanted {
        if let Some(value) = value {
            let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            path.push_str(&format!("&{name}={encoded}"));
        }
    }
    let answer = asked.client.get(&path).await?;
    asked.print(&answer, |answer| {
        let rows = answer["cases"].as_array().cloned().unwrap_or_default();
        if rows.is_empty() {
            return "No cases.".to_owned();
        }
        let line = |row: &Value| {
            let [number, status, severity, title] =
                ["number", "status", "severity", "title"].map(|name| words(&row[name]));
            format!("{number:8} {status:14} {severity:8} {title}")
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    });
    Ok(())
}

/// All entries, page by page.
async fn journal(asked: &Asked, number: &str) -> Outcome {
    let mut after = 0;
    loop {
        let path = format!("/api/v1/cases/{number}/journal?after={after}&limit=500");
        let answer = asked.client.get(&path).await?;
        let entries = answer["entries"].as_array().cloned().unwrap_or_default();
        let Some(last) = entries.last() else {
            return Ok(());
        };
        after = last["seq"].as_u64().unwrap_or(u64::MAX);
        for entry in &entries {
            asked.print(entry, |entry| {
                let [seq, at, kind, say] =
                    ["seq", "recorded_at", "kind", "sentence"].map(|name| words(&entry[name]));
                format!("{seq:>4} {at} {kind} {say}")
            });
        }
    }
}

fn view(answer: &Value) -> String {
    let names = [
        "number",
        "title",
        "noun",
        "status",
        "phase",
        "severity",
        "ic",
        "next_wake",
    ];
    let line = |name: &&str| format!("{name:10} {}", words(&answer[*name]));
    let mut lines: Vec<String> = names.iter().map(line).collect();
    for lost in answer["unreached"].as_array().into_iter().flatten() {
        let (to, since) = (words(&lost["to"]), words(&lost["since"]));
        lines.push(format!("{:10} {to} since {since}", "not reached"));
    }
    lines.join("\n")
}

fn agenda(number: &Value, answer: &Value) -> String {
    let owed = answer["obligations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let line = |row: &Value| {
        let late = if row["overdue"] == true {
            "OVERDUE"
        } else {
            ""
        };
        let [due, rule, what] = ["due", "rule", "what"].map(|name| words(&row[name]));
        let (who, how) = (owner(&row["owner"]), how(number, row));
        format!("{due:20} {late:8} {rule:5} {what} ({who}){how}")
    };
    owed.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn conformance(answer: &Value) -> String {
    let rules = answer["rules"].as_array().cloned().unwrap_or_default();
    let line = |row: &Value| {
        let [rule, outcome, sentence] =
            ["rule", "outcome", "sentence"].map(|name| words(&row[name]));
        format!("{rule:5} {outcome:15} {sentence}")
    };
    rules.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Who owes it, in words.
fn owner(owner: &Value) -> String {
    match owner {
        Value::String(name) => name.replace('_', " "),
        Value::Object(named) => named
            .values()
            .map(self::owner)
            .collect::<Vec<_>>()
            .join(", "),
        Value::Array(all) => all.iter().map(self::owner).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}

/// The line that settles it, below it.
pub(super) fn how(number: &Value, row: &Value) -> String {
    let Some((number, command)) = number.as_str().zip(row["settle_with"].as_str()) else {
        return String::new();
    };
    format!("\n    {}", by_hand::line(number, command))
}

/// What may be given to a case, for the help text.
fn examples() -> String {
    let line = |(name, fields): &(&str, &str)| format!("  {name} {fields}").trim_end().to_owned();
    let lines: Vec<String> = by_hand::EXAMPLES.iter().map(line).collect();
    format!(
        "The commonest commands and the fields they usually take:\n{}\nAll of them: GET /api/v1/openapi.json",
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    /// As a shell would part the words.
    fn parted(line: &str) -> Vec<String> {
        let mut quote = None;
        let mut words = vec![String::new()];
        for c in line.chars() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, ' ') => words.push(String::new()),
                _ => words.last_mut().unwrap().push(c),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    #[test]
    fn every_example_is_a_command_as_it_stands() {
        for (name, line) in by_hand::EXAMPLES {
            let mut body = fields::read(&parted(line)).unwrap();
            body.insert("command".into(), (*name).into());
            let read = serde_json::from_value::<procedure::Command>(body.into());
            assert!(read.is_ok(), "{name} {line}: {read:?}");
        }
    }
}
