//! A sitrep from the command line: what each audience would read is shown, and whoever sends it is asked.

use std::io::IsTerminal;

use clap::Args;
use serde_json::{Map, Value};

use super::{Fields, Given, composed, posted, send, words};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::{Asked, report};

/// A sitrep.
#[derive(Debug, Args)]
pub struct Sitrep {
    #[command(flatten)]
    pub(super) given: Given,
    /// Send it without being asked.
    #[arg(long)]
    yes: bool,
}

impl Sitrep {
    /// Shows it, asks, sends it.
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        let Given {
            number,
            fields,
            at,
            waive,
        } = self.given;
        let given = Fields { fields, at, waive };
        let body = composed(asked, &number, "publish_sitrep", Map::new(), &given).await?;
        let preview = format!("/api/v1/cases/{number}/sitrep/preview");
        // A server that is older than this program shows nothing; then nothing is sent unseen.
        let sent = Value::Object(body.clone());
        let shown = posted(asked, &number, &preview, &sent).await?;
        eprintln!("{}", report::steers_nothing(&told(&shown)));
        if !self.yes && !agreed()? {
            return Err(Failure::Usage(
                "Nothing was sent. To send it as it is shown, say so, or add --yes.".to_owned(),
            ));
        }
        send(asked, &number, "publish_sitrep", body).await
    }
}

/// Whether somebody at a terminal says yes. Where nobody can be asked, nobody has said so.
fn agreed() -> Outcome<bool> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Ok(false);
    }
    eprintln!("Send it? y or n, then Enter:");
    let mut line = String::new();
    stdin.read_line(&mut line).map_err(Failure::failed)?;
    let said = line.trim().to_lowercase();
    Ok(said == "y" || said == "yes")
}

/// Each audience with who gets it and what it reads.
fn told(shown: &Value) -> String {
    let mut parts = Vec::new();
    for one in shown["audiences"].as_array().into_iter().flatten() {
        let title = match one["audience"].as_str() {
            Some("team") => "Those in the response",
            Some("inside") => "Others of the organisation",
            _ => "Customers and other outsiders",
        };
        let to = listed(&one["to"]);
        if to.is_empty() {
            parts.push(format!("{title}: nobody."));
            continue;
        }
        let text = one["text"].as_str().unwrap_or_default().trim_end();
        let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
        parts.push(format!(
            "{title} ({to}) read:\n  {}\n\n{}",
            words(&one["subject"]),
            lines.join("\n")
        ));
    }
    let withheld = listed(&shown["withheld"]);
    if !withheld.is_empty() {
        parts.push(format!("Held back from {withheld}."));
    }
    parts.join("\n\n")
}

fn listed(names: &Value) -> String {
    let all = names.as_array().into_iter().flatten();
    let all: Vec<&str> = all.filter_map(Value::as_str).collect();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn each_audience_is_named_with_who_gets_it_and_what_it_reads() {
        let shown = json!({
            "audiences": [
                { "audience": "team", "to": ["Jane", "Dave"], "subject": "[sitrep] The gate", "text": "It is open.\n" },
                { "audience": "inside", "to": [], "subject": "", "text": "" },
                { "audience": "outside", "to": ["acme"], "subject": "[sitrep] HH-1", "text": "We look.\n\nMore at 4.\n" },
            ],
            "withheld": ["zoo"],
        });
        assert_eq!(
            super::told(&shown),
            "Those in the response (Jane, Dave) read:\n  [sitrep] The gate\n\n  It is open.\n\n\
             Others of the organisation: nobody.\n\n\
             Customers and other outsiders (acme) read:\n  [sitrep] HH-1\n\n  We look.\n  \n  More at 4.\n\n\
             Held back from zoo."
        );
    }
}
