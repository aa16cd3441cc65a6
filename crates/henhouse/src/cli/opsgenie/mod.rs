//! Leaving Opsgenie.

mod compare;
mod convert;
mod mail;
mod read;
mod routing;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::Asked;
use super::failure::Outcome;
use super::import::{Act, Pager, beside, last, pages, tell};

const OPSGENIE: Pager = Pager {
    name: "Opsgenie",
    command: "opsgenie",
    format: "henhouse-opsgenie-1",
    covers: convert::OURS,
    convert: convert::plan,
};

/// Leaving Opsgenie.
#[derive(Debug, Subcommand)]
pub enum Opsgenie {
    /// Read everything that Opsgenie's API gives into one file. Nothing is changed there.
    Snapshot {
        /// The file to write.
        file: PathBuf,
        /// An account's API key that may read configuration; better in OPSGENIE_KEY or in a file, where nobody else reads it.
        #[arg(long, env = "OPSGENIE_KEY", hide_env_values = true)]
        key: Option<String>,
        /// A file with the key.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// Where the API is; <https://api.eu.opsgenie.com> in Europe.
        #[arg(long, default_value = "https://api.opsgenie.com")]
        api: String,
    },
    /// Whom Opsgenie called for its alerts, beside whom Henhouse would have called for those of sources in shadow.
    Compare {
        /// The project's short name.
        #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
        project: String,
        /// Alerts of so many days.
        #[arg(long, default_value_t = 14)]
        days: u32,
        /// An API key that may read alerts; better in OPSGENIE_KEY or in a file, where nobody else reads it.
        #[arg(long, env = "OPSGENIE_KEY", hide_env_values = true)]
        key: Option<String>,
        /// A file with the key.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// Where the API is; <https://api.eu.opsgenie.com> in Europe.
        #[arg(long, default_value = "https://api.opsgenie.com")]
        api: String,
    },
    /// The rules of its email integrations, as lines for `[mail_in.alerts]` of the settings. Nothing is changed.
    MailRules {
        /// The file that the snapshot wrote.
        file: PathBuf,
        /// The short name of the project whose alerts these will be.
        #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
        project: String,
        /// The name of its alert source.
        #[arg(long, default_value = "mail")]
        source: String,
    },
    #[command(flatten)]
    From(Act),
}

impl Opsgenie {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::Snapshot {
                file,
                key,
                key_file,
                api,
            } => {
                let key = given(key, key_file.as_deref())?;
                let read = read::everything(&api, &key).await?;
                let counted = ["users", "teams", "schedules", "escalations"];
                OPSGENIE.keep(&file, &api, read, &counted)
            }
            Self::Compare {
                project,
                days,
                key,
                key_file,
                api,
            } => {
                let key = given(key, key_file.as_deref())?;
                let (since, _) = last(days)?;
                let calls = compare::calls(&api, &key, since).await?;
                beside(asked, &project, calls).await
            }
            Self::MailRules {
                file,
                project,
                source,
            } => {
                let objects = OPSGENIE.objects(&file)?;
                let lines = mail::settings(&objects, &project, &source);
                tell(&lines);
                Ok(())
            }
            Self::From(act) => OPSGENIE.act(asked, act).await,
        }
    }
}

fn given(key: Option<String>, file: Option<&Path>) -> Outcome<String> {
    match (file, key) {
        (None, Some(key)) => Ok(key),
        (file, _) => pages::key(file, "OPSGENIE_KEY"),
    }
}
