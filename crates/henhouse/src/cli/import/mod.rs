//! Leaving another pager: everything that its API gives in one file, a plan that says of each object what becomes of it, and
//! the plan carried out as often as one likes. What is the same for every pager; its API is only ever read.

mod apply;
pub(super) mod check;
mod file;
#[cfg(test)]
pub(super) mod oracle;
pub(super) mod pages;
pub(super) mod plan;
mod routes;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::failure::{Failure, Outcome};
use super::report::steers_nothing;
use super::{Asked, out};
use apply::Done;
use plan::{Fate, Plan};

/// A pager that is left.
pub(super) struct Pager {
    /// What people call it.
    pub name: &'static str,
    /// The command that leaves it.
    pub command: &'static str,
    /// What a snapshot says that it is.
    pub format: &'static str,
    /// Covers that came from it begin with this.
    pub covers: &'static str,
    /// What becomes of a snapshot in a project as it stands.
    pub convert: fn(&Value, &Value, Timestamp) -> Plan,
}

/// What is done with a snapshot.
#[derive(Debug, Subcommand)]
pub enum Act {
    /// Say of each object in the file what becomes of it: ok, partly and why, or refused and why.
    Plan {
        /// The file.
        file: PathBuf,
        /// The project's short name.
        #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
        project: String,
    },
    /// Carry the plan out: people, teams, schedules with their overrides, escalations, alert routes. Again it changes only what
    /// differs, and leaves what was made or changed here since.
    Apply {
        /// The file.
        file: PathBuf,
        /// The project's short name.
        #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
        project: String,
        /// Put the file's in the place of what was made or changed here: a team, schedule or escalation by its title, an alert
        /// route by its name, or "order of alert routes". As often as you like.
        #[arg(long, value_name = "TITLE")]
        replace: Vec<String>,
    },
}

/// What was read: the objects by kind, and what could not be read and why.
pub(super) type Read = (Value, Vec<Value>);

impl Pager {
    /// Keeps what was read in a file. `counted` are the kinds whose numbers are told.
    pub(super) fn keep(&self, file: &Path, from: &str, read: Read, counted: &[&str]) -> Outcome {
        let (objects, missing) = read;
        let whole = json!({
            "format": self.format,
            "from": from,
            "taken_at": crate::clock::Clock::real().now().to_string(),
            "sha256": file::hash(&objects)?,
            "not_read": missing,
            "objects": objects,
        });
        file::write(file, &whole)?;
        for one in whole["not_read"].as_array().into_iter().flatten() {
            not_read(one);
        }
        let count = |name: &&str| {
            let number = objects[*name].as_array().map_or(0, Vec::len);
            format!("{number} {}", name.replace('_', " "))
        };
        let counts: Vec<String> = counted.iter().map(count).collect();
        let file = file.display();
        out(format_args!(
            "{file}: {}. Next: henhouse {} plan {file}",
            counts.join(", "),
            self.command,
        ));
        Ok(())
    }

    pub(super) async fn act(&self, asked: &Asked, act: Act) -> Outcome {
        match act {
            Act::Plan { file, project } => {
                let (plan, known) = self.plan(asked, &file, &project).await?;
                let differs = check::differences(&plan, &known);
                self.show(asked, &plan, &differs, &check::replaced(&plan, &known));
                Ok(())
            }
            Act::Apply {
                file,
                project,
                replace,
            } => {
                let (plan, _) = self.plan(asked, &file, &project).await?;
                if let Some(title) = replace.iter().find(|title| !plan.has(title)) {
                    return Err(Failure::Usage(format!(
                        "{} has no team, schedule, escalation or alert route {title:?} that could be replaced.",
                        file.display()
                    )));
                }
                let done = apply::carry_out(asked, &project, (&plan, self), &replace).await?;
                told(self, &done)
            }
        }
    }

    /// The objects of a snapshot, by kind.
    pub(super) fn objects(&self, file: &Path) -> Outcome<Value> {
        Ok(file::read(file, self)?["objects"].take())
    }

    async fn plan(&self, asked: &Asked, file: &Path, project: &str) -> Outcome<(Plan, Value)> {
        let whole = file::read(file, self)?;
        let path = format!("/api/v1/projects/{project}");
        let mut known = asked.client.get(&path).await?;
        let now = crate::clock::Clock::real().now();
        let plan = (self.convert)(&whole, &known, now);
        if plan.routes.is_some() {
            routes::beside(asked, &path, &mut known).await;
        }
        Ok((plan, known))
    }

    fn show(&self, asked: &Asked, plan: &Plan, differs: &[String], replaced: &[String]) {
        let listed: Vec<Value> = plan
            .fates
            .iter()
            .map(|one| json!({ "object": one.object, "fate": one.word(), "why": one.why, "said": one.said }))
            .collect();
        let checked = plan.expected.len();
        let answer = json!({ "objects": listed, "schedules_checked": checked, "on_call_differs": differs, "replaced": replaced });
        asked.print(&answer, |_| {
            let count = |word: &str| plan.fates.iter().filter(|fate| fate.word() == word).count();
            let mut lines: Vec<String> = plan.fates.iter().map(line).collect();
            if checked > 0 && differs.is_empty() {
                lines.push(format!(
                    "On call here is whoever {} says, in {checked} schedules, for as long as the file tells.",
                    self.name
                ));
            }
            let others = differs.iter().chain(replaced);
            lines.extend(others.map(|line| without_signs(line)));
            lines.push(format!(
                "{} ok, {} partly, {} refused.",
                count("ok"),
                count("partly"),
                count("refused")
            ));
            lines.join("\n")
        });
    }
}

/// Shows lines that were made of a snapshot; nothing in them steers a terminal.
pub(super) fn tell(lines: &str) {
    for line in lines.lines() {
        out(without_signs(line));
    }
}

fn line(fate: &Fate) -> String {
    let all: Vec<&str> = fate
        .why
        .iter()
        .chain(&fate.said)
        .map(String::as_str)
        .collect();
    let why = if all.is_empty() {
        String::new()
    } else {
        format!(": {}", all.join("; "))
    };
    without_signs(&format!("{:8} {}{why}", fate.word(), fate.object))
}

/// From so many days ago until now.
///
/// # Errors
/// There are no so many days.
pub(super) fn last(days: u32) -> Outcome<(Timestamp, Timestamp)> {
    let now = crate::clock::Clock::real().now();
    let back = SignedDuration::from_hours(24 * i64::from(days));
    Ok((now.saturating_sub(back).map_err(Failure::failed)?, now))
}

/// Brings whom the pager called, says what of that could not be read, and shows it beside what would have been done here.
pub(super) async fn beside(
    asked: &Asked,
    project: &str,
    (calls, missing): (Vec<Value>, Vec<Value>),
) -> Outcome {
    for one in &missing {
        not_read(one);
    }
    super::people::shadow::show(asked, project, Some(calls.into())).await
}

/// Says of a list that it could not be read.
fn not_read(one: &Value) {
    let said = format!("Not read: {} ({})", one["path"], one["why"]);
    eprintln!("{}", without_signs(&said));
}

/// Names came from outside: what would steer the terminal is left out.
fn without_signs(line: &str) -> String {
    let line: String = line.chars().filter(|one| !one.is_control()).collect();
    steers_nothing(&line)
}

fn told(pager: &Pager, done: &Done) -> Outcome {
    let all_well = done.failed.is_empty() && done.left.is_empty();
    match (done.changed.is_empty(), all_well) {
        (true, true) => out("Nothing differs."),
        (true, false) => {}
        (false, _) => out(plain(&done.changed)),
    }
    let left = format!(
        "Left as it is, because it was made or changed here. To have what {} says in its place, name it: --replace TITLE\n{}",
        pager.name,
        plain(&done.left),
    );
    match (done.failed.is_empty(), done.left.is_empty()) {
        (true, true) => Ok(()),
        (true, false) => Err(Failure::Refused(left)),
        (false, _) => {
            let failed = format!(
                "Not everything is there. Apply it again when this is mended:\n{}",
                plain(&done.failed)
            );
            let more = (!done.left.is_empty()).then_some(left);
            let all: Vec<String> = std::iter::once(failed).chain(more).collect();
            Err(Failure::failed(all.join("\n")))
        }
    }
}

fn plain(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| without_signs(line)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_a_file_steer_no_terminal_and_make_no_line_of_their_own() {
        let hostile = "barn\u{1b}]0;x\u{7}\u{9b}1m\r\n0 refused.\u{202e}".to_owned();
        let fate = Fate::refused(hostile.clone(), hostile.clone());
        for said in [line(&fate), plain(&[hostile])] {
            let steers = |c: char| c.is_control() || c == '\u{202e}';
            assert!(!said.contains(steers), "{said:?}");
        }
    }
}
