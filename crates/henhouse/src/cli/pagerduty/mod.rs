//! Leaving PagerDuty.

mod compare;
mod convert;
mod escalations;
mod layers;
mod people;
mod read;
mod zones;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::Subcommand;

use super::Asked;
use super::failure::Outcome;
use super::import::pages::key;
use super::import::{Act, Pager, beside, last};

const PAGERDUTY: Pager = Pager {
    name: "PagerDuty",
    command: "pagerduty",
    format: "henhouse-pagerduty-1",
    covers: convert::OURS,
    convert: convert::plan,
};

/// Leaving PagerDuty.
#[derive(Debug, Subcommand)]
pub enum PagerDuty {
    /// Read everything that PagerDuty's API gives into one file. Nothing is changed there.
    ///
    /// The key is a read-only one of the account, in PAGERDUTY_KEY or in a file.
    Snapshot {
        /// The file to write.
        file: PathBuf,
        /// A file with the key; else it is read from PAGERDUTY_KEY.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// Where the API is; <https://api.eu.pagerduty.com> in Europe.
        #[arg(long, default_value = "https://api.pagerduty.com")]
        api: String,
    },
    /// Whom PagerDuty notified of its incidents, beside whom Henhouse would have called for the alerts of sources in shadow.
    Compare {
        /// The project's short name.
        #[arg(long, default_value = crate::founding::FIRST_PROJECT)]
        project: String,
        /// Incidents of so many days; PagerDuty tells those of six months.
        #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=180))]
        days: u32,
        /// A file with the key; else it is read from PAGERDUTY_KEY.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// Where the API is; <https://api.eu.pagerduty.com> in Europe.
        #[arg(long, default_value = "https://api.pagerduty.com")]
        api: String,
    },
    #[command(flatten)]
    From(Act),
}

impl PagerDuty {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::Snapshot {
                file,
                key_file,
                api,
            } => {
                let key = key(key_file.as_deref(), "PAGERDUTY_KEY")?;
                let now = crate::clock::Clock::real().now();
                let read = read::everything(&api, &key, now).await?;
                let counted = ["users", "teams", "schedules", "escalation_policies"];
                PAGERDUTY.keep(&file, &api, read, &counted)
            }
            Self::Compare {
                project,
                days,
                key_file,
                api,
            } => {
                let key = key(key_file.as_deref(), "PAGERDUTY_KEY")?;
                let calls = compare::calls(&api, &key, last(days)?).await?;
                beside(asked, &project, calls).await
            }
            Self::From(act) => PAGERDUTY.act(asked, act).await,
        }
    }
}
