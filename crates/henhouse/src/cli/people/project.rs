//! Projects.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use super::super::Asked;
use super::super::failure::{Failure, Outcome};
use super::super::nearest::Sought;
use super::super::report::words;
use super::{Which, alert_routes, read, replace, shadow, sources};
use sources::SENDERS;

/// Projects.
#[derive(Debug, Subcommand)]
pub enum Project {
    /// Every project.
    List,
    /// How one is set up. With --json everything of it, as `project set` takes it.
    Show {
        #[command(flatten)]
        which: Which,
    },
    /// Found one.
    Create {
        /// Its short name.
        slug: String,
        /// What people call it.
        #[arg(long)]
        name: String,
        /// What its case numbers begin with, such as HH.
        #[arg(long)]
        prefix: String,
    },
    /// From whom it takes reports.
    Reports {
        #[command(flatten)]
        which: Which,
        /// anybody, or known: only people who are signed in and programs with a token.
        #[arg(value_parser = ["anybody", "known"])]
        from: String,
    },
    /// The number that is shown to whoever cannot send a report. Never a person's own.
    Phone {
        #[command(flatten)]
        which: Which,
        /// The number; without one the line of that label goes.
        number: Option<String>,
        /// What the line is.
        #[arg(long, default_value = "on duty")]
        label: String,
    },
    /// The programs that may send alerts to it.
    Sources {
        #[command(flatten)]
        which: Which,
    },
    /// Let a program send alerts. Its key is printed once.
    AddSource {
        /// Its short name: small letters, digits and hyphens.
        name: String,
        #[command(flatten)]
        which: Which,
        /// What sends.
        #[arg(long, value_parser = SENDERS, default_value = SENDERS[0])]
        sender: String,
        /// So many minutes after it opened an event, its other alerts join that event; with 0 each opens one of its own.
        #[arg(long, default_value_t = 60)]
        gather_minutes: u32,
        /// Of sns alone: the ARN of a topic of Amazon SNS. May be given several times.
        #[arg(long = "topic")]
        topics: Vec<String>,
    },
    /// Let the key of an alert source open nothing any more.
    WithdrawSource {
        /// Its name, or its id.
        source: String,
        #[command(flatten)]
        which: Which,
    },
    /// Let an alert source call nobody for so many days, while another pager does; whom Henhouse would have called is shown.
    Shadow {
        /// Its name, or its id.
        source: String,
        #[command(flatten)]
        which: Which,
        /// For how many days, 90 at most. It ends by itself.
        #[arg(long)]
        days: u32,
        /// Why: which pager calls people meanwhile.
        #[arg(long)]
        why: String,
    },
    /// Let an alert source in shadow call people from now on.
    EndShadow {
        /// Its name, or its id.
        source: String,
        #[command(flatten)]
        which: Which,
    },
    /// Whom Henhouse would have called for alerts of sources in shadow, beside whom another pager called.
    WouldCall {
        #[command(flatten)]
        which: Which,
        /// A JSON file with the calls of another pager: {"calls": [{"alias", "mail", "at", "acknowledged_at"}]}.
        #[arg(long)]
        theirs: Option<PathBuf>,
    },
    /// What becomes of its alerts, and what was held back.
    AlertRules {
        #[command(flatten)]
        which: Which,
        /// A JSON file with the rules, whole, as `project alert-rules --json` prints them.
        #[arg(long)]
        set: Option<PathBuf>,
    },
    /// Whom the events of its alerts call first, and how many alerts were only kept.
    AlertRoutes {
        #[command(flatten)]
        which: Which,
        /// A JSON file with the routes, whole, as `project alert-routes --json` prints them.
        #[arg(long)]
        set: Option<PathBuf>,
    },
    /// What would become of an alert, were it sent now. Nothing is kept of it.
    TryAlert {
        /// The name of the source that would send it.
        source: String,
        /// A file with the body as its sender would send it.
        file: PathBuf,
        #[command(flatten)]
        which: Which,
    },
    /// Replace it by a JSON file with its project and directory, as `project show --json` prints them.
    Set {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        which: Which,
    },
}

impl Project {
    /// What was looked for, should it not be there.
    pub(in crate::cli) fn sought(&self) -> Sought {
        match self {
            Self::List | Self::Create { .. } => Sought::Nothing,
            Self::Show { which }
            | Self::Reports { which, .. }
            | Self::Phone { which, .. }
            | Self::Sources { which }
            | Self::AddSource { which, .. }
            | Self::WithdrawSource { which, .. }
            | Self::Shadow { which, .. }
            | Self::EndShadow { which, .. }
            | Self::WouldCall { which, .. }
            | Self::AlertRules { which, .. }
            | Self::AlertRoutes { which, .. }
            | Self::TryAlert { which, .. }
            | Self::Set { which, .. } => which.sought(),
        }
    }

    pub(in crate::cli) async fn run(self, asked: &Asked) -> Outcome {
        let answer = match self {
            Self::List => {
                let answer = asked.client.get("/api/v1/projects").await?;
                asked.print(&answer, list);
                return Ok(());
            }
            Self::Show { which } => read(asked, &which).await?,
            Self::Create { slug, name, prefix } => {
                let body = json!({ "slug": slug, "name": name, "prefix": prefix });
                asked.client.post("/api/v1/projects", &body).await?
            }
            Self::Reports { which, from } => {
                let known = from == "known";
                replace(asked, &which, |project| {
                    project["project"]["known_reporters_only"] = known.into();
                    Ok(())
                })
                .await?
            }
            Self::Phone {
                which,
                number,
                label,
            } => replace(asked, &which, |project| line(project, number, &label)).await?,
            Self::Sources { which } => {
                let answer = asked.client.get(&sources::path(&which)).await?;
                asked.print(&answer, sources::list);
                return Ok(());
            }
            Self::AddSource {
                name,
                which,
                sender,
                gather_minutes,
                topics,
            } => {
                let body = json!({ "name": name, "sender": sender, "gather_minutes": gather_minutes, "topics": topics });
                let answer = asked.client.post(&sources::path(&which), &body).await?;
                asked.print(&answer, sources::added);
                return Ok(());
            }
            Self::WithdrawSource { source, which } => {
                return sources::withdraw(asked, &which, &source).await;
            }
            Self::Shadow {
                source,
                which,
                days,
                why,
            } => return shadow::begin(asked, &which, &source, (days, &why)).await,
            Self::EndShadow { source, which } => {
                return shadow::end(asked, &which, &source).await;
            }
            Self::WouldCall { which, theirs } => {
                let theirs = theirs.as_deref().map(shadow::read).transpose()?;
                return shadow::show(asked, &which.project, theirs).await;
            }
            Self::AlertRules { which, set } => {
                let answer = whole(asked, &sources::rules_path(&which), "rules", set).await?;
                asked.print(&answer, sources::rules);
                return Ok(());
            }
            Self::AlertRoutes { which, set } => {
                let answer = whole(asked, &alert_routes::path(&which), "routes", set).await?;
                asked.print(&answer, alert_routes::list);
                return Ok(());
            }
            Self::TryAlert {
                source,
                file,
                which,
            } => {
                let body = json!({ "source": source, "body": content(&file)? });
                let path = format!("{}/try", sources::rules_path(&which));
                let answer = asked.client.post(&path, &body).await?;
                asked.print(&answer, sources::tried);
                return Ok(());
            }
            Self::Set { file, which } => {
                let new = parsed(&file)?;
                replace(asked, &which, |project| set(project, &new)).await?
            }
        };
        asked.print(&answer, show);
        Ok(())
    }
}

/// What there is, or what a file says in its place.
async fn whole(asked: &Asked, path: &str, part: &str, set: Option<PathBuf>) -> Outcome<Value> {
    let Some(file) = set else {
        return asked.client.get(path).await;
    };
    let body = json!({ part: parsed(&file)?[part] });
    let put = asked
        .client
        .call(reqwest::Method::PUT, path, Some(&body), None);
    put.await
}

/// What stands in a file.
fn content(file: &std::path::Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))
}

/// The JSON that stands in a file.
pub(super) fn parsed(file: &std::path::Path) -> Result<Value, Failure> {
    serde_json::from_str(&content(file)?)
        .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))
}

/// Puts a public number under its label, or takes it off.
fn line(project: &mut Value, number: Option<String>, label: &str) -> Outcome {
    let lines = &mut project["directory"]["public_numbers"];
    if !lines.is_array() {
        *lines = json!([]);
    }
    if let Some(lines) = lines.as_array_mut() {
        lines.retain(|line| line["label"] != label);
        lines.extend(number.map(|number| json!({ "label": label, "number": number })));
    }
    Ok(())
}

/// Takes over what the file says; the revision stays the one that was read.
fn set(project: &mut Value, new: &Value) -> Outcome {
    for part in ["project", "directory"] {
        let kept = project[part]["revision"].clone();
        if !new[part].is_null() {
            project[part] = new[part].clone();
        }
        if !kept.is_null() {
            project[part]["revision"] = kept;
        }
    }
    Ok(())
}

fn list(answer: &Value) -> String {
    let rows = answer["projects"].as_array().cloned().unwrap_or_default();
    let row = |row: &Value| {
        let [slug, prefix, name] = ["slug", "prefix", "name"].map(|field| words(&row[field]));
        format!("{slug:16} {prefix:8} {name}")
    };
    match rows.is_empty() {
        true => "No project is open to you.".to_owned(),
        false => rows.iter().map(row).collect::<Vec<_>>().join("\n"),
    }
}

/// How a project is set up, in lines.
fn show(answer: &Value) -> String {
    let (facts, directory) = (&answer["project"], &answer["directory"]);
    let all = |list: &Value, say: &dyn Fn(&Value) -> String| -> String {
        let said: Vec<String> = list.as_array().into_iter().flatten().map(say).collect();
        if said.is_empty() {
            "none".to_owned()
        } else {
            said.join(", ")
        }
    };
    let person = |member: &Value| words(&member["person"]);
    let public = |line: &Value| format!("{} ({})", words(&line["number"]), words(&line["label"]));
    let stakeholder = |known: &Value| {
        let id = words(&known["id"]);
        let name = directory["stakeholders"][&id]["name"].as_str();
        let name = name.filter(|name| *name != id);
        let name = name.map_or_else(String::new, |_| {
            format!(", {}", words(&directory["stakeholders"][&id]["name"]))
        });
        let whose = if known["outside"] == true {
            "a client"
        } else {
            "inside"
        };
        format!("{id} ({whose}, up to {}{name})", words(&known["ceiling"]))
    };
    let hours = hours(&facts["calendar"]["business_hours"]);
    let from = match facts["known_reporters_only"] == true {
        true => "people who are signed in and programs with a token",
        false => "anybody",
    };
    let slug = words(&answer["slug"]);
    let lines = [
        (
            "project",
            format!(
                "{} ({slug}), cases {}-1, …",
                words(&answer["name"]),
                words(&answer["prefix"])
            ),
        ),
        ("called", all(&facts["roster"], &person)),
        ("stakeholders", all(&facts["stakeholders"], &stakeholder)),
        (
            "hours",
            format!("{} ({})", hours, words(&facts["calendar"]["zone"])),
        ),
        ("reports from", from.to_owned()),
        ("telephone", all(&directory["public_numbers"], &public)),
        ("playbook", format!("edition {}", words(&answer["edition"]))),
    ];
    let mut said: Vec<String> = lines
        .iter()
        .map(|(label, said)| format!("{label:13} {said}"))
        .collect();
    if facts["roster"].as_array().is_none_or(Vec::is_empty) {
        said.push(format!(
            "Next, people to be called: henhouse roster add jane --name \"Jane Doe\" --mail \
             jane@example.org --project {slug}"
        ));
    }
    said.join("\n")
}

const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// `mon-fri 09:00-17:00`: days one after the other with the same hours stand together.
fn hours(open: &Value) -> String {
    let mut runs: Vec<(&str, &str, String)> = Vec::new();
    for day in DAYS {
        let spans = open[day].as_array().into_iter().flatten();
        let spans: Vec<String> = spans
            .map(|span| format!("{}-{}", minute(&span["from"]), minute(&span["to"])))
            .collect();
        let said = spans.join(" and ");
        match runs.last_mut() {
            Some((_, last, same)) if *same == said => *last = day,
            _ => runs.push((day, day, said)),
        }
    }
    runs.retain(|(_, _, said)| !said.is_empty());
    let short = |day: &str| day.get(..3).unwrap_or(day).to_owned();
    let run = |(first, last, said): &(&str, &str, String)| match first == last {
        true => format!("{} {said}", short(first)),
        false => format!("{}-{} {said}", short(first), short(last)),
    };
    match runs.is_empty() {
        true => "never open".to_owned(),
        false => runs.iter().map(run).collect::<Vec<_>>().join(", "),
    }
}

/// `09:00:00` as `09:00`.
fn minute(time: &Value) -> String {
    let said = words(time);
    said.get(..5).map(str::to_owned).unwrap_or(said)
}
