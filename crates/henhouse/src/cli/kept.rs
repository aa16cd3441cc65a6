//! What the reporter does with reports that this device keeps because no server was reached.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::{Failure, Outcome};
use super::queue::{self, Kept};
use super::report::words;
use super::{Client, out};

/// Reports that are kept on this device because the server was away: read, send or discard them.
#[derive(Debug, Args)]
pub struct KeptReports {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Send them to the server of --url, also those that were written for another address of it.
    Send {
        /// Only this one, by its number in the list.
        number: Option<usize>,
    },
    /// Throw one away for good.
    Discard {
        /// Which, by its number in the list.
        number: usize,
    },
}

impl KeptReports {
    pub(super) async fn run(&self, url: &str, token: Option<String>, as_json: bool) -> Outcome {
        let all = queue::all();
        match &self.what {
            None => list(&all, as_json),
            Some(What::Send { number }) => {
                let client = Client::new(url, token)?;
                let chosen = match number {
                    Some(number) => std::slice::from_ref(of_number(&all, *number)?),
                    None => &all[..],
                };
                for kept in chosen {
                    out(queue::sent(&kept.send(&client).await?));
                }
                if chosen.is_empty() {
                    out(NOTHING);
                }
                Ok(())
            }
            Some(What::Discard { number }) => {
                let kept = of_number(&all, *number)?;
                kept.discard()?;
                out(format_args!("Discarded: {}", words(&kept.body["text"])));
                Ok(())
            }
        }
    }
}

const NOTHING: &str = "No report is kept on this device.";

fn of_number(all: &[Kept], number: usize) -> Outcome<&Kept> {
    let found = number.checked_sub(1).and_then(|place| all.get(place));
    found.ok_or_else(|| Failure::Usage(format!("There is no kept report {number}: henhouse kept")))
}

/// Lists them with all their words, so that they can be read out or copied.
fn list(all: &[Kept], as_json: bool) -> Outcome {
    if as_json {
        let row =
            |kept: &Kept| json!({ "url": kept.url, "file": kept.place(), "report": kept.body });
        let rows: Vec<Value> = all.iter().map(row).collect();
        out(format_args!("{:#}", Value::from(rows)));
        return Ok(());
    }
    if all.is_empty() {
        out(NOTHING);
    }
    for (place, kept) in all.iter().enumerate() {
        let number = place + 1;
        out(format_args!(
            "{number}  of {}, for {}\n   {}\n   in {}\n   send it:    henhouse kept send {number} --url {}\n   \
             discard it: henhouse kept discard {number}",
            words(&kept.body["happened_at"]),
            kept.url,
            words(&kept.body["text"]),
            kept.place(),
            kept.url,
        ));
    }
    Ok(())
}
