//! Leaving Opsgenie: everything that its API gives into one file, a plan that says of each object what becomes of it, and
//! the plan carried out as often as one likes. The API is only ever read.

mod apply;
mod convert;
mod read;

use std::path::{Path, PathBuf};

use casefile::canonical;
use clap::Subcommand;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::failure::{Failure, Outcome};
use super::{Asked, out};
use convert::{Fate, Plan};

/// What a snapshot says that it is.
const FORMAT: &str = "henhouse-opsgenie-1";

/// Leaving Opsgenie.
#[derive(Debug, Subcommand)]
pub enum Opsgenie {
    /// Read everything that Opsgenie's API gives into one file. Nothing is changed there.
    Snapshot {
        /// The file to write.
        file: PathBuf,
        /// An account's API key that may read configuration.
        #[arg(long, env = "OPSGENIE_KEY", hide_env_values = true)]
        key: String,
        /// Where the API is; <https://api.eu.opsgenie.com> in Europe.
        #[arg(long, default_value = "https://api.opsgenie.com")]
        api: String,
    },
    /// Say of each object in the file what becomes of it: ok, partly and why, or refused and why.
    Plan {
        /// The file.
        file: PathBuf,
        /// The project's short name.
        #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
        project: String,
    },
    /// Carry the plan out: people, teams, schedules with their overrides, escalations. Again it changes only what differs.
    Apply {
        /// The file.
        file: PathBuf,
        /// The project's short name.
        #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
        project: String,
    },
}

impl Opsgenie {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::Snapshot { file, key, api } => {
                let (objects, missing) = read::everything(&api, &key).await?;
                let whole = json!({
                    "format": FORMAT,
                    "from": api,
                    "taken_at": crate::clock::Clock::real().now().to_string(),
                    "sha256": hash(&objects)?,
                    "not_read": missing,
                    "objects": objects,
                });
                let text = format!("{whole:#}\n");
                write(&file, &text).map_err(|error| unwritten(&file, &error))?;
                for one in whole["not_read"].as_array().into_iter().flatten() {
                    eprintln!("Not read: {} ({})", one["path"], one["why"]);
                }
                let count = |name: &str| objects[name].as_array().map_or(0, Vec::len);
                out(format_args!(
                    "{}: {} users, {} teams, {} schedules, {} escalations. Next: henhouse opsgenie plan {}",
                    file.display(),
                    count("users"),
                    count("teams"),
                    count("schedules"),
                    count("escalations"),
                    file.display()
                ));
                Ok(())
            }
            Self::Plan { file, project } => {
                let plan = plan(asked, &file, &project).await?;
                show(asked, &plan);
                Ok(())
            }
            Self::Apply { file, project } => {
                let plan = plan(asked, &file, &project).await?;
                let (changed, failed) = apply::carry_out(asked, &project, &plan).await?;
                match (changed.is_empty(), failed.is_empty()) {
                    (true, true) => out("Nothing differs."),
                    (true, false) => {}
                    (false, _) => out(changed.join("\n")),
                }
                match failed.is_empty() {
                    true => Ok(()),
                    false => Err(Failure::failed(format!(
                        "Not everything is there. Apply it again when this is mended:\n{}",
                        failed.join("\n")
                    ))),
                }
            }
        }
    }
}

async fn plan(asked: &Asked, file: &Path, project: &str) -> Outcome<Plan> {
    let unread = |error: &dyn std::fmt::Display| {
        Failure::Usage(format!("{} cannot be read: {error}", file.display()))
    };
    let text = std::fs::read_to_string(file).map_err(|error| unread(&error))?;
    let whole: Value = serde_json::from_str(&text).map_err(|error| unread(&error))?;
    if whole["format"] != FORMAT {
        return Err(Failure::Usage(format!(
            "{} is no snapshot of Opsgenie. Make one: henhouse opsgenie snapshot {}",
            file.display(),
            file.display()
        )));
    }
    if whole["sha256"].as_str() != Some(&hash(&whole["objects"])?) {
        return Err(Failure::Usage(format!(
            "{} was changed since it was made: its hash does not fit.",
            file.display()
        )));
    }
    let known = asked
        .client
        .get(&format!("/api/v1/projects/{project}"))
        .await?;
    let now = crate::clock::Clock::real().now();
    Ok(convert::plan(&whole, &known, now))
}

/// The SHA-256 of the objects in their canonical form.
fn hash(objects: &Value) -> Outcome<String> {
    let bytes = canonical::bytes(objects).map_err(Failure::failed)?;
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    Ok(casefile::Hash::from(digest).to_string())
}

fn show(asked: &Asked, plan: &Plan) {
    let listed: Vec<Value> = plan
        .fates
        .iter()
        .map(|fate| json!({ "object": fate.object, "fate": fate.word(), "why": fate.why }))
        .collect();
    let answer = json!({ "objects": listed });
    asked.print(&answer, |_| {
        let line = |fate: &Fate| {
            let why = fate.why.join("; ");
            let why = if why.is_empty() {
                why
            } else {
                format!(": {why}")
            };
            format!("{:8} {}{why}", fate.word(), fate.object)
        };
        let count = |word: &str| plan.fates.iter().filter(|fate| fate.word() == word).count();
        let mut lines: Vec<String> = plan.fates.iter().map(line).collect();
        lines.push(format!(
            "{} ok, {} partly, {} refused.",
            count("ok"),
            count("partly"),
            count("refused")
        ));
        lines.join("\n")
    });
}

/// Names, telephone numbers and settings: for whoever made it alone, even where the file was there before.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let mut open = std::fs::OpenOptions::new();
    let open = open.write(true).create(true).truncate(true).mode(0o600);
    let mut file = open.open(file)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}

fn unwritten(file: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("{} cannot be written: {error}", file.display()))
}
