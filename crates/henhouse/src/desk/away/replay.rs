//! The database is back: what waited is carried out, in the order in which it came, as often as it takes to be done once.

use std::sync::Arc;
use std::time::Duration;

use super::super::accounts::token_id;
use super::super::answers::{OneUse, keep_answer, kept_answer};
use super::super::error::{DeskError, Result};
use super::super::open::{Opened, Start, begin};
use super::super::{Desk, projects};
use super::calls::Held;
use super::{Away, Item, KeptReport, is_away, name_of_case, name_of_number, receipt_number};
use crate::auth::link::Purpose;
use crate::store::{JournalId, OutboxRow, StoreError, Try, Tx};

/// The database is asked for so long whether it is there.
const LOOK: Duration = Duration::from_secs(3);
/// One report may take so long; then the database has gone again.
const ONE: Duration = Duration::from_secs(10);

impl Desk {
    /// One step: looks whether the database is there, learns what is new in the projects, carries out what waits.
    /// Answers how much was carried out.
    ///
    /// # Errors
    /// The store's, other than that it is away.
    pub async fn mind_the_spool(&self) -> Result<usize> {
        let Some(away) = self.inner.away.get() else {
            return Ok(0);
        };
        match tokio::time::timeout(LOOK, self.look(away)).await {
            Ok(Ok(())) => away.comes_back(self.now()),
            Ok(Err(error)) if is_away(&error) => away.goes(self.now(), &error.to_string()),
            Ok(Err(error)) => return Err(error),
            Err(_) => away.goes(self.now(), "it is silent"),
        }
        away.note_sent().await?;
        if away.is_gone() {
            return Ok(0);
        }
        self.replay(away).await
    }

    async fn look(&self, away: &Away) -> Result<()> {
        if away.is_gone() {
            // One that can be read and not written, for want of a standby, is away all the same.
            let nothing = |_: &mut dyn Tx| Ok::<_, StoreError>(());
            self.inner.store.write_urgent(nothing).await?;
        }
        self.learn().await
    }

    async fn replay(&self, away: &Away) -> Result<usize> {
        let waiting: Vec<(u64, Item)> = {
            let waiting = away.waiting();
            waiting.iter().map(|(n, item)| (*n, item.clone())).collect()
        };
        if waiting.is_empty() {
            return Ok(0);
        }
        let held = away.hold()?;
        let mut done = 0;
        for (n, item) in waiting {
            match tokio::time::timeout(ONE, self.carry_out(away, &item, &held)).await {
                Ok(Ok(false)) => break,
                Ok(Ok(true)) => {
                    away.settle(n).await;
                    done += usize::from(item.at().is_some());
                }
                Ok(Err(error)) if is_away(&error) => {
                    away.goes(self.now(), &error.to_string());
                    break;
                }
                Err(_) => {
                    away.goes(self.now(), "it is silent");
                    break;
                }
                // It stays where it is, and the others go on.
                Ok(Err(error)) => {
                    tracing::error!(%error, n, "what waits in the spool cannot be carried out; it is tried again");
                }
            }
        }
        Ok(done)
    }

    /// Carries out one thing. Not, where something for it is on its way to somebody just now: a moment later.
    async fn carry_out(&self, away: &Away, item: &Item, held: &Held) -> Result<bool> {
        match item {
            Item::Report(report) => {
                if away.is_sending(report.case, held)? {
                    return Ok(false);
                }
                away.note_sent().await?;
                let sent = away.sent_for(report.case);
                self.open_kept((**report).clone(), sent).await?;
                away.leave(report.case, held)?;
            }
            Item::Press(press) => self.press_kept(press).await?,
            // It went along with its report, which came before it.
            Item::Sent(_) => {}
        }
        Ok(true)
    }

    /// Whoever could not be looked up is known by what they showed, now that the database is there: their key counts as it
    /// will when they send the same again.
    async fn in_their_name(&self, once: Option<OneUse>) -> Result<Option<OneUse>> {
        let Some(once) = once else {
            return Ok(None);
        };
        let Some(hash) = once.shown_hash() else {
            return Ok(Some(once));
        };
        let actor = match self.token_and_account(hash).await? {
            Some((token, _)) if token.person.is_empty() => format!("token {}", token_id(&hash)),
            Some((token, _)) => format!("person {}", token.person),
            None => match self.session_and_account(hash).await? {
                Some((_, account)) => format!("person {}", account.person),
                None => return Ok(Some(once)),
            },
        };
        Ok(Some(OneUse { actor, ..once }))
    }

    /// Makes a report that waited the case that it was to be; one that is there already is found.
    async fn open_kept(&self, kept: KeptReport, sent: Vec<(OutboxRow, Try)>) -> Result<Opened> {
        let inner = Arc::clone(&self.inner);
        let mut kept = kept;
        kept.open.once = self.in_their_name(kept.open.once).await?;
        let asked = self.asked_by(&kept.open)?;
        let case = JournalId(kept.case);
        self.write(move |tx| {
            let told = inner.receipt_token(case, 1)?;
            if let Some(row) = tx.case(case)? {
                remember(tx, case, case)?;
                return Ok(Opened {
                    number: row.number.to_string(),
                    receipt: told,
                    at: kept.at,
                    waits: false,
                    commands: false,
                });
            }
            let asked = match kept_answer::<Opened>(tx, asked.as_ref()) {
                Ok(Some(before)) => {
                    let now = inner.clock.wall();
                    let link = inner.links.verify(&before.receipt, Purpose::Receipt, now);
                    let link = link.map_err(DeskError::bug)?;
                    remember(tx, case, JournalId(link.claims.journal))?;
                    return Ok(before);
                }
                Ok(None) => asked,
                // Elsewhere the key was used for other words; these were taken too.
                Err(DeskError::KeyReused) => None,
                Err(error) => return Err(error),
            };
            let project = match projects::find(tx, kept.open.project.as_deref()) {
                // Somebody renamed it meanwhile: a report is never refused.
                Err(DeskError::NotFound(_)) => projects::find(tx, None)?,
                found => found?,
            };
            let start = Start {
                sent,
                ..Start::at(case, kept.at)
            };
            let opened = begin(&inner, tx, &project, &kept.open, start)?;
            keep_answer(tx, asked, &opened, inner.clock.wall())?;
            remember(tx, case, case)?;
            Ok(opened)
        })
        .await
    }
}

/// The number of a receipt leads to its case for ever after, and its address too where another stands for it.
fn remember(tx: &mut dyn Tx, told: JournalId, case: JournalId) -> Result<()> {
    let number = name_of_number(&receipt_number(told));
    tx.put_setting(&number, case.0.as_bytes())?;
    if told != case {
        tx.put_setting(&name_of_case(told), case.0.as_bytes())?;
    }
    Ok(())
}
