//! The database is back: what waited is carried out, in the order in which it came, as often as it takes to be done once.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::accounts::token_id;
use super::super::answers::{Asked, OneUse, keep_answer, kept_answer};
use super::super::error::{DeskError, Result};
use super::super::open::{Opened, Start, begin};
use super::super::{Desk, Inner, projects};
use super::keep::refused_by;
use super::{Away, Item, KeptReport, is_away, name_of_case, name_of_number, receipt_number};
use crate::auth::link::Purpose;
use crate::store::{JournalId, OutboxRow, StoreError, Try, Tx};

/// So many reports share a commit.
const TOGETHER: usize = 16;
/// So much is carried out in one step. What waits is read piece by piece, however much it is.
const PORTION: usize = 64;
/// The database is asked for so long whether it is there.
const LOOK: Duration = Duration::from_secs(3);
/// What shares a commit may take so long; then the database has gone again.
const ONE: Duration = Duration::from_secs(10);

/// What became of a try to carry something out.
enum Fate {
    Done,
    /// What it belongs to is still on another node's disk.
    Waits,
    /// The database has gone again, or something is on its way just now.
    NotNow,
    Broken(DeskError),
}

/// A report with everything that making its case needs.
struct Ready {
    kept: KeptReport,
    asked: Option<Asked>,
    sent: Vec<(OutboxRow, Try)>,
}

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
        let was_gone = away.is_gone();
        match tokio::time::timeout(LOOK, self.look(away)).await {
            Ok(Ok(())) => away.comes_back(self.now()),
            Ok(Err(error)) if is_away(&error) => away.goes(self.now(), &error.to_string()),
            Ok(Err(error)) => return Err(error),
            Err(_) => away.goes(self.now(), "it is silent"),
        }
        if was_gone || away.is_gone() {
            away.note_tried().await?;
        }
        if away.is_gone() {
            self.call_what_waits(away).await?;
            return Ok(0);
        }
        away.caught_up.send_replace(true);
        // In the order in which it came: a tap behind the report that it answers.
        if !*away.looked_back.borrow() {
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
        if away.index().is_empty() {
            return Ok(0);
        }
        away.hold()?;
        let (mut done, mut carried) = (0, away.carried_to.load(Ordering::Relaxed));
        let portion = away.index().after(carried, PORTION);
        let whole_round = portion.len() < PORTION;
        let mut rest = portion.as_slice();
        while let Some(run) = away.next_run(&mut rest)? {
            if matches!(self.carry_out(away, &run).await, Fate::Done) {
                done += away.settle_run(&run).await;
                carried = run.last().map_or(carried, |(n, _)| *n);
                continue;
            }
            // One of them is in the way of the others.
            for one in &run {
                let one = std::slice::from_ref(one);
                match self.carry_out(away, one).await {
                    Fate::Done => done += away.settle_run(one).await,
                    Fate::Waits => {}
                    Fate::NotNow => {
                        away.carried_to.store(carried, Ordering::Relaxed);
                        return Ok(done);
                    }
                    // It stays where it is, and the others go on.
                    Fate::Broken(error) => {
                        tracing::error!(%error, "what waits in the spool cannot be carried out; it is tried again");
                    }
                }
                carried = one.last().map_or(carried, |(n, _)| *n);
            }
        }
        let next = if whole_round { 0 } else { carried };
        away.carried_to.store(next, Ordering::Relaxed);
        Ok(done)
    }

    /// Carries out what may be carried out together, all of it or nothing.
    async fn carry_out(&self, away: &Away, run: &[(u64, Item)]) -> Fate {
        let why = match tokio::time::timeout(ONE, self.carry_out_all(away, run)).await {
            Ok(Ok(fate)) => return fate,
            Ok(Err(error)) if !is_away(&error) => return Fate::Broken(error),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it is silent".to_owned(),
        };
        away.goes(self.now(), &why);
        Fate::NotNow
    }

    /// Not, where something for one of them is on its way to somebody just now: a moment later.
    async fn carry_out_all(&self, away: &Away, run: &[(u64, Item)]) -> Result<Fate> {
        let mut ready = Vec::with_capacity(run.len());
        for (_, item) in run {
            match item {
                Item::Report(report) => {
                    if away.is_sending(report.case)? {
                        return Ok(Fate::NotNow);
                    }
                    away.note_tried_for(report.case, true).await?;
                    let sent = away.tries_for(report.case)?;
                    ready.push(self.ready((**report).clone(), sent).await?);
                }
                // A tap is carried out by itself.
                Item::Press(press) if !self.press_kept(press).await? => return Ok(Fate::Waits),
                Item::Press(_) => {}
                // It went along with its report, which came before it.
                Item::Tried(_) => {}
            }
        }
        if ready.is_empty() {
            return Ok(Fate::Done);
        }
        let inner = Arc::clone(&self.inner);
        let cases: Vec<_> = ready.iter().map(|ready| ready.kept.case).collect();
        self.write(move |tx| {
            let mut ready = ready.into_iter();
            ready.try_for_each(|ready| open_kept(&inner, tx, ready))
        })
        .await?;
        cases.into_iter().for_each(|case| away.leave(case));
        Ok(Fate::Done)
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

    async fn ready(&self, mut kept: KeptReport, sent: Vec<(OutboxRow, Try)>) -> Result<Ready> {
        kept.open.once = self.in_their_name(kept.open.once).await?;
        let asked = self.asked_by(&kept.open)?;
        Ok(Ready { kept, asked, sent })
    }
}

impl Away {
    /// The next things that may be carried out together: reports that follow one another, or one other thing. Nothing at
    /// the end.
    fn next_run(&self, rest: &mut &[u64]) -> Result<Option<Vec<(u64, Item)>>> {
        let mut run = Vec::new();
        while let Some((n, others)) = rest.split_first() {
            let item = self.item(*n)?;
            let is_report = matches!(item, Some(Item::Report(_)));
            if !is_report && !run.is_empty() {
                break;
            }
            *rest = others;
            run.extend(item.map(|item| (*n, item)));
            if !is_report && !run.is_empty() || run.len() == TOGETHER {
                break;
            }
        }
        Ok((!run.is_empty()).then_some(run))
    }

    /// Answers how many reports and taps these were.
    async fn settle_run(&self, run: &[(u64, Item)]) -> usize {
        let places: Vec<u64> = run.iter().map(|(n, _)| *n).collect();
        self.settle(&places).await
    }
}

/// Makes a report that waited the case that it was to be; one that is there already is found.
fn open_kept(inner: &Arc<Inner>, tx: &mut dyn Tx, ready: Ready) -> Result<()> {
    let Ready { kept, asked, sent } = ready;
    let case = JournalId(kept.case);
    if tx.case(case)?.is_some() {
        return remember(tx, case, case);
    }
    let asked = match kept_answer::<Opened>(tx, asked.as_ref()) {
        Ok(Some(before)) => {
            let now = inner.clock.wall();
            let link = inner.links.verify(&before.receipt, Purpose::Receipt, now);
            let link = link.map_err(DeskError::bug)?;
            return remember(tx, case, JournalId(link.claims.journal));
        }
        Ok(None) => asked,
        // Elsewhere the key was used for other words; these were taken too.
        Err(DeskError::KeyReused) => None,
        Err(error) => return Err(error),
    };
    let project = match projects::find(tx, kept.open.project.as_deref()) {
        // Somebody renamed it meanwhile, or it takes reports only from people it knows, which this node did not: a report
        // is never refused.
        Err(DeskError::NotFound(_)) => projects::find(tx, None)?,
        Ok(named) if refused_by(inner, tx, &named, &kept.open, kept.at)? => {
            projects::find(tx, None)?
        }
        found => found?,
    };
    // A node that started without the database had no time but its machine's; nothing is recorded as of later than now.
    let at = kept.at.min(inner.clock.now());
    let start = Start {
        sent,
        ..Start::at(case, at)
    };
    let opened = begin(inner, tx, &project, &kept.open, start)?;
    keep_answer(tx, asked, &opened, inner.clock.wall())?;
    remember(tx, case, case)
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
