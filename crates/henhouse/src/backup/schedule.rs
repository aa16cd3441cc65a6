//! Making backups by themselves: whichever node finds one due takes the turn, and the others leave it alone.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};

use super::error::Result;
use super::keeper::{Keeper, LAST, Made};
use super::plan::Plan;
use crate::store::{View, whole_micros};

/// Until when somebody has taken the turn.
const TURN: &str = "copy.backup_turn";
/// Since when backups are wanted.
const SINCE: &str = "copy.backup_since";
/// A turn is over after so long, whatever became of its node.
const TURN_MINUTES: i64 = 120;
/// What failed is tried again after so long.
const AGAIN_MINUTES: i64 = 10;

/// How it stands with the backups of an installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The last one.
    pub last: Option<Made>,
    /// How old it is, in whole seconds.
    pub age_seconds: Option<i64>,
    /// Whether the settings ask for backups.
    pub planned: bool,
    /// Whether it is too old, or there is none for too long.
    pub late: bool,
    /// Why this node's last try failed.
    pub failed: Option<String>,
}

impl Standing {
    /// How old the last one is.
    #[must_use]
    pub fn age(&self) -> Option<SignedDuration> {
        self.age_seconds.map(SignedDuration::from_secs)
    }
}

impl Keeper {
    /// How it stood when somebody looked last, its age as of now; asks nothing of the store.
    #[must_use]
    pub fn known(&self) -> Option<Standing> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut standing = seen.clone()?;
        if let Some(made) = &standing.last {
            standing.age_seconds = Some(self.now().duration_since(made.at).as_secs().max(0));
        }
        Some(standing)
    }

    /// Makes backups by this plan from now on.
    pub fn follow(&self, plan: Plan) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(plan);
    }

    /// The plan, if the settings have one.
    #[must_use]
    pub fn plan(&self) -> Option<Plan> {
        self.plan
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How it stands. Blocking.
    ///
    /// # Errors
    /// The store's.
    pub fn standing(&self) -> Result<Standing> {
        let (plan, now, last) = (self.plan(), self.now(), self.last()?);
        let since = self.store.read_inline(|view| time(view, SINCE))?;
        let since = last.as_ref().map(|made| made.at).or(since);
        let late = plan.as_ref().zip(since);
        let failed = self.failed.lock();
        let standing = Standing {
            age_seconds: last
                .as_ref()
                .map(|made| now.duration_since(made.at).as_secs().max(0)),
            last,
            planned: plan.is_some(),
            late: late.is_some_and(|(plan, since)| plan.is_late(since, now)),
            failed: failed.unwrap_or_else(PoisonError::into_inner).clone(),
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Some(standing.clone());
        Ok(standing)
    }

    /// The server stops: a backup that is being made is broken off.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Makes a backup if one is due and nobody else is at it; answers it if so. Blocking.
    ///
    /// # Errors
    /// It failed; it is tried again in ten minutes.
    pub fn turn(&self) -> Result<Option<Made>> {
        let Some(plan) = self.plan() else {
            return Ok(None);
        };
        if !self.take_turn(&plan)? {
            return Ok(None);
        }
        let place = plan.place();
        let made = place.and_then(|place| self.make(&place, Some(plan.keep)));
        let said = made.as_ref().err().map(ToString::to_string);
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = said;
        if made.is_err() {
            let again = self.now() + SignedDuration::from_mins(AGAIN_MINUTES);
            self.store
                .write_inline(|tx| tx.put_setting(TURN, again.to_string().as_bytes()))?;
        }
        made.map(Some)
    }

    fn take_turn(&self, plan: &Plan) -> Result<bool> {
        let now = whole_micros(self.now());
        self.store.write_inline(|tx| {
            if time(tx, SINCE)?.is_none() {
                tx.put_setting(SINCE, now.to_string().as_bytes())?;
            }
            let last = tx.setting(LAST)?;
            let last = last.and_then(|json| serde_json::from_slice::<Made>(&json).ok());
            let taken = time(tx, TURN)?.is_some_and(|until| until > now);
            if taken || !plan.is_due(last.map(|made| made.at), now) {
                return Ok::<_, super::BackupError>(false);
            }
            let until = now + SignedDuration::from_mins(TURN_MINUTES);
            tx.put_setting(TURN, until.to_string().as_bytes())?;
            Ok(true)
        })
    }
}

/// A time that stands in a setting.
fn time<V: View + ?Sized>(view: &V, name: &str) -> crate::store::Result<Option<Timestamp>> {
    let said = view.setting(name)?;
    Ok(said.and_then(|said| std::str::from_utf8(&said).ok()?.parse().ok()))
}
