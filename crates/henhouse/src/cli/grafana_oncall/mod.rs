//! Leaving Grafana OnCall.

mod chains;
mod convert;
mod read;
mod shifts;
mod turns;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::Subcommand;

use super::Asked;
use super::failure::Outcome;
use super::import::pages::key;
use super::import::{Act, Pager};

const ONCALL: Pager = Pager {
    name: "Grafana OnCall",
    command: "grafana-oncall",
    format: "henhouse-grafana-oncall-1",
    covers: convert::OURS,
    convert: convert::plan,
};

/// Leaving Grafana OnCall, also as a part of Grafana IRM.
#[derive(Debug, Subcommand)]
pub enum GrafanaOnCall {
    /// Read everything that Grafana OnCall's API gives into one file. Nothing is changed there.
    ///
    /// The key is one of OnCall's settings, or a service account's token with --grafana; in GRAFANA_ONCALL_KEY or in a file.
    Snapshot {
        /// The file to write.
        file: PathBuf,
        /// Where OnCall's API is: the address in its settings, without /api/v1.
        #[arg(long)]
        api: String,
        /// A file with the key; else it is read from GRAFANA_ONCALL_KEY.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// Where Grafana is; only for the token of a service account.
        #[arg(long, value_name = "URL")]
        grafana: Option<String>,
    },
    #[command(flatten)]
    From(Act),
}

impl GrafanaOnCall {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::Snapshot {
                file,
                api,
                key_file,
                grafana,
            } => {
                let key = key(key_file.as_deref(), "GRAFANA_ONCALL_KEY")?;
                let now = crate::clock::Clock::real().now();
                let read = read::everything(&api, &key, grafana.as_deref(), now).await?;
                let counted = ["users", "teams", "schedules", "escalation_chains"];
                ONCALL.keep(&file, &api, read, &counted)
            }
            Self::From(act) => ONCALL.act(asked, act).await,
        }
    }
}
