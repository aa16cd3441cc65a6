//! Mail that waits until somebody has looked at it.

use clap::Subcommand;
use serde_json::{Value, json};

use super::Asked;
use super::failure::Outcome;
use super::report::words;

/// Mail that does not say that it is a report: look at it, and say what it is.
#[derive(Debug, Subcommand)]
pub enum Review {
    /// What waits.
    List,
    /// What a mail says.
    View {
        /// Its number, such as M-12.
        mail: String,
    },
    /// Open an event by it: the mail becomes evidence, people are called, its sender gets the number.
    Open {
        /// Its number.
        mail: String,
    },
    /// Add it to a case that is there, as one more report.
    Join {
        /// Its number.
        mail: String,
        /// The case, such as HH-142.
        case: String,
    },
    /// There is nothing to do about it: it is counted.
    Dismiss {
        /// Its number.
        mail: String,
    },
}

impl Review {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        let place = |mail: &str, act: &str| format!("/api/v1/review/{mail}{act}");
        match self {
            Self::List => {
                let answer = asked.client.get("/api/v1/review").await?;
                asked.print(&answer, list);
            }
            Self::View { mail } => {
                let answer = asked.client.get(&place(&mail, "")).await?;
                asked.print(&answer, view);
            }
            Self::Open { mail } => {
                let answer = asked
                    .client
                    .post(&place(&mail, "/open"), &json!({}))
                    .await?;
                asked.print(&answer, |answer| {
                    format!("Opened as {}.", words(&answer["case"]))
                });
            }
            Self::Join { mail, case } => {
                let body = json!({ "case": case });
                let answer = asked.client.post(&place(&mail, "/join"), &body).await?;
                asked.print(&answer, |answer| {
                    format!("Added to {}.", words(&answer["case"]))
                });
            }
            Self::Dismiss { mail } => {
                asked
                    .client
                    .post(&place(&mail, "/dismiss"), &json!({}))
                    .await?;
                eprintln!("It needs nothing, and is counted.");
            }
        }
        Ok(())
    }
}

fn list(answer: &Value) -> String {
    let mails = answer["mails"].as_array().cloned().unwrap_or_default();
    if mails.is_empty() {
        return "Nothing waits to be looked at.".to_owned();
    }
    let line = |mail: &Value| {
        let [number, since, sender, title] =
            ["mail", "since", "sender", "title"].map(|field| words(&mail[field]));
        let opens = mail["opens_at"].as_str();
        let opens = opens.map_or(String::new(), |at| {
            format!("  (a report by itself at {at})")
        });
        format!("{number:8} {since}  {sender}  {title}{opens}")
    };
    let shown = mails.len() as u64;
    let mut lines: Vec<String> = mails.iter().map(line).collect();
    let more = answer["all"]
        .as_u64()
        .unwrap_or_default()
        .saturating_sub(shown);
    if more > 0 {
        lines.push(format!("And {more} more, once some of these are settled."));
    }
    lines.push("What it says: henhouse review view M-12. Then: open, join or dismiss.".to_owned());
    lines.join("\n")
}

fn view(mail: &Value) -> String {
    let [number, since, sender, title, text] =
        ["mail", "since", "sender", "title", "text"].map(|field| words(&mail[field]));
    let stands = match (&mail["settled"]["how"], &mail["opens_at"]) {
        (Value::String(how), _) => {
            format!(
                "Settled: {} {}",
                how.replace('_', " "),
                words(&mail["settled"]["case"])
            )
        }
        (_, Value::String(at)) => format!("A report by itself at {at}."),
        _ => "It waits, and wakes nobody.".to_owned(),
    };
    format!("{number} {title}\nFrom {sender} (not checked), since {since}\n{stands}\n\n{text}")
}
