//! Cases on the command line. Every command of the engine can be given by `case do`; the
//! commonest have words of their own.

mod checked;
mod exhibit;
mod owed;
#[cfg(test)]
mod pasted;
mod published;
mod show;
mod sitrep;
mod told;

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::failure::{Failure, Outcome};
use super::nearest::{self, Sought};
use super::report::words;
use super::{Asked, fields, times};
use crate::report::by_hand;

pub(super) use owed::board;

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
    /// When it happened, if not now: 03:00, yesterday 22:15, 10m ago, or RFC 3339.
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
    /// When it happened, if not now: 03:00, yesterday 22:15, 10m ago, or RFC 3339.
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
    Journal {
        #[command(flatten)]
        number: Number,
        /// Changes of the project too that do not matter to this case.
        #[arg(long)]
        all: bool,
    },
    /// Whether each rule of the procedure was kept: what was not, first.
    Conformance {
        #[command(flatten)]
        number: Number,
        /// Every rule with its line.
        #[arg(long)]
        all: bool,
    },
    /// The incident report, as it was published last.
    Report(Number),
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
    /// Keep files as evidence, list them, and get them back.
    #[command(subcommand)]
    Exhibit(exhibit::Exhibit),
    /// Write something down.
    Note(Worded),
    /// Add a lead, and where it comes from: `case lead HH-1 "How did they get in?" source=unknown`.
    Lead(Worded),
    /// Add a remediation step.
    Step(Worded),
    /// Set the severity: high, medium or low.
    Severity(Worded),
    /// Confirm: it really happened; `case confirm HH-1 severity=medium reason="…"`.
    Confirm(Given),
    /// It did not happen.
    Falsealarm(Worded),
    /// Publish a sitrep: `case sitrep HH-1 summary="…"`. It is shown as each audience reads it, and you are asked.
    /// People outside read `outside="…"` and no other word of yours.
    Sitrep(sitrep::Sitrep),
    /// Offer command, with a briefing: `case handoff HH-1 to=dave briefing='{"situation":"…","done":"…",…}'`.
    Handoff(Given),
    /// Close, after the report is published, with what the reporter is told: `case close HH-1 outcome="…"`.
    Close(Given),
}

/// Fields and what may accompany any command.
#[derive(Debug, Args)]
pub struct Fields {
    /// Fields of the command, as name=value.
    fields: Vec<String>,
    /// When it happened, if not now: 03:00, yesterday 22:15, 10m ago, or RFC 3339.
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

    /// Reads a part of the case and prints it as `say` puts it.
    async fn tell(&self, asked: &Asked, part: &str, say: impl FnOnce(&Value) -> String) -> Outcome {
        let answer = self.read(asked, part).await?;
        asked.print(&answer, say);
        Ok(())
    }

    /// What was looked for, should it not be there.
    pub(super) fn sought(&self) -> Sought {
        Sought::Case(self.number.clone())
    }
}

impl Case {
    /// What was looked for, should it not be there.
    pub(super) fn sought(&self) -> Sought {
        let number = match self {
            Self::List { .. } => return Sought::Nothing,
            Self::View(number)
            | Self::Agenda(number)
            | Self::Journal { number, .. }
            | Self::Conformance { number, .. }
            | Self::Report(number)
            | Self::Metrics(number)
            | Self::Deliveries(number) => return number.sought(),
            Self::Do { number, .. } => number,
            Self::Exhibit(exhibit) => exhibit.number(),
            Self::Note(worded)
            | Self::Lead(worded)
            | Self::Step(worded)
            | Self::Severity(worded)
            | Self::Falsealarm(worded) => &worded.number,
            Self::Sitrep(sitrep) => &sitrep.given.number,
            Self::Confirm(given) | Self::Handoff(given) | Self::Close(given) => &given.number,
        };
        Sought::Case(number.clone())
    }

    /// Whether it does something to the case.
    pub(super) fn acts(&self) -> bool {
        if let Self::Exhibit(exhibit) = self {
            return exhibit.acts();
        }
        !matches!(
            self,
            Self::List { .. }
                | Self::View(_)
                | Self::Agenda(_)
                | Self::Journal { .. }
                | Self::Conformance { .. }
                | Self::Report(_)
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
            Self::View(number) => show::view(asked, &number).await,
            Self::Agenda(number) => number.tell(asked, "/agenda", owed::agenda).await,
            Self::Journal { number, all } => told::journal(asked, &number, all).await,
            Self::Conformance { number, all } => {
                let say = |answer: &Value| checked::report(answer, all);
                number.tell(asked, "/conformance", say).await
            }
            Self::Report(number) => number.tell(asked, "/report", published::report).await,
            Self::Metrics(number) => number.tell(asked, "/metrics", told::metrics).await,
            Self::Deliveries(number) => number.tell(asked, "/deliveries", told::deliveries).await,
            Self::Do {
                number,
                command,
                given,
            } => give(asked, &number, &command, Map::new(), &given).await,
            Self::Exhibit(exhibit) => exhibit.run(asked).await,
            Self::Note(worded) => worded.give(asked, "add_note", "text").await,
            Self::Lead(worded) => worded.give(asked, "add_lead", "text").await,
            Self::Step(worded) => worded.give(asked, "add_step", "text").await,
            Self::Severity(worded) => worded.give(asked, "set_severity", "severity").await,
            Self::Falsealarm(worded) => worded.give(asked, "false_alarm", "reason").await,
            Self::Confirm(given) => given.give(asked, "confirm").await,
            Self::Sitrep(sitrep) => sitrep.run(asked).await,
            Self::Handoff(given) => given.hand_over(asked).await,
            Self::Close(given) => given.close(asked).await,
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
    /// Whoever closes by the short way is asked for what the reporter is to hear; `case do` sends what it was given.
    async fn close(self, asked: &Asked) -> Outcome {
        if !fields::read(&self.fields)?.contains_key("outcome") {
            return Err(Failure::Usage(format!(
                "Say what came of it, for the reporter, who is told nothing more afterwards: {}",
                by_hand::line(&self.number, "close")
            )));
        }
        self.give(asked, "close").await
    }

    /// Nobody can accept what comes without a briefing (X4): whoever hands over by the short way is asked for one.
    async fn hand_over(self, asked: &Asked) -> Outcome {
        if !fields::read(&self.fields)?.contains_key("briefing") {
            return Err(Failure::Usage(format!(
                "Say where things stand, for whoever takes it over: without a briefing nobody can accept it. {}",
                by_hand::line(&self.number, "offer_handover")
            )));
        }
        self.give(asked, "offer_handover").await
    }

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
    first: Map<String, Value>,
    given: &Fields,
) -> Outcome {
    let body = composed(asked, number, command, first, given).await?;
    send(asked, number, command, body).await
}

/// The command as the server takes it.
async fn composed(
    asked: &Asked,
    number: &str,
    command: &str,
    mut body: Map<String, Value>,
    given: &Fields,
) -> Outcome<Map<String, Value>> {
    body.extend(fields::read(&given.fields)?);
    body.insert("command".into(), command.into());
    if let Some(at) = &given.at {
        body.insert("happened_at".into(), at.as_str().into());
    }
    times::read(asked, &format!("/api/v1/cases/{number}"), &mut body).await?;
    if !given.waive.is_empty() {
        body.insert("waive".into(), fields::waivers(&given.waive)?);
    }
    if let Some(person) = &asked.acting_as {
        body.insert("as".into(), person.as_str().into());
    }
    Ok(body)
}

async fn send(asked: &Asked, number: &str, command: &str, body: Map<String, Value>) -> Outcome {
    let path = format!("/api/v1/cases/{number}/commands");
    let answer = posted(asked, number, &path, &Value::Object(body)).await?;
    asked.print(&answer, |answer| carried_out(number, command, answer));
    Ok(())
}

/// Posts a command; what was not understood is told with whom or what may have been meant.
async fn posted(asked: &Asked, number: &str, path: &str, sent: &Value) -> Outcome<Value> {
    match asked.client.post(path, sent).await {
        Err(Failure::Usage(mut said)) => {
            let here = format!("/api/v1/cases/{number}");
            said.push_str(&nearest::people(asked, &here, sent).await);
            let command = sent["command"].as_str().unwrap_or_default();
            if !procedure::Command::NAMES.contains(&command) {
                said.push_str("\nThe commonest, with their fields: henhouse case do --help");
            }
            Err(Failure::Usage(said))
        }
        answer => answer,
    }
}

/// What became of a command, in a line for each entry.
fn carried_out(number: &str, command: &str, answer: &Value) -> String {
    let entries = answer["entries"].as_array().cloned().unwrap_or_default();
    if entries.is_empty() {
        return match command {
            "acknowledge" => format!("You already have {}.", number.to_uppercase()),
            _ => "It is so already.".to_owned(),
        };
    }
    let line = |entry: &Value| {
        let kind = words(&entry["kind"]).replace('_', " ");
        format!(
            "{} entry {}: {kind}",
            number.to_uppercase(),
            words(&entry["seq"])
        )
    };
    entries.iter().map(line).collect::<Vec<_>>().join("\n")
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
    asked.print(&answer, told::cases);
    Ok(())
}

/// What may be given to a case, for the help text.
fn examples() -> String {
    let line = |(name, fields): &(&str, &str)| {
        let line = format!("  {name} {}", by_hand::printed(name, fields));
        line.trim_end().to_owned()
    };
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
    use crate::report::typed::parted;

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
