//! A tap while the database is away is noted on this node's disk. Who was first is settled when the database is back.

use jiff::Timestamp;
use procedure::Refusal;

use super::super::Desk;
use super::super::ack::{Answered, Called, Noted, Press};
use super::super::error::{DeskError, Result};
use super::{Away, Item, KeptPress, PATIENCE, is_away};
use crate::auth::link::Link;
use crate::report::Times;
use crate::report::people::public_lines;

fn known(called: Called) -> Answered {
    Answered::Known(Box::new(called))
}

impl Desk {
    /// What the link in a page leads to. Nothing is done. Without the database it may be no more than the choice.
    ///
    /// # Errors
    /// Not found for what is no link of ours, and once its person may not see the case any more;
    /// a conflict once it has expired.
    pub async fn called(&self, token: &str) -> Result<Answered> {
        let link = self.act_link(token)?;
        let Some(away) = self.inner.away.get() else {
            return self.called_now(&link).await.map(known);
        };
        if !away.is_gone() {
            match tokio::time::timeout(PATIENCE, self.called_now(&link)).await {
                Ok(Err(error)) if is_away(&error) => away.goes(self.now(), &error.to_string()),
                Ok(Err(DeskError::NotFound(_))) if self.may_wait(away, &link).await? => {}
                Ok(done) => return done.map(known),
                Err(_) => away.goes(self.now(), "it is silent"),
            }
        }
        let before = away.index().pressed(link.id);
        if before.is_none()
            && let Ok(called) = away.knows.called_now(&link).await
        {
            return Ok(known(called));
        }
        self.noted(before).await
    }

    /// Does what the holder of the link pressed; while the database is away, or its report waits on another node, notes it.
    /// The same press again is answered, not repeated.
    ///
    /// # Errors
    /// As [`Desk::called`]; a conflict where the database is away and something else was pressed before. Being late is no
    /// error: the answer says who has it.
    pub async fn press(&self, token: &str, press: Press) -> Result<Answered> {
        let link = self.act_link(token)?;
        let Some(away) = self.inner.away.get() else {
            return self.press_now(&link, press).await.map(known);
        };
        if !away.is_gone() {
            match tokio::time::timeout(PATIENCE, self.press_now(&link, press)).await {
                Ok(Err(error)) if is_away(&error) => away.goes(self.now(), &error.to_string()),
                Ok(Err(DeskError::NotFound(_))) if self.may_wait(away, &link).await? => {}
                Ok(done) => return done.map(known),
                Err(_) => away.goes(self.now(), "it is silent"),
            }
        }
        let before = away.index().pressed(link.id);
        match before {
            Some((same, _)) if same == press => return self.noted(before).await,
            // Nobody else can be called for what they have said they take, or have joined.
            Some(_) if press != Press::Take => return Err(noted_before().into()),
            _ => {}
        }
        let (token, at) = (token.to_owned(), self.now());
        away.keep(Item::Press(KeptPress { token, press, at }))
            .await?;
        if away.waits(&link) {
            // Nobody else is called from here once somebody has it; who was first the database says later.
            let here = away.knows.press_now(&link, press).await;
            tracing::debug!(
                done = here.is_ok(),
                "a tap is noted for a report that waits here"
            );
        }
        self.noted(Some((press, at))).await
    }

    async fn noted(&self, pressed: Option<(Press, Timestamp)>) -> Result<Answered> {
        let (_, project) = self.project_for_reports(None).await?;
        let basis = project.basis();
        let basis = basis.ok_or(DeskError::NotFound("project that is set up"))?;
        Ok(Answered::Noted(Noted {
            pressed,
            times: Times::new(basis.project.calendar.rules().clone(), self.now()),
            public_numbers: public_lines(&project.directory, &basis.playbook),
        }))
    }

    /// Carries out a tap that was noted. One that came too late, or may not be any more, has been answered by that. Says
    /// whether it is settled: not while what it answers is still to come, for as long as the link works.
    pub(super) async fn press_kept(&self, kept: &KeptPress) -> Result<bool> {
        let Ok(link) = self.act_link_at(&kept.token, kept.at) else {
            return Ok(true);
        };
        match self.press_now(&link, kept.press).await {
            Err(DeskError::Refused(refusal)) => {
                tracing::info!(?refusal, "a tap that was noted changes nothing any more");
                Ok(true)
            }
            Err(DeskError::NotFound(_)) => {
                let waits = self.act_link(&kept.token).is_ok() && self.is_to_come(&link).await?;
                if !waits {
                    tracing::warn!("a tap that was noted leads to nothing any more");
                }
                Ok(!waits)
            }
            done => done.map(|_| true),
        }
    }

    /// Whether what the link leads to may still come.
    async fn may_wait(&self, away: &Away, link: &Link) -> Result<bool> {
        Ok(away.may_wait(link) || self.is_to_come(link).await?)
    }
}

fn noted_before() -> Refusal {
    Refusal::conflict(
        "Something else that you pressed is noted, and counts when our records are back.",
        "You may still take the case by this link; else telephone.",
    )
}

impl Away {
    /// Whether the link's case is a report that waits here.
    fn waits(&self, link: &Link) -> bool {
        self.index().report(link.claims.journal).is_some()
    }

    /// The same as far as is known while what was left here by the last process is still being looked at.
    fn may_wait(&self, link: &Link) -> bool {
        self.waits(link) || !*self.looked_back.borrow()
    }
}
