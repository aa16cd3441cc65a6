//! The rounds of the backups: each minute one is made if it is due, and the admins are told if the last one is too old.

use std::sync::Arc;
use std::time::Duration;

use crate::backup::{BackupError, Keeper, Made, Plan};
use crate::desk::Desk;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(60);

/// Walks the rounds by this plan, without end. Without a plan nobody makes backups by themselves, and the log says so.
pub async fn walk(desk: Desk, keeper: Arc<Keeper>, plan: Option<Plan>) {
    match plan {
        Some(plan) => keeper.follow(plan),
        None => tracing::warn!(
            "no backups are made by themselves: add [backup] to the settings, or call `henhouse backup`"
        ),
    }
    loop {
        round(&desk, &keeper).await;
        tokio::time::sleep(EVERY).await;
    }
}

/// Walks one round.
async fn round(desk: &Desk, keeper: &Arc<Keeper>) {
    match blocking(keeper, Keeper::turn).await {
        Ok(Some(made)) => said(&made),
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "no backup was made; trying again in ten minutes"),
    }
    let standing = match blocking(keeper, Keeper::standing).await {
        Ok(standing) => standing,
        Err(error) => {
            tracing::warn!(%error, "nobody knows how old the last backup is");
            return;
        }
    };
    if !standing.late {
        return;
    }
    let told = desk.backup_is_late(standing.age(), standing.failed.as_deref());
    if let Err(error) = told.await {
        tracing::error!(%error, "the admins do not know yet that the last backup is too old; trying again");
    }
}

fn said(made: &Made) {
    let Made {
        name,
        place,
        entries,
        milliseconds,
        ..
    } = made;
    tracing::info!(
        name,
        place,
        entries,
        milliseconds,
        "a backup was made, read again and found whole"
    );
    for finding in &made.findings {
        tracing::error!(
            finding,
            "what the backup holds is damaged in the installation itself"
        );
    }
}

async fn blocking<T: Send + 'static>(
    keeper: &Arc<Keeper>,
    work: impl FnOnce(&Keeper) -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    let keeper = Arc::clone(keeper);
    let done = tokio::task::spawn_blocking(move || work(&keeper)).await;
    done.unwrap_or(Err(BackupError::BrokenOff))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;
    use crate::web::stage::{PASSWORD, Stage};

    /// A stage whose backups go to `to`, with an admin who can be written to.
    async fn stage(to: &std::path::Path) -> (Stage, Arc<Keeper>) {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let account = json!({
            "login": "boss2", "person": "boss2", "name": "Boss", "role": "admin", "password": PASSWORD,
            "email": "boss@farm.example",
        });
        let made = stage.post("/api/v1/accounts", Some(&boss), account).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let keeper = Arc::clone(&stage.app.keeper);
        keeper.follow(toml::from_str(&format!("to = '{}'", to.display())).unwrap());
        (stage, keeper)
    }

    async fn mails(stage: &Stage) -> usize {
        let (store, _) = stage.app.desk.store_and_clock();
        let lines = store.read(|view| {
            let all = view.journals(crate::store::JournalKind::Installation)?;
            view.deliveries_of(all[0].id)
        });
        lines.await.unwrap().len()
    }

    fn pass(stage: &Stage, hours: u64) {
        let clock = stage.app.desk.store_and_clock().1;
        clock.advance(Duration::from_secs(hours * 3_600)).unwrap();
    }

    #[tokio::test]
    async fn a_backup_is_made_each_day_and_its_age_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let (stage, keeper) = stage(&folder.path().join("backups")).await;
        round(&stage.app.desk, &keeper).await;
        let first = keeper.last().unwrap().unwrap();
        pass(&stage, 23);
        round(&stage.app.desk, &keeper).await;
        assert_eq!(keeper.last().unwrap(), Some(first.clone()), "it is not due");
        let said = stage.get("/metrics", None).await.text();
        assert!(
            said.contains("henhouse_backup_age_seconds 82800\n"),
            "{said}"
        );
        assert!(said.contains("henhouse_backup_late 0\n"), "{said}");
        pass(&stage, 1);
        round(&stage.app.desk, &keeper).await;
        assert_ne!(keeper.last().unwrap(), Some(first));
        assert_eq!(stage.get("/readyz", None).await.text(), "ready\n");
    }

    #[tokio::test]
    async fn a_backup_that_is_too_old_is_told_once_a_day_until_there_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("backups");
        std::fs::write(&to, b"no folder").unwrap();
        let (stage, keeper) = stage(&to).await;
        let before = mails(&stage).await;
        round(&stage.app.desk, &keeper).await;
        assert_eq!(mails(&stage).await, before, "not late yet");
        pass(&stage, 37);
        for _ in 0..3 {
            round(&stage.app.desk, &keeper).await;
        }
        assert_eq!(mails(&stage).await, before + 1);
        let said = stage.get("/readyz", None).await.text();
        assert!(said.contains("there is no backup yet"), "{said}");
        let figures = stage.get("/metrics", None).await.text();
        assert!(figures.contains("henhouse_backup_late 1\n"), "{figures}");
        pass(&stage, 25);
        round(&stage.app.desk, &keeper).await;
        assert_eq!(mails(&stage).await, before + 2, "a day later, again");
        std::fs::remove_file(&to).unwrap();
        pass(&stage, 1);
        round(&stage.app.desk, &keeper).await;
        assert_eq!(stage.get("/readyz", None).await.text(), "ready\n");
        assert_eq!(mails(&stage).await, before + 2);
    }
}
