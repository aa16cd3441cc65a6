//! A row of the outbox, or a bundle of them, from its lease to its outcome.
//!
//! The lease is the intent, written before; the outcome is written after the peer's answer and never
//! before it. Whoever dies in between leaves a lease that runs out, and the next one sends the same
//! bytes under the same id. While a peer thinks, the lease is renewed; a lease that somebody else has
//! got meanwhile is theirs, and we say nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::channel::{Channel, Fit};
use super::letter::{Letter, Share};
use super::message::MailMessage;
use super::origin::{Fate, Happened, Origin};
use super::outcome::{Fault, Outcome};
use super::parcel::{self, Parcel, Ready, together};
use super::routes;
use super::schedule::next_try;
use crate::clock::Clock;
use crate::killpoint::{self, Point};
use crate::report::routes::is_forward;
use crate::store::{
    Attempt, AttemptOutcome, Lane, Lease, Message, NoticeId, OutboxRow, Store, StoreError, Try,
    last_taken,
};

/// How long a lease lasts, in seconds: the longest that the store gives.
const LEASE_SECONDS: u32 = Lease::LIMIT_SECONDS;
/// After so many failures a page needs another route as well, which goes on beside this one (P6).
pub(super) const STRUGGLING_AFTER: u32 = 2;
/// So long a peer may take to say whether what it was handed arrived: a telephone rings for a minute, and somebody listens.
pub(super) const HANDED: SignedDuration = SignedDuration::from_mins(5);
/// A mail that is not a page and may have arrived so many times is not sent once more.
const UNCERTAIN_LIMIT: usize = 4;

/// How much is sent at the same time, and how long it keeps what it sends.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Deliveries of both lanes together.
    pub all: u32,
    /// Deliveries of the ordinary lane; the rest stays free for pages, whatever hangs.
    pub ordinary: u32,
    /// How often a lease is renewed while its peer is being waited for; a third of a lease, so that one
    /// renewal may fail.
    pub renew_every: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            all: 16,
            ordinary: 12,
            renew_every: Duration::from_secs(5),
        }
    }
}

/// What is being sent now, by lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InFlight {
    /// Pages.
    pub urgent: u32,
    /// Everything else.
    pub ordinary: u32,
}

impl InFlight {
    pub(super) fn of(&mut self, lane: Lane) -> &mut u32 {
        match lane {
            Lane::Urgent => &mut self.urgent,
            Lane::Ordinary => &mut self.ordinary,
        }
    }

    /// How many more of a lane may start.
    fn room(self, limits: Limits, lane: Lane) -> u32 {
        let all = limits.all.saturating_sub(self.urgent + self.ordinary);
        match lane {
            Lane::Urgent => all,
            Lane::Ordinary => all.min(limits.ordinary.saturating_sub(self.ordinary)),
        }
    }
}

/// Carries what the outbox holds.
pub struct Outbox<O> {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) origin: O,
    channels: BTreeMap<String, Channel>,
    limits: Limits,
    rounds: AtomicU64,
}

/// What one attempt makes of its row.
enum Verdict {
    Close(Fate),
    Again(Timestamp),
    /// Its peer says until then whether it arrived.
    Waits(Timestamp),
}

impl<O: Origin> Outbox<O> {
    /// An outbox over these channels, by route.
    pub fn new(
        store: Store,
        clock: Clock,
        origin: O,
        channels: BTreeMap<String, Channel>,
        limits: Limits,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            clock,
            origin,
            channels,
            limits,
            rounds: AtomicU64::new(0),
        })
    }

    /// The channels by route, for their health.
    #[must_use]
    pub fn channels(&self) -> &BTreeMap<String, Channel> {
        &self.channels
    }

    /// How often whoever carries has looked at what is due: a number that stands still although it is nudged belongs to
    /// a loop that hangs.
    #[must_use]
    pub fn rounds(&self) -> u64 {
        self.rounds.load(Ordering::SeqCst)
    }

    /// What is due was looked at.
    pub(super) fn looked(&self) {
        self.rounds.fetch_add(1, Ordering::SeqCst);
    }

    /// What a process held that is gone is due at once: nobody else can send it, and its lease would keep it from
    /// leaving for up to 15 seconds. Only for whoever has the store alone, before the first lease.
    ///
    /// # Errors
    /// The store's.
    pub async fn take_over(&self) -> Result<(), StoreError> {
        self.store.write(move |tx| tx.end_leases()).await
    }

    /// Leases what is due and has room beside what is in flight, pages first; what leaves together
    /// takes one place.
    pub(super) async fn lease(&self, flight: InFlight) -> Result<Vec<Parcel>, StoreError> {
        let (now, limits) = (self.clock.wall(), self.limits);
        let lease = move |tx: &mut dyn crate::store::Tx| {
            let mut flight = flight;
            let mut parcels = Vec::new();
            for lane in [Lane::Urgent, Lane::Ordinary] {
                let room = flight.room(limits, lane);
                let leased = tx.lease_deliveries(lane, now, room, LEASE_SECONDS)?;
                let leased = parcel::of(routes::in_turn(tx, leased, now)?);
                *flight.of(lane) += u32::try_from(leased.len()).unwrap_or(u32::MAX);
                parcels.extend(leased);
            }
            Ok(parcels)
        };
        if self.earliest(flight).await?.is_some_and(|due| due <= now) {
            return self.store.write_urgent(lease).await;
        }
        Ok(Vec::new())
    }

    /// When something can be leased next, in the lanes that have room, by our own clock.
    pub(super) async fn earliest(&self, flight: InFlight) -> Result<Option<Timestamp>, StoreError> {
        let (now, limits) = (self.clock.wall(), self.limits);
        let lanes = [Lane::Urgent, Lane::Ordinary].into_iter();
        let open: Vec<_> = lanes
            .filter(|lane| flight.room(limits, *lane) > 0)
            .collect();
        let look = move |view: &dyn crate::store::View| {
            let times = open.iter().map(|lane| view.earliest_delivery(*lane, now));
            let times = times.collect::<Result<Vec<_>, StoreError>>()?;
            Ok(times.into_iter().flatten().min())
        };
        self.store.read(look).await
    }

    /// Carries one parcel to an outcome. Left out is what is to be tried again without further ado,
    /// and what is somebody else's by now.
    pub(super) async fn carry(self: Arc<Self>, parcel: Parcel) -> Vec<Happened> {
        let first = parcel.leases.first().map(|lease| lease.row.notice);
        match self.attempt(parcel).await {
            Ok(happened) => happened,
            Err(StoreError::StaleFence) => {
                tracing::warn!(notice = ?first, "a delivery is another worker's by now, or its peer said before what came of it");
                Vec::new()
            }
            Err(error) => {
                tracing::error!(notice = ?first, %error, "the outcome of a delivery was not written; it is sent again");
                Vec::new()
            }
        }
    }

    async fn attempt(&self, parcel: Parcel) -> Result<Vec<Happened>, StoreError> {
        let mut happened = Vec::new();
        let mut going = Vec::new();
        for lease in parcel.leases {
            let row = &lease.row;
            if row.message == Message::Erased
                || self.arrived(row).await?
                || !self.origin.still_wanted(row).await
            {
                let fate = self.drop_row(row.notice, lease.fence).await?;
                happened.push(Happened::to(row, fate, false));
                continue;
            }
            if self.was_handed(row).await? {
                // Its peer never said whether it arrived; the other routes had their turn long ago.
                self.close_handed(row.notice, lease.fence).await?;
                continue;
            }
            match self.prepare(row).await {
                Err(outcome) => {
                    let now = self.clock.wall();
                    happened.extend(self.settle(&[lease], &outcome, now).await?);
                }
                Ok(ready) => going.push((lease, ready)),
            }
        }
        let Some((channel, message)) = together(&going) else {
            return Ok(happened);
        };
        let leases: Vec<Lease> = going.iter().map(|(lease, _)| lease.clone()).collect();
        let outcome = self.send(&leases, channel, &message).await?;
        let now = self.clock.wall();
        if channel.note(now, &outcome) {
            let broken = channel.health().is_broken();
            tracing::warn!(broken, "a channel changed");
        }
        happened.extend(self.settle(&leases, &outcome, now).await?);
        Ok(happened)
    }

    /// The channel and the part of the letter that may leave by it.
    async fn prepare(&self, row: &OutboxRow) -> Result<Ready<'_>, Outcome> {
        let rejected = |reason: &str| Outcome::Rejected {
            receipt: reason.to_owned(),
        };
        let channel = self
            .channels
            .get(&row.route)
            .ok_or_else(|| Outcome::Temporary {
                fault: Fault::Channel,
                reason: format!("no channel is set up for {}", row.route),
            })?;
        let bytes = match &row.message {
            Message::Plain(bytes) => Some(bytes.clone()),
            Message::Cipher(cipher) => self.origin.unseal(row, cipher).await,
            Message::Erased => None,
        };
        let bytes = bytes.ok_or_else(|| rejected("the frozen notice cannot be opened"))?;
        let letter = Letter::from_bytes(&bytes).map_err(|error| rejected(&error.to_string()))?;
        let (message, in_words) = match channel.fit(&letter) {
            Fit::Whole(message) => (message, true),
            Fit::Bare(message) => (message, false),
            Fit::Withheld(reason) => return Err(rejected(reason)),
        };
        let share = letter.share;
        Ok(Ready {
            channel,
            share: share.unwrap_or_else(|| Share::standing_for(&message)),
            message,
            in_words,
        })
    }

    /// One attempt, with the leases kept alive beside it.
    async fn send(
        &self,
        leases: &[Lease],
        channel: &Channel,
        message: &MailMessage,
    ) -> Result<Outcome, StoreError> {
        killpoint::pass(Point::BeforeSend);
        let mut answer = std::pin::pin!(channel.send(message, lane(leases), self.clock.wall()));
        let outcome = loop {
            tokio::select! {
                biased;
                outcome = &mut answer => break outcome,
                () = self.clock.rest(self.limits.renew_every) => {
                    // Any other trouble of the store: the peer's answer matters more, and the fence
                    // guards the outcome.
                    if let Err(StoreError::StaleFence) = self.renew(leases).await {
                        return Err(StoreError::StaleFence);
                    }
                }
            }
        };
        killpoint::pass(Point::AfterSend);
        Ok(outcome)
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), StoreError> {
        let leases = places(leases);
        let renew = move |tx: &mut dyn crate::store::Tx| {
            let mut leases = leases.iter();
            leases.try_for_each(|(notice, fence)| tx.renew(*notice, *fence, LEASE_SECONDS))
        };
        self.store.write_urgent(renew).await
    }

    /// Whether the person has it already by another route. Most pages are tried once: nothing is looked up for them.
    async fn arrived(&self, row: &OutboxRow) -> Result<bool, StoreError> {
        if row.attempts == 0 || row.lane == Lane::Ordinary {
            return Ok(false);
        }
        let row = row.clone();
        let look = move |view: &dyn crate::store::View| routes::arrived(view, &row);
        self.store.read(look).await
    }

    /// Whether the peer took it the last time, and was waited for since.
    async fn was_handed(&self, row: &OutboxRow) -> Result<bool, StoreError> {
        if row.attempts == 0 || row.lane == Lane::Ordinary {
            return Ok(false);
        }
        let notice = row.notice;
        let attempts = self.store.read(move |view| view.attempts(notice)).await?;
        let last = attempts.last();
        Ok(last.is_some_and(|last| last.outcome == AttemptOutcome::Sent))
    }

    async fn close_handed(&self, notice: NoticeId, fence: u64) -> Result<(), StoreError> {
        let attempt = Try {
            at: self.clock.wall(),
            outcome: AttemptOutcome::Sent,
            receipt: Some("nothing was heard of it since".to_owned()),
        };
        self.store
            .write_urgent(move |tx| tx.finish(notice, fence, &attempt))
            .await
    }

    async fn drop_row(&self, notice: NoticeId, fence: u64) -> Result<Fate, StoreError> {
        self.store
            .write_urgent(move |tx| tx.drop_delivery(notice, fence))
            .await?;
        Ok(Fate::Dropped)
    }

    /// Tells the origin what is final and writes the outcome of each.
    async fn settle(
        &self,
        leases: &[Lease],
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<Vec<Happened>, StoreError> {
        let rows: Vec<OutboxRow> = leases.iter().map(|lease| lease.row.clone()).collect();
        let taken_now = matches!(outcome, Outcome::Accepted { .. });
        let read = move |view: &dyn crate::store::View| {
            let one = |row: &OutboxRow| {
                let goes_on = routes::goes_on(view, row.notice)?;
                let arrived = !taken_now && routes::arrived_otherwise(view, row)?;
                Ok((view.attempts(row.notice)?, goes_on, arrived))
            };
            rows.iter().map(one).collect::<Result<Vec<_>, StoreError>>()
        };
        let earlier = self.store.read(read).await?;
        let mut happened = Vec::new();
        let mut verdicts = Vec::new();
        for (lease, (earlier, goes_on, arrived)) in leases.iter().zip(&earlier) {
            let verdict = verdict(lease.row.lane, earlier, outcome, now);
            // Whoever has it by another route is not out of reach.
            let fate = fate(lease.row.lane, earlier, &verdict).filter(|_| !arrived);
            happened.extend(fate.map(|fate| Happened::to(&lease.row, fate, *goes_on)));
            let failures = earlier.len() + 1;
            verdicts.push((lease.row.notice, lease.fence, verdict, failures, *goes_on));
        }
        let taken = taken(leases, outcome);
        for what in &happened {
            self.origin.happened(what).await;
        }
        let attempt = kept(outcome, now);
        let write = move |tx: &mut dyn crate::store::Tx| {
            for name in &taken {
                tx.put_setting(name, &now.as_microsecond().to_be_bytes())?;
            }
            let mut verdicts = verdicts.iter();
            verdicts.try_for_each(|(notice, fence, verdict, failures, goes_on)| {
                match verdict {
                    Verdict::Close(_) => tx.finish(*notice, *fence, &attempt)?,
                    Verdict::Again(at) | Verdict::Waits(at) => {
                        tx.reschedule(*notice, *fence, &attempt, *at)?;
                    }
                }
                match verdict {
                    Verdict::Close(Fate::Delivered(_)) if *goes_on => routes::call_off(tx, *notice),
                    Verdict::Waits(_) => Ok(()),
                    Verdict::Again(_) if *failures < STRUGGLING_AFTER as usize => Ok(()),
                    _ if *goes_on => tx.hasten(notice.by_next_route(), now).map(drop),
                    _ => Ok(()),
                }
            })
        };
        self.store.write_urgent(write).await?;
        Ok(happened)
    }
}

/// How long a peer that took a page may take to say whether it arrived.
fn handed_until(now: Timestamp) -> Option<Timestamp> {
    now.checked_add(HANDED).ok()
}

fn lane(leases: &[Lease]) -> Lane {
    let first = leases.first();
    first.map_or(Lane::Ordinary, |lease| lease.row.lane)
}

/// Whom a page reached by this, for the sheet to say when that was last.
fn taken(leases: &[Lease], outcome: &Outcome) -> BTreeSet<String> {
    // Another vendor says no more than that it took it.
    let took = |lease: &&Lease| match outcome {
        Outcome::Accepted { .. } => true,
        Outcome::Handed { .. } => is_forward(&lease.row.route),
        _ => false,
    };
    let pages = leases.iter().filter(|lease| lease.row.lane == Lane::Urgent);
    let pages = pages.filter(took);
    let named = pages.filter_map(|lease| {
        let person = lease.row.person.as_deref()?;
        Some(last_taken(person, &lease.row.route))
    });
    named.collect()
}

fn places(leases: &[Lease]) -> Vec<(NoticeId, u64)> {
    leases
        .iter()
        .map(|lease| (lease.row.notice, lease.fence))
        .collect()
}

/// What those who wrote it hear of a verdict, if anything.
fn fate(lane: Lane, earlier: &[Attempt], verdict: &Verdict) -> Option<Fate> {
    match verdict {
        Verdict::Close(fate) => Some(fate.clone()),
        Verdict::Waits(_) => None,
        Verdict::Again(_) => {
            let failures = u32::try_from(earlier.len())
                .unwrap_or(u32::MAX)
                .saturating_add(1);
            (lane == Lane::Urgent && failures == STRUGGLING_AFTER).then_some(Fate::Struggling)
        }
    }
}

fn verdict(lane: Lane, earlier: &[Attempt], outcome: &Outcome, now: Timestamp) -> Verdict {
    let fault = match outcome {
        Outcome::Accepted { receipt } => return Verdict::Close(Fate::Delivered(receipt.clone())),
        Outcome::Handed { receipt } => {
            return match (lane, handed_until(now)) {
                (Lane::Urgent, Some(until)) => Verdict::Waits(until),
                _ => Verdict::Close(Fate::Delivered(receipt.clone())),
            };
        }
        Outcome::Rejected { receipt } | Outcome::Closed { receipt } => {
            return Verdict::Close(Fate::Unreachable(receipt.clone()));
        }
        Outcome::Temporary { fault, .. } => *fault,
        // It may lie in the mailbox already: not so often as if the server were simply away.
        Outcome::Uncertain { .. } => Fault::Recipient,
    };
    let given_up = || {
        Verdict::Close(Fate::Unreachable(format!(
            "given up: {}",
            outcome.receipt()
        )))
    };
    // An attempt without a receipt is one during which this process died: however often that happens, no mail is lost by
    // it.
    let doubtful = |attempt: &&Attempt| {
        attempt.outcome == AttemptOutcome::Uncertain && attempt.receipt.is_some()
    };
    let earlier_doubts = earlier.iter().filter(doubtful);
    let doubts = earlier_doubts.count() + usize::from(matches!(outcome, Outcome::Uncertain { .. }));
    if lane == Lane::Ordinary && doubts >= UNCERTAIN_LIMIT {
        return given_up();
    }
    let first = earlier.first().map_or(now, |attempt| attempt.at);
    let attempts = u32::try_from(earlier.len())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    next_try(lane, attempts, fault, first, now).map_or_else(given_up, Verdict::Again)
}

fn kept(outcome: &Outcome, at: Timestamp) -> Try {
    let word = match outcome {
        Outcome::Accepted { .. } | Outcome::Handed { .. } => AttemptOutcome::Sent,
        Outcome::Rejected { .. } | Outcome::Closed { .. } | Outcome::Temporary { .. } => {
            AttemptOutcome::Failed
        }
        Outcome::Uncertain { .. } => AttemptOutcome::Uncertain,
    };
    Try {
        at,
        outcome: word,
        receipt: Some(outcome.receipt().to_owned()),
    }
}
