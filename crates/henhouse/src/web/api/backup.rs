//! `POST /api/v1/admin/backup`: a backup of the installation while it is served.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::backup::{BackupError, Place, S3Settings};
use crate::serve::Door;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = r#"{"to": null}"#;

/// Where to.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BackupRequest {
    #[serde(default)]
    /// The folder, or `s3://bucket/prefix`; only over the socket of the data directory's owner. The one in the settings, if nothing is said.
    to: Option<String>,
    #[serde(default)]
    /// How the bucket is reached that `to` names; only over that socket.
    s3: S3Settings,
}

/// Makes a backup.
pub(super) async fn make(mut call: Call) -> Answer {
    let request: BackupRequest = json::read(call.object().await?.into())?;
    let keeper = call.app.keeper.clone();
    let (to, s3, keep) = match (request.to, keeper.plan()) {
        (Some(_), _) if call.app.door != Door::Local => {
            return Err(Problem::new(
                "bad-input",
                "Only the owner of the data directory chooses where a backup goes; leave `to` out.",
            ));
        }
        (Some(to), _) => (to, request.s3, None),
        (None, Some(plan)) => (plan.to, plan.s3, Some(plan.keep)),
        (None, None) => {
            return Err(Problem::new(
                "bad-input",
                "The settings name no place for backups: add [backup] with `to`.",
            ));
        }
    };
    let make = move || keeper.make(&Place::of(&to, &s3)?, keep);
    let made = tokio::task::spawn_blocking(make).await;
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
