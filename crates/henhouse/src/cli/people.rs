//! Projects and their contact sheets on the command line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::{Failure, Outcome};
use super::report::words;
use super::{Asked, out};

/// Which project.
#[derive(Debug, Args)]
pub struct Which {
    /// The project's short name.
    #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
    project: String,
}

/// The contact sheet of a project, in calling order.
#[derive(Debug, Subcommand)]
pub enum Roster {
    /// Who is on it.
    Show {
        #[command(flatten)]
        which: Which,
    },
    /// Put somebody on it, or change their line.
    Add {
        /// A short id for the person, such as jane.
        person: String,
        #[command(flatten)]
        which: Which,
        /// What they are called.
        #[arg(long)]
        name: String,
        /// Where mail reaches them.
        #[arg(long)]
        mail: Option<String>,
        /// Where they can be telephoned.
        #[arg(long)]
        phone: Option<String>,
        /// responder, decider, project_manager, product_owner, security, communications,
        /// reviewer, observer; several are possible.
        #[arg(long = "role", default_value = "responder")]
        roles: Vec<String>,
        /// What they can do.
        #[arg(long = "skill")]
        skills: Vec<String>,
    },
    /// Take somebody off it.
    Remove {
        /// The person's id.
        person: String,
        #[command(flatten)]
        which: Which,
    },
    /// Replace it by a CSV file with the columns person,name,mail,phone,roles (roles separated by spaces).
    Import {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        which: Which,
    },
}

struct Line {
    person: String,
    name: String,
    mail: Option<String>,
    phone: Option<String>,
    roles: Vec<String>,
    skills: Vec<String>,
}

impl Roster {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::Show { which } => {
                let project = read(asked, &which).await?;
                asked.print(&project, show);
                Ok(())
            }
            Self::Add {
                person,
                which,
                name,
                mail,
                phone,
                roles,
                skills,
            } => {
                let line = Line {
                    person,
                    name,
                    mail,
                    phone,
                    roles,
                    skills,
                };
                change(asked, &which, |project| put(project, &line)).await
            }
            Self::Remove { person, which } => {
                change(asked, &which, |project| {
                    if let Some(roster) = project["project"]["roster"].as_array_mut() {
                        roster.retain(|member| member["person"] != person.as_str());
                    }
                })
                .await
            }
            Self::Import { file, which } => {
                let text = std::fs::read_to_string(&file)
                    .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
                let lines = csv(&text)?;
                change(asked, &which, |project| {
                    project["project"]["roster"] = json!([]);
                    lines.iter().for_each(|line| put(project, line));
                })
                .await
            }
        }
    }
}

async fn read(asked: &Asked, which: &Which) -> Outcome<Value> {
    asked
        .client
        .get(&format!("/api/v1/projects/{}", which.project))
        .await
}

/// Reads the project, changes it, and replaces it if nobody was faster.
async fn change(asked: &Asked, which: &Which, edit: impl FnOnce(&mut Value)) -> Outcome {
    let mut project = read(asked, which).await?;
    edit(&mut project);
    let revision = project["project"]["revision"].to_string();
    let body = json!({ "project": project["project"], "directory": project["directory"] });
    let path = format!("/api/v1/projects/{}", which.project);
    let answer = asked.client.replace(&path, &body, &revision).await?;
    asked.print(&answer, show);
    Ok(())
}

fn put(project: &mut Value, line: &Line) {
    let member = json!({
        "person": line.person, "roles": line.roles, "skills": line.skills,
        "has_phone": line.phone.is_some(), "has_mail": line.mail.is_some(),
    });
    let mut contact = json!({ "name": line.name });
    for (field, value) in [("mail", &line.mail), ("phone", &line.phone)] {
        if let Some(value) = value {
            contact[field] = value.as_str().into();
        }
    }
    project["directory"]["people"][&line.person] = contact;
    if let Some(roster) = project["project"]["roster"].as_array_mut() {
        match roster
            .iter_mut()
            .find(|known| known["person"] == line.person.as_str())
        {
            Some(known) => *known = member,
            None => roster.push(member),
        }
    }
}

fn show(project: &Value) -> String {
    let people = &project["directory"]["people"];
    let roster = project["project"]["roster"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if roster.is_empty() {
        return "Nobody. An unanswered report stops here: henhouse roster add …".to_owned();
    }
    let line = |(n, member): (usize, &Value)| {
        let id = words(&member["person"]);
        let contact = &people[&id];
        let [name, mail, phone] = ["name", "mail", "phone"].map(|field| words(&contact[field]));
        let roles = member["roles"].as_array().cloned().unwrap_or_default();
        let roles = roles.iter().map(words).collect::<Vec<_>>().join(" ");
        format!(
            "{:>2} {id:12} {name:20} {mail:28} {phone:16} {roles}",
            n + 1
        )
    };
    roster
        .iter()
        .enumerate()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A plain CSV: no quotes, a header that names the columns.
fn csv(text: &str) -> Outcome<Vec<Line>> {
    let mut rows = text.lines().filter(|row| !row.trim().is_empty());
    let header: Vec<String> = rows
        .next()
        .unwrap_or_default()
        .split(',')
        .map(|c| c.trim().to_lowercase())
        .collect();
    let row = |(n, row): (usize, &str)| {
        let cells: BTreeMap<&str, &str> = header
            .iter()
            .map(String::as_str)
            .zip(row.split(',').map(str::trim))
            .collect();
        let cell = |name: &str| {
            cells
                .get(name)
                .filter(|c| !c.is_empty())
                .map(|c| (*c).to_owned())
        };
        let need = |name: &str| {
            cell(name).ok_or_else(|| Failure::Usage(format!("line {}: {name} is missing", n + 2)))
        };
        let roles = cell("roles").unwrap_or_else(|| "responder".to_owned());
        Ok(Line {
            person: need("person")?,
            name: need("name")?,
            mail: cell("mail"),
            phone: cell("phone"),
            roles: roles.split_whitespace().map(str::to_owned).collect(),
            skills: Vec::new(),
        })
    };
    rows.enumerate().map(row).collect()
}

/// Projects.
#[derive(Debug, Subcommand)]
pub enum Project {
    /// Every project.
    List,
    /// One project, whole.
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
    /// Replace it by a JSON file with its project and directory.
    Set {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        which: Which,
    },
}

impl Project {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::List => {
                let answer = asked.client.get("/api/v1/projects").await?;
                asked.print(&answer, |answer| format!("{answer:#}"));
                Ok(())
            }
            Self::Show { which } => {
                let answer = read(asked, &which).await?;
                out(format_args!("{answer:#}"));
                Ok(())
            }
            Self::Create { slug, name, prefix } => {
                let body = json!({ "slug": slug, "name": name, "prefix": prefix });
                let answer = asked.client.post("/api/v1/projects", &body).await?;
                asked.print(&answer, |answer| format!("{answer:#}"));
                Ok(())
            }
            Self::Reports { which, from } => {
                let known = from == "known";
                change(asked, &which, |project| {
                    project["project"]["known_reporters_only"] = known.into();
                })
                .await
            }
            Self::Set { file, which } => {
                let text = std::fs::read_to_string(&file)
                    .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
                let new: Value = serde_json::from_str(&text)
                    .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
                change(asked, &which, |project| {
                    for part in ["project", "directory"] {
                        let kept = project[part]["revision"].clone();
                        if !new[part].is_null() {
                            project[part] = new[part].clone();
                        }
                        if !kept.is_null() {
                            project[part]["revision"] = kept;
                        }
                    }
                })
                .await
            }
        }
    }
}
