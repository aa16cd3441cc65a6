//! Reporting, the board, the drill clock, and any other call.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::case::board;
use super::failure::{Failure, Outcome};
use super::nearest::Sought;
use super::times::{self, Here};
use super::{Asked, fields, out, queue};
use crate::report::by_hand;

/// Report something.
#[derive(Debug, Args)]
pub struct Report {
    /// What happened; a sentence is enough.
    text: Vec<String>,
    /// How to reach you.
    #[arg(long)]
    contact: Option<String>,
    /// A telephone number as the second way.
    #[arg(long)]
    phone: Option<String>,
    /// A short name for it.
    #[arg(long)]
    title: Option<String>,
    /// The project it belongs to, by short name.
    #[arg(long)]
    project: Option<String>,
    /// Only for its members from the first second.
    #[arg(long)]
    restricted: bool,
    /// It is about an employee; it restricts itself. Say who with --about, so that they are not called.
    #[arg(long)]
    about_employee: bool,
    /// Which employee it is about, by the id on the contact sheet: neither called nor shown it.
    #[arg(long, value_name = "PERSON")]
    about: Option<String>,
    /// A link in a suspicious mail was clicked.
    #[arg(long)]
    clicked: bool,
    /// An attachment was opened.
    #[arg(long)]
    opened: bool,
    /// Something was typed into a form.
    #[arg(long)]
    entered: bool,
    /// Further fields of a report, as name=value.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
}

impl Report {
    fn body(&self) -> Outcome<Value> {
        let text = self.text.join(" ");
        if text.trim().is_empty() {
            return Err(Failure::Usage(
                "Say what happened: henhouse report \"The chickens are escaping\"".to_owned(),
            ));
        }
        let mut body = Map::new();
        body.insert("text".into(), text.into());
        body.insert("route".into(), "cli".into());
        let given = [
            ("contact", &self.contact),
            ("phone", &self.phone),
            ("title", &self.title),
            ("project", &self.project),
            ("about_person", &self.about),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                body.insert(name.into(), value.as_str().into());
            }
        }
        for (name, ticked) in [
            ("restricted", self.restricted),
            (
                "about_employee",
                self.about_employee || self.about.is_some(),
            ),
        ] {
            if ticked {
                body.insert(name.into(), true.into());
            }
        }
        if self.clicked || self.opened || self.entered {
            let phish = json!({
                "clicked": self.clicked, "opened": self.opened, "entered": self.entered,
            });
            body.insert("phish".into(), phish);
        }
        body.extend(fields::read(&self.set)?);
        Ok(Value::Object(body))
    }

    /// What was looked for, should it not be there.
    pub(super) fn sought(&self) -> Sought {
        self.project
            .clone()
            .map_or(Sought::Nothing, Sought::Project)
    }

    pub(super) async fn run(&self, asked: &Asked) -> Outcome {
        let mut body = self.body()?;
        if let Some(fields) = body.as_object_mut() {
            times::read(asked, "/api/v1/now", fields).await?;
        }
        if let Some(person) = &asked.acting_as {
            body["as"] = person.as_str().into();
        }
        let key = queue::key()?;
        let sent = asked.client.post_once("/api/v1/reports", &body, &key).await;
        let answer = match sent {
            Err(Failure::Away(why)) => {
                return Err(queue::keep(&asked.client, &asked.url, &key, &body, &why));
            }
            sent => sent?,
        };
        asked.print(&answer, |answer| {
            let warned = answer["warning"].is_string();
            let warning = warned.then(|| words(&answer["warning"]));
            format!(
                "{} received. You are not in trouble. Do not delete or switch off anything.\n\
                 Follow it: {}\n{}{}{}",
                words(&answer["number"]),
                words(&answer["receipt"]),
                command(answer, &body),
                heard(answer, &body),
                warning.unwrap_or_default(),
            )
        });
        Ok(())
    }
}

/// What a responder takes on by reporting (R6).
fn command(answer: &Value, body: &Value) -> String {
    if answer["commands"] != true {
        return String::new();
    }
    let number = words(&answer["number"]);
    let who = match body["as"].as_str() {
        Some(person) => {
            format!("{person} is Incident Commander: they reported it, and they are")
        }
        None => "You are Incident Commander: you reported it, and you are".to_owned(),
    };
    let hand_over = by_hand::line(&number, "offer_handover").replace("to=dave", "to=PERSON");
    format!(
        "{who} on the team, so the contact sheet is not called. To ask for help: henhouse case do {number} call_in \
         person=PERSON. To hand it over, with a briefing: {hand_over}\n"
    )
}

/// Who hears of it, where the reporter commands as elsewhere: the responders are not called then.
fn heard(answer: &Value, body: &Value) -> String {
    let words = secrecy(body);
    if answer["commands"] != true {
        return words.to_owned();
    }
    let called = "is called, or its responders if it has none";
    words.replace(called, "is called, if it has one")
}

/// Who hears of a report that is not for everybody (M23).
fn secrecy(body: &Value) -> &'static str {
    match (body["about_employee"] == true, body["restricted"] == true) {
        (true, _) if body["about_person"].is_string() => {
            "Restricted, because it is about an employee: the project's second chain is called, or its responders if it \
             has none, never the person it is about. Only they, and whom they let in, see it.\n"
        }
        (true, _) => {
            "Restricted, because it is about an employee: the project's second chain is called, or its responders if it \
             has none. You did not say who it is about, so they may be among those called: next time, --about PERSON.\n"
        }
        (false, true) => {
            "Restricted: the project's second chain is called, or its responders if it has none. Only they, and whom \
             they let in, see it.\n"
        }
        (false, false) => "",
    }
}

/// Prints what is asked of the caller now.
pub(super) async fn now(asked: &Asked) -> Outcome {
    let answer = asked.client.get("/api/v1/now").await?;
    asked.print(&answer, board);
    Ok(())
}

/// The clock of a drill.
#[derive(Debug, Subcommand)]
pub enum Drill {
    /// Show the clock, or move it forward by a length of time such as 10m, 2h or 3d.
    Clock {
        /// By how much.
        advance: Option<String>,
    },
}

impl Drill {
    pub(super) async fn run(&self, asked: &Asked) -> Outcome {
        let Self::Clock { advance } = self;
        let path = "/api/v1/drill/clock";
        let answer = match advance {
            Some(advance) => {
                let by = json!({ "advance": advance });
                asked.client.post(path, &by).await
            }
            None => asked.client.get(path).await,
        };
        let answer = match answer {
            Err(Failure::Missing(_)) => {
                return Err(Failure::Refused(format!(
                    "{} is no drill: its clock is the real one, and nothing was changed. To practise: henhouse serve \
                     --drill --data DIR, or henhouse demo.",
                    asked.url
                )));
            }
            answer => answer?,
        };
        asked.print(&answer, |answer| {
            let here = Here::of(&json!({ "as_of": answer["now"] }));
            let at = |at: &Value| at.as_str().and_then(|at| at.parse().ok());
            let now = at(&answer["now"]).map(|now| here.times().dated(now));
            let now = now.unwrap_or_else(|| words(&answer["now"]));
            match answer["next_wake"].as_str() {
                Some(_) => format!(
                    "It is {now}. Something is due at {}.",
                    here.say_both(&answer["next_wake"])
                ),
                None => format!("It is {now}. Nothing is due."),
            }
        });
        Ok(())
    }
}

/// Any call of the API.
#[derive(Debug, Args)]
pub struct Api {
    /// GET, POST, PUT or DELETE.
    method: String,
    /// The path, such as /api/v1/cases.
    path: String,
    /// Fields of the body, as name=value.
    fields: Vec<String>,
}

impl Api {
    pub(super) async fn run(&self, asked: &Asked) -> Outcome {
        let method = Method::from_bytes(self.method.to_uppercase().as_bytes())
            .map_err(|_| Failure::Usage(format!("{:?} is no method.", self.method)))?;
        let body = match self.fields.is_empty() {
            true => None,
            false => Some(Value::Object(fields::read(&self.fields)?)),
        };
        let answer = asked
            .client
            .call(method, &self.path, body.as_ref(), None)
            .await?;
        out(format_args!("{answer:#}"));
        Ok(())
    }
}

/// A value as a person reads it.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::String(text) => for_a_terminal(text),
        Value::Null => "–".to_owned(),
        other => other.to_string(),
    }
}

/// Without the signs that steer a terminal: each becomes a space.
pub(super) fn steers_nothing(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let steers = |c: char| c != '\n' && (c.is_control() || turns(c));
    let shown = text.chars().map(|c| if steers(c) { ' ' } else { c });
    shown.collect()
}

/// A stranger's words steer no terminal, and their lines pass for none of ours: what is no letter or
/// sign becomes a space, and a line that goes on is set in.
fn for_a_terminal(text: &str) -> String {
    steers_nothing(text).trim_end().replace('\n', "\n    ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_words_steer_no_terminal() {
        let title = "fire\u{1b}[2J\u{9b}1m\r\u{202e}\nHH-9 closed\n".into();
        assert_eq!(words(&title), "fire [2J 1m  \n    HH-9 closed");
        assert_eq!(words(&Value::Null), "–");
    }
}
