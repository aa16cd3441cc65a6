//! `POST /api/v1/admin/backup`: a backup of the installation while it is served.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::backup::{BackupError, Place};
use crate::serve::Door;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = r#"{"to": null}"#;

/// Where to.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BackupRequest {
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    /// The folder; only over the socket of the data directory's owner. The one in the settings, if nothing is said.
    to: Option<PathBuf>,
}

/// Makes a backup.
pub(super) async fn make(mut call: Call) -> Answer {
    let request: BackupRequest = json::read(call.object().await?.into())?;
    let keeper = call.app.keeper.clone();
    let (place, keep) = match (request.to, keeper.plan()) {
        (Some(_), _) if call.app.door != Door::Local => {
            return Err(Problem::new(
                "bad-input",
                "Only the owner of the data directory chooses where a backup goes; leave `to` out.",
            ));
        }
        (Some(to), _) => (Place::at(&to), None),
        (None, Some(plan)) => (Place::at(&plan.to), Some(plan.keep)),
        (None, None) => {
            return Err(Problem::new(
                "bad-input",
                "The settings name no place for backups: add [backup] with `to`.",
            ));
        }
    };
    let made = tokio::task::spawn_blocking(move || keeper.make(&place, keep)).await;
    match made {
        Ok(Ok(made)) => json::ok(&made),
        Ok(Err(BackupError::Refused(why))) => Err(Problem::new("conflict", why)),
        Ok(Err(error)) => Err(Problem::new(
            "fault",
            format!("No backup was made: {error}."),
        )),
        Err(_) => Err(Problem::new("fault", "No backup was made: a bug.")),
    }
}
