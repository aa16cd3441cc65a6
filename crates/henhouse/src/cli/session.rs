//! Where one is signed in, and ending it; for an admin, of others too.

use clap::Subcommand;
use reqwest::Method;
use serde_json::Value;

use super::Asked;
use super::failure::Outcome;
use super::report::words;
use crate::report::time::count;

/// Where you are signed in with a browser; with an admin's token, where somebody is.
#[derive(Debug, Subcommand)]
pub enum Session {
    /// Every session: its id, the browser, from where, when it was last used.
    List {
        /// Whose, for an admin; yours if nobody is named.
        #[arg(long)]
        person: Option<String>,
    },
    /// End one by its id.
    End {
        /// As `session list` shows it.
        id: String,
        /// Whose, for an admin.
        #[arg(long)]
        person: Option<String>,
    },
    /// End all of them.
    EndAll {
        /// Whose, for an admin.
        #[arg(long)]
        person: Option<String>,
    },
}

impl Session {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        let place = |person: Option<String>| match person {
            Some(person) => format!("/api/v1/accounts/{person}/sessions"),
            None => "/api/v1/sessions".to_owned(),
        };
        match self {
            Self::List { person } => {
                let answer = asked.client.get(&place(person)).await?;
                asked.print(&answer, list);
            }
            Self::End { id, person } => {
                let at = format!("{}/{id}", place(person));
                asked.client.call(Method::DELETE, &at, None, None).await?;
                eprintln!("It is over.");
            }
            Self::EndAll { person } => {
                let at = place(person);
                let answer = asked.client.call(Method::DELETE, &at, None, None).await?;
                let ended = |answer: &Value| {
                    let n = answer["ended"].as_i64().unwrap_or_default();
                    format!("{} ended.", count(n, "session"))
                };
                asked.print(&answer, ended);
            }
        }
        Ok(())
    }
}

fn list(answer: &Value) -> String {
    let rows = answer["sessions"].as_array().cloned().unwrap_or_default();
    if rows.is_empty() {
        return "None.".to_owned();
    }
    let line = |row: &Value| {
        let [id, device, address, method, seen] =
            ["id", "device", "address", "method", "seen_at"].map(|field| words(&row[field]));
        format!("{id}  {device:24} {address:20} {method:24} last used {seen}")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
