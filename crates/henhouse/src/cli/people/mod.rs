//! Projects and their contact sheets on the command line.

mod alert_routes;
mod project;
pub(in crate::cli) mod shadow;
mod sources;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use procedure::Text;
use procedure::project::Route;
use serde_json::{Value, json};

use super::Asked;
use super::failure::{Failure, Outcome};
use super::nearest::Sought;
use super::report::words;
use crate::report::nearest::did_you_mean;
use crate::report::routes;

pub use project::Project;

/// What people may be to a project.
const ROLES: [&str; 8] = [
    "responder",
    "decider",
    "project_manager",
    "product_owner",
    "security",
    "communications",
    "reviewer",
    "observer",
];

/// Which project.
#[derive(Debug, Args)]
pub struct Which {
    /// The project's short name.
    #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
    project: String,
}

impl Which {
    /// What was looked for, should it not be there.
    fn sought(&self) -> Sought {
        Sought::Project(self.project.clone())
    }
}

/// The contact sheet of a project, in calling order.
#[derive(Debug, Subcommand)]
pub enum Roster {
    /// Who is on it.
    Show {
        #[command(flatten)]
        which: Which,
    },
    /// Put somebody on it, or change their line: what is not said stays as it is.
    Add {
        /// A short id for the person, such as jane.
        person: String,
        #[command(flatten)]
        which: Which,
        /// What they are called; needed for somebody new.
        #[arg(long)]
        name: Option<String>,
        /// Where mail reaches them.
        #[arg(long)]
        mail: Option<String>,
        /// Where they can be telephoned, with + and the country code.
        #[arg(long)]
        phone: Option<String>,
        /// By what they are paged, in order, such as "ntfy jane-pager-x7, mail".
        #[arg(long)]
        routes: Option<String>,
        /// What they are to the project, all of it: several are possible. A new person is a responder
        /// if nothing is said.
        #[arg(long = "role", value_parser = ROLES)]
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
    /// Replace it by a CSV file with the columns person,name,mail,phone,roles,routes (roles separated
    /// by spaces, routes by semicolons).
    Import {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        which: Which,
    },
}

struct Line {
    person: String,
    name: Option<String>,
    mail: Option<String>,
    phone: Option<String>,
    routes: Option<String>,
    roles: Vec<String>,
    skills: Vec<String>,
}

impl Roster {
    /// What was looked for, should it not be there.
    pub(super) fn sought(&self) -> Sought {
        match self {
            Self::Show { which }
            | Self::Add { which, .. }
            | Self::Remove { which, .. }
            | Self::Import { which, .. } => which.sought(),
        }
    }

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
                routes,
                roles,
                skills,
            } => {
                let line = Line {
                    person,
                    name,
                    mail,
                    phone,
                    routes,
                    roles,
                    skills,
                };
                change(asked, &which, |project| put(project, &line)).await
            }
            Self::Remove { person, which } => {
                change(asked, &which, |project| remove(project, &person)).await
            }
            Self::Import { file, which } => {
                let text = std::fs::read_to_string(&file)
                    .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
                let lines = csv(&text)?;
                change(asked, &which, |project| {
                    project["project"]["roster"] = json!([]);
                    lines.iter().try_for_each(|line| put(project, line))
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
async fn change(asked: &Asked, which: &Which, edit: impl FnOnce(&mut Value) -> Outcome) -> Outcome {
    let answer = replace(asked, which, edit).await?;
    asked.print(&answer, show);
    Ok(())
}

async fn replace(
    asked: &Asked,
    which: &Which,
    edit: impl FnOnce(&mut Value) -> Outcome,
) -> Outcome<Value> {
    let mut project = read(asked, which).await?;
    edit(&mut project)?;
    let revision = project["project"]["revision"].to_string();
    let body = json!({ "project": project["project"], "directory": project["directory"] });
    let path = format!("/api/v1/projects/{}", which.project);
    asked.client.replace(&path, &body, &revision).await
}

fn put(project: &mut Value, line: &Line) -> Outcome {
    let id = line.person.as_str();
    let known = &project["directory"]["people"][id];
    let mut contact = if known.is_object() {
        known.clone()
    } else {
        json!({})
    };
    for (field, value) in [
        ("name", &line.name),
        ("mail", &line.mail),
        ("phone", &line.phone),
    ] {
        if let Some(value) = value {
            contact[field] = value.as_str().into();
        }
    }
    if let Some(words) = &line.routes {
        let read = routes::from_words(words).map_err(Failure::Usage)?;
        let one = |route: &Route| match route.to.as_ref().and_then(Text::plain) {
            Some(to) => json!({ "by": route.by.word(), "to": to }),
            None => json!({ "by": route.by.word() }),
        };
        contact["routes"] = read.iter().map(one).collect();
    }
    if contact["name"].is_null() {
        return Err(Failure::Usage(format!(
            "{id} is new: say what they are called, such as --name \"Jane Doe\"."
        )));
    }
    project["directory"]["people"][id] = contact;
    let Some(roster) = project["project"]["roster"].as_array_mut() else {
        return Ok(());
    };
    let place = roster.iter().position(|member| member["person"] == id);
    let place = place.unwrap_or_else(|| {
        roster.push(json!({ "person": id, "roles": ["responder"] }));
        roster.len() - 1
    });
    if !line.roles.is_empty() {
        roster[place]["roles"] = json!(line.roles);
    }
    if !line.skills.is_empty() {
        roster[place]["skills"] = json!(line.skills);
    }
    Ok(())
}

fn remove(project: &mut Value, person: &str) -> Outcome {
    let Some(roster) = project["project"]["roster"].as_array_mut() else {
        return Ok(());
    };
    let before = roster.len();
    let ids: Vec<String> = roster
        .iter()
        .map(|member| words(&member["person"]))
        .collect();
    roster.retain(|member| member["person"] != person);
    if roster.len() < before {
        return Ok(());
    }
    let meant = did_you_mean(person, ids.iter().map(String::as_str));
    Err(Failure::Usage(format!(
        "{person} is not on the contact sheet.{meant}"
    )))
}

fn show(project: &Value) -> String {
    let people = &project["directory"]["people"];
    let roster = project["project"]["roster"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if roster.is_empty() {
        return "Nobody. A report would call nobody: henhouse roster add jane --name \"Jane Doe\" --mail \
            jane@example.org"
            .to_owned();
    }
    let line = |(n, member): (usize, &Value)| {
        let id = words(&member["person"]);
        let contact = &people[&id];
        let [name, mail, phone] = ["name", "mail", "phone"].map(|field| words(&contact[field]));
        let roles = member["roles"].as_array().cloned().unwrap_or_default();
        let roles = roles.iter().map(words).collect::<Vec<_>>().join(" ");
        let routes = contact["routes"].as_array().into_iter().flatten();
        let by: Vec<String> = routes.map(|route| words(&route["by"])).collect();
        let by = match by.is_empty() {
            true => String::new(),
            false => format!(" (paged by {})", by.join(", ")),
        };
        format!(
            "{:>2} {id:12} {name:20} {mail:28} {phone:16} {roles}{by}",
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
        if row.contains('"') {
            return Err(Failure::Usage(format!(
                "line {}: quotes are not read here. Separate roles by blanks, or paste the table on the page of the contact sheet.",
                n + 2
            )));
        }
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
            cell(name).ok_or_else(|| {
                Failure::Usage(format!(
                    "line {}: {name} is missing. The first line names the columns, with commas: person,name,mail,phone,roles. \
                     A table from a spreadsheet is pasted on the page of the contact sheet: it needs no short names there.",
                    n + 2
                ))
            })
        };
        let roles = cell("roles").unwrap_or_else(|| "responder".to_owned());
        Ok(Line {
            person: need("person")?,
            name: Some(need("name")?),
            mail: cell("mail"),
            phone: cell("phone"),
            routes: cell("routes"),
            roles: roles.split_whitespace().map(str::to_owned).collect(),
            skills: Vec::new(),
        })
    };
    rows.enumerate().map(row).collect()
}
