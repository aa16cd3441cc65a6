//! Playbooks on the command line: a file by itself, or the one of a project on a server.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use procedure::playbook::{Overrides, Playbook as Book, check, show};
use serde_json::{Value, json};

use super::failure::{Failure, Outcome};
use super::nearest::Sought;
use super::report::words;
use super::{Asked, out};
use crate::founding;

/// Read, check, propose and review playbooks.
#[derive(Debug, Subcommand)]
pub enum Playbook {
    /// Find what cannot work. Errors end with exit code 1, warnings with 0.
    Check {
        /// A playbook in TOML; the handbook's if none is named.
        #[arg(conflicts_with = "project")]
        file: Option<PathBuf>,
        /// The playbook of this project instead, with its people, hours and on-call plan.
        #[arg(long)]
        project: Option<String>,
    },
    /// Print the procedure as a document, made from the playbook alone.
    Show {
        /// A playbook in TOML; the handbook's if none is named.
        #[arg(conflicts_with = "project")]
        file: Option<PathBuf>,
        /// The playbook of this project instead, with what it does differently.
        #[arg(long)]
        project: Option<String>,
    },
    /// Propose another edition for a project: a whole playbook, or only what differs from one
    /// (base, base_edition, reason and a table of changes).
    Propose {
        /// The file, in TOML.
        file: PathBuf,
        /// The project's short name.
        #[arg(long, default_value = founding::FIRST_PROJECT)]
        project: String,
        /// What changes, and why.
        #[arg(long)]
        note: Option<String>,
    },
    /// Accept a proposed edition, or turn it down with a note.
    Review {
        /// Which edition.
        edition: u32,
        /// The project's short name.
        #[arg(long, default_value = founding::FIRST_PROJECT)]
        project: String,
        /// Turn it down.
        #[arg(long)]
        turn_down: bool,
        /// Why; needed to turn it down, and to accept one's own.
        #[arg(long)]
        note: Option<String>,
    },
}

impl Playbook {
    /// Whether no server is asked.
    pub(super) fn is_local(&self) -> bool {
        matches!(
            self,
            Self::Show { project: None, .. } | Self::Check { project: None, .. }
        )
    }

    /// What needs no server.
    pub(super) fn on_the_spot(self) -> Outcome {
        match self {
            Self::Show { file, .. } => {
                print!("{}", show::show(&read(file.as_deref())?));
                Ok(())
            }
            Self::Check { file, .. } => {
                let findings = check::check_playbook(&read(file.as_deref())?);
                let findings = serde_json::to_value(findings).map_err(Failure::failed)?;
                verdict(&findings)
            }
            _ => Err(Failure::Usage("This needs a server.".to_owned())),
        }
    }

    /// What was looked for, should it not be there.
    pub(super) fn sought(&self) -> Sought {
        match self {
            Self::Check { project, .. } | Self::Show { project, .. } => {
                project.clone().map_or(Sought::Nothing, Sought::Project)
            }
            Self::Propose { project, .. } | Self::Review { project, .. } => {
                Sought::Project(project.clone())
            }
        }
    }

    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::Check { project, .. } => {
                let slug = project.unwrap_or_default();
                let path = format!("/api/v1/projects/{slug}/playbook/check");
                let answer = asked.client.get(&path).await?;
                if asked.json {
                    out(format_args!("{answer:#}"));
                    return stuck(&answer["findings"]);
                }
                verdict(&answer["findings"])
            }
            Self::Show { project, .. } => {
                let slug = project.unwrap_or_default();
                let path = format!("/api/v1/projects/{slug}/playbook?format=text");
                print!("{}", asked.client.text(&path).await?);
                Ok(())
            }
            Self::Propose {
                file,
                project,
                note,
            } => {
                let mut body = proposal(&file)?;
                if let Some(note) = note {
                    body["note"] = note.into();
                }
                let path = format!("/api/v1/projects/{project}/playbook");
                let answer = asked.client.post(&path, &body).await?;
                asked.print(&answer, proposed);
                Ok(())
            }
            Self::Review {
                edition,
                project,
                turn_down,
                note,
            } => {
                let body = json!({ "edition": edition, "accepted": !turn_down, "note": note });
                let path = format!("/api/v1/projects/{project}/playbook/review");
                let answer = asked.client.post(&path, &body).await?;
                asked.print(&answer, |answer| match turn_down {
                    true => format!(
                        "Edition {edition} was turned down; {} stays in force.",
                        answer["edition"]
                    ),
                    false => format!("Edition {} is in force.", answer["edition"]),
                });
                Ok(())
            }
        }
    }
}

/// A whole playbook, or what differs from one: told apart by its `base`.
fn proposal(file: &Path) -> Outcome<Value> {
    let wrong =
        |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| wrong(&error))?;
    if table.contains_key("base") {
        let overrides: Overrides = toml::from_str(&text).map_err(|error| wrong(&error))?;
        return Ok(json!({ "overrides": overrides }));
    }
    let playbook: Book = toml::from_str(&text).map_err(|error| wrong(&error))?;
    Ok(json!({ "playbook": playbook }))
}

fn proposed(answer: &Value) -> String {
    let waiting = answer["proposed"].as_array().cloned().unwrap_or_default();
    let numbers: Vec<String> = waiting
        .iter()
        .map(|edition| words(&edition["edition"]))
        .collect();
    format!(
        "Waiting for a review by somebody else: edition {}.",
        numbers.join(", ")
    )
}

/// Prints findings; errors end with a failure.
fn verdict(findings: &Value) -> Outcome {
    let all = findings.as_array().cloned().unwrap_or_default();
    for finding in &all {
        let [weight, place, sentence, fix] =
            ["weight", "place", "sentence", "fix"].map(|field| words(&finding[field]));
        out(format_args!("{weight}: {place}: {sentence} {fix}"));
    }
    stuck(findings)?;
    if all.is_empty() {
        out("Nothing in it stands in the way.");
    }
    Ok(())
}

fn stuck(findings: &Value) -> Outcome {
    let mut all = findings.as_array().into_iter().flatten();
    if all.any(|finding| finding["weight"] == "error") {
        return Err(Failure::Failed(
            "This playbook cannot work as it is.".to_owned(),
        ));
    }
    Ok(())
}

fn read(file: Option<&Path>) -> Outcome<Book> {
    let Some(file) = file else {
        return Ok(founding::handbook());
    };
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
    toml::from_str(&text).map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))
}
