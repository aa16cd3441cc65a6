//! Leaving Opsgenie.

mod convert;
mod read;
mod routing;

use std::path::PathBuf;

use clap::Subcommand;

use super::Asked;
use super::failure::Outcome;
use super::import::{Act, Pager};

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
        /// An account's API key that may read configuration.
        #[arg(long, env = "OPSGENIE_KEY", hide_env_values = true)]
        key: String,
        /// Where the API is; <https://api.eu.opsgenie.com> in Europe.
        #[arg(long, default_value = "https://api.opsgenie.com")]
        api: String,
    },
    #[command(flatten)]
    From(Act),
}

impl Opsgenie {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::Snapshot { file, key, api } => {
                let read = read::everything(&api, &key).await?;
                let counted = ["users", "teams", "schedules", "escalations"];
                OPSGENIE.keep(&file, &api, read, &counted)
            }
            Self::From(act) => OPSGENIE.act(asked, act).await,
        }
    }
}
