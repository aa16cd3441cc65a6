//! Who is on call, on the command line.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

use super::Asked;
use super::failure::{Failure, Outcome};
use super::report::words;
use super::times::Here;
use crate::report::spoken::{Lies, WORKS};
use crate::report::{Times, spoken};

/// Which project.
#[derive(Debug, Args)]
pub struct Of {
    /// The project's short name.
    #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
    project: String,
}

/// Who is on call: schedules, standing in, swaps.
#[derive(Debug, Subcommand)]
pub enum OnCall {
    /// Who is on call, and why, in every schedule.
    Show {
        #[command(flatten)]
        of: Of,
        /// At this time instead of now, such as "tomorrow 03:00".
        #[arg(long)]
        at: Option<String>,
    },
    /// A schedule over a while: who is on call when, and the gaps.
    Schedule {
        /// Its short name.
        schedule: String,
        #[command(flatten)]
        of: Of,
        /// From this time on; now, if left out.
        #[arg(long)]
        from: Option<String>,
        /// Up to this time; two weeks, if left out.
        #[arg(long)]
        until: Option<String>,
    },
    /// Set a schedule from a JSON file, new or in the place of the one of that name; `schedule --json` prints such a one.
    Set {
        /// Its short name: small letters, digits and hyphens.
        schedule: String,
        /// The file.
        file: PathBuf,
        /// What people call it.
        #[arg(long)]
        title: String,
        #[command(flatten)]
        of: Of,
    },
    /// Remove a schedule.
    Remove {
        /// Its short name.
        schedule: String,
        #[command(flatten)]
        of: Of,
    },
    /// Say who is in a team, that is, on call together; with nobody there is no such team any more.
    Team {
        /// Its short name.
        team: String,
        /// Who is in it.
        people: Vec<String>,
        /// What people call it.
        #[arg(long)]
        title: Option<String>,
        #[command(flatten)]
        of: Of,
    },
    /// Set an escalation policy from a JSON file; `show --json` prints such ones.
    Policy {
        /// Its short name: small letters, digits and hyphens.
        policy: String,
        /// The file; without one the policy is removed.
        file: Option<PathBuf>,
        /// What people call it.
        #[arg(long)]
        title: Option<String>,
        #[command(flatten)]
        of: Of,
    },
    /// Call people by a policy before the contact sheet; without a name by the handbook's way alone.
    Use {
        /// Its short name.
        policy: Option<String>,
        #[command(flatten)]
        of: Of,
    },
    /// Stand in: take a schedule until a time.
    Take {
        /// Its short name.
        schedule: String,
        #[command(flatten)]
        of: Of,
        /// Until when, such as 18:00 or "tomorrow 09:00".
        #[arg(long)]
        until: String,
        /// From when; from now on, if left out.
        #[arg(long)]
        from: Option<String>,
        /// Who stands in, for an admin; you, if left out.
        #[arg(long)]
        person: Option<String>,
    },
    /// Let whoever stands in do so no more.
    End {
        /// The schedule's short name.
        schedule: String,
        /// As `on-call schedule` shows it, such as c12.
        cover: String,
        #[command(flatten)]
        of: Of,
    },
    /// Offer your time on call to somebody, perhaps for some of theirs.
    Offer {
        /// The schedule's short name.
        schedule: String,
        /// To whom.
        #[arg(long)]
        to: String,
        /// They take from this time on.
        #[arg(long)]
        from: String,
        /// They take up to this time.
        #[arg(long)]
        until: String,
        /// You take from this time on for it.
        #[arg(long, requires = "takes_until")]
        takes_from: Option<String>,
        /// You take up to this time.
        #[arg(long, requires = "takes_from")]
        takes_until: Option<String>,
        #[command(flatten)]
        of: Of,
    },
    /// Accept a swap that was offered to you.
    Accept {
        /// Its number.
        swap: u64,
        #[command(flatten)]
        of: Of,
    },
    /// Turn a swap down, or take your own back.
    Decline {
        /// Its number.
        swap: u64,
        #[command(flatten)]
        of: Of,
    },
}

fn place(of: &Of, rest: &str) -> String {
    format!("/api/v1/projects/{}/{rest}", of.project)
}

impl OnCall {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        let client = &asked.client;
        let answer = match self {
            Self::Show { of, at } => {
                let mut path = place(&of, "on-call");
                if let Some(at) = at {
                    path.push_str(&format!("?at={}", time(&here(asked, &of).await?, &at)?));
                }
                client.get(&path).await?
            }
            Self::Schedule {
                schedule,
                of,
                from,
                until,
            } => {
                let here = here(asked, &of).await?;
                let mut path = place(&of, &format!("schedules/{schedule}"));
                let asked_for = [("from", from), ("until", until)];
                for (n, (name, at)) in asked_for.iter().enumerate() {
                    if let Some(at) = at {
                        let sign = if n == 0 || !path.contains('?') {
                            '?'
                        } else {
                            '&'
                        };
                        path.push_str(&format!("{sign}{name}={}", time(&here, at)?));
                    }
                }
                let answer = client.get(&path).await?;
                asked.print(&answer, listed);
                return Ok(());
            }
            Self::Set {
                schedule,
                file,
                title,
                of,
            } => {
                let whole = read_file(&file)?;
                let inner = whole.get("schedule").cloned().unwrap_or(whole);
                let body = json!({ "title": title, "schedule": inner });
                let path = place(&of, &format!("schedules/{schedule}"));
                client.call(Method::PUT, &path, Some(&body), None).await?
            }
            Self::Remove { schedule, of } => {
                let path = place(&of, &format!("schedules/{schedule}"));
                client.call(Method::DELETE, &path, None, None).await?;
                eprintln!("It is removed.");
                return Ok(());
            }
            Self::Team {
                team,
                people,
                title,
                of,
            } => {
                let title = title.unwrap_or_else(|| team.clone());
                let body = json!({ "title": title, "people": people });
                let path = place(&of, &format!("teams/{team}"));
                client.call(Method::PUT, &path, Some(&body), None).await?
            }
            Self::Policy {
                policy,
                file,
                title,
                of,
            } => {
                let path = place(&of, &format!("policies/{policy}"));
                let Some(file) = file else {
                    client.call(Method::DELETE, &path, None, None).await?;
                    eprintln!("It is removed.");
                    return Ok(());
                };
                let whole = read_file(&file)?;
                let inner = whole.get("policy").cloned().unwrap_or(whole);
                let body = json!({ "title": title.unwrap_or(policy), "policy": inner });
                client.call(Method::PUT, &path, Some(&body), None).await?
            }
            Self::Use { policy, of } => {
                let body = json!({ "policy": policy });
                client
                    .call(Method::PUT, &place(&of, "policy"), Some(&body), None)
                    .await?
            }
            one => one.stand_in(asked).await?,
        };
        asked.print(&answer, told);
        Ok(())
    }

    /// Who stands in for whom: taken, ended, offered, answered. Answers who is on call then.
    async fn stand_in(self, asked: &Asked) -> Outcome<Value> {
        let client = &asked.client;
        Ok(match self {
            Self::Take {
                schedule,
                of,
                until,
                from,
                person,
            } => {
                let here = here(asked, &of).await?;
                let mut body = json!({ "until": time(&here, &until)? });
                if let Some(from) = from {
                    body["from"] = json!(time(&here, &from)?);
                }
                if let Some(person) = person {
                    body["seat"] = json!({ "person": person });
                }
                let path = place(&of, &format!("schedules/{schedule}/covers"));
                client.post(&path, &body).await?
            }
            Self::End {
                schedule,
                cover,
                of,
            } => {
                let path = place(&of, &format!("schedules/{schedule}/covers/{cover}"));
                client.call(Method::DELETE, &path, None, None).await?;
                client.get(&place(&of, "on-call")).await?
            }
            Self::Offer {
                schedule,
                to,
                from,
                until,
                takes_from,
                takes_until,
                of,
            } => {
                let here = here(asked, &of).await?;
                let gives = json!({ "from": time(&here, &from)?, "until": time(&here, &until)? });
                let mut body = json!({ "to": to, "gives": gives });
                if let (Some(from), Some(until)) = (takes_from, takes_until) {
                    body["takes"] =
                        json!({ "from": time(&here, &from)?, "until": time(&here, &until)? });
                }
                let path = place(&of, &format!("schedules/{schedule}/swaps"));
                client.post(&path, &body).await?
            }
            Self::Accept { swap, of } => reply(asked, &of, swap, true).await?,
            Self::Decline { swap, of } => reply(asked, &of, swap, false).await?,
            _ => Value::Null,
        })
    }
}

fn read_file(file: &Path) -> Outcome<Value> {
    let read = std::fs::read_to_string(file)
        .map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", file.display())))?;
    serde_json::from_str(&read)
        .map_err(|error| Failure::Usage(format!("{} is no JSON: {error}", file.display())))
}

async fn reply(asked: &Asked, of: &Of, swap: u64, accepted: bool) -> Outcome<Value> {
    let path = place(of, &format!("swaps/{swap}"));
    asked
        .client
        .post(&path, &json!({ "accepted": accepted }))
        .await
}

/// The clock of the server, and the zone of the project.
async fn here(asked: &Asked, of: &Of) -> Outcome<Here> {
    Ok(Here::of(&asked.client.get(&place(of, "on-call")).await?))
}

fn time(here: &Here, said: &str) -> Outcome<String> {
    let times = here.times();
    let read = spoken::time(said, times.now(), &here.zone(), Lies::Ahead);
    let read = read.ok_or_else(|| Failure::Usage(format!("{said:?} is no time. {WORKS}")))?;
    Ok(read.to_string())
}

fn at(times: &Times, at: &Value) -> String {
    let read = at.as_str().and_then(|at| at.parse().ok());
    read.map_or_else(String::new, |read| times.at(read))
}

fn people(holders: &Value) -> String {
    let names: Vec<String> = holders
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| words(&one["name"]))
        .collect();
    if names.is_empty() {
        "nobody".to_owned()
    } else {
        names.join(", ")
    }
}

fn why(holders: &Value, missing: &Value) -> String {
    let because = |one: &Value| match (one["cover"].as_str(), one["rotation"].as_str()) {
        (Some(cover), _) => format!("stands in ({cover})"),
        (None, Some(rotation)) => format!("rotation {rotation}"),
        (None, None) => String::new(),
    };
    let absent = |one: &Value| {
        let place = one["rotation"]
            .as_str()
            .map_or("the schedule".to_owned(), str::to_owned);
        format!("{place}: {}", words(&one["why"]).replace('_', " "))
    };
    let said: Vec<String> = holders
        .as_array()
        .into_iter()
        .flatten()
        .map(because)
        .collect();
    let none: Vec<String> = missing
        .as_array()
        .into_iter()
        .flatten()
        .map(absent)
        .collect();
    let mut all = if said.is_empty() { none } else { said };
    all.dedup();
    all.join("; ")
}

fn gap(times: &Times, gap: &Value) -> String {
    format!(
        "Nobody from {} until {}.",
        at(times, &gap["from"]),
        at(times, &gap["until"])
    )
}

/// Who is on call in a project, in lines.
fn told(answer: &Value) -> String {
    let here = Here::of(answer);
    let times = here.times();
    let paged = answer["paged"].as_array().into_iter().flatten();
    let paged: Vec<String> = paged.map(words).collect();
    let mut lines = vec![if paged.is_empty() {
        "Nobody is on call: a report calls the contact sheet at once.".to_owned()
    } else {
        format!("A report pages {}.", paged.join(", "))
    }];
    if let Some(policy) = answer["policy"].as_str() {
        lines.push(format!(
            "Then people are called by the policy {policy}, and behind it by the contact sheet."
        ));
    }
    for one in answer["schedules"].as_array().into_iter().flatten() {
        let times = here.in_zone_of(one).times();
        let id = words(&one["id"]);
        let said = why(&one["on_call"], &one["nobody"]);
        lines.push(format!("{id:20} {} ({said})", people(&one["on_call"])));
        if one["changes_at"].is_string() {
            let from = at(&times, &one["changes_at"]);
            lines.push(format!("{:20} from {from}: {}", "", people(&one["next"])));
        }
        let gaps = one["gaps"].as_array().into_iter().flatten();
        lines.extend(gaps.map(|one| format!("{:20} {}", "", gap(&times, one))));
    }
    let gaps = answer["gaps"].as_array().into_iter().flatten();
    lines.extend(gaps.map(|one| format!("In no schedule: {}", gap(&times, one))));
    for swap in answer["swaps"].as_array().into_iter().flatten() {
        let [number, by, to, schedule] = ["swap", "by", "to", "schedule"].map(|n| words(&swap[n]));
        let (from, until) = (
            at(&times, &swap["gives"]["from"]),
            at(&times, &swap["gives"]["until"]),
        );
        lines.push(format!(
            "Swap {number}: {by} asks {to} to take {from} – {until} in {schedule}. Answer: henhouse on-call accept {number}"
        ));
    }
    lines.join("\n")
}

/// A schedule over a while, in lines.
fn listed(answer: &Value) -> String {
    let times = Here::of(answer).times();
    let mut lines = vec![format!(
        "{} ({})",
        words(&answer["title"]),
        words(&answer["zone"])
    )];
    for span in answer["spans"].as_array().into_iter().flatten() {
        let said = why(&span["on_call"], &span["nobody"]);
        let (from, until) = (at(&times, &span["from"]), at(&times, &span["until"]));
        lines.push(format!(
            "{from} – {until}  {} ({said})",
            people(&span["on_call"])
        ));
    }
    if answer["cut"] == true {
        lines.push("There is more: ask for a shorter while.".to_owned());
    }
    lines.join("\n")
}
