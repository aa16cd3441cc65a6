//! The desk: where a command becomes entries. The only caller of `decide`, the only writer.
//!
//! A command is decided inside the writer's transaction with the head of the journal in
//! hand; its entries, the index over them and the notices they cause are written in that
//! same transaction, or none of them is. Nothing here knows the web, SQL or a channel.

mod accounts;
mod ack;
mod alerts;
mod answers;
mod attach;
mod audit;
mod away;
mod bell;
mod break_glass;
mod broken_channel;
mod calendar;
mod cases;
mod contacts;
mod damage;
mod devices;
mod drill;
mod entrances;
mod error;
mod exhibits;
mod factors;
mod fetched;
mod figures;
mod followed;
mod former_addresses;
mod forwarded;
mod gaps;
mod index;
mod installation;
mod journal;
mod late_backup;
mod mailbox;
mod moved;
mod notify;
mod now;
mod open;
mod organisation;
mod outgoing;
mod own_contact;
mod own_password;
mod passkeys;
mod phone;
mod projects;
mod prompts;
mod pulse;
mod react;
mod reading;
mod rebuild;
mod receipt;
mod review;
mod salvage;
mod sessions;
mod status;
mod surroundings;
mod take;
mod tested;
mod tried;
mod verify;
mod views;
mod ways;

#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tokio::sync::{Notify, broadcast};

use crate::auth::link::LinkKey;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::store::Store;
use crate::vault::{Exhibits, RootKey};

pub use accounts::{AccountChange, token_id};
pub use ack::{Answered, Called, Noted, Press, Stands};
/// Sources in shadow.
pub mod shadow {
    pub use super::alerts::{
        Because, Compared, InShadow, TheirCall, Theirs, Verdict, WouldCall, compare,
    };
}
pub use alerts::{
    Alert, Beat, By, Foreseen, KnownAlert, Member, NewSource, Received, Room, SaidOfAlert, Sending,
    Sent, Would, gravity_word,
};
pub use answers::OneUse;
pub use attach::{Arrived, ByMail, Place};
pub use audit::Lag;
pub use away::{AwayFigures, Joining, has_copy};
pub use bell::Bell;
pub use break_glass::BREAK_GLASS;
pub(crate) use break_glass::only_by_its_halves;
pub use calendar::{OwnDuty, OwnShift};
pub use contacts::{is_route_name, wrong_contact, wrong_mail, wrong_phone};
pub use drill::{FASTEST, begin_clock};
pub use entrances::{Brings, Entrance, Lacks};
pub use error::{DeskError, Result};
pub use exhibits::OpenExhibit;
pub use factors::{Code, FactorNews, Passed};
pub use figures::{Counted, Tally};
pub use followed::Look;
pub use notify::{MAIL, NOT_SENT_SHADOW, WITHHELD};
pub use now::{Asked, Board, OpenCase};
pub use open::{OpenReport, Opened};
pub use own_contact::OwnContact;
pub use own_password::Asking;
pub use passkeys::passkey_id;
pub use phone::{PhonePage, Rang};
pub(crate) use reading::NEWEST;
pub use rebuild::Rebuilt;
pub use receipt::{ReceiptView, Walk};
pub use review::{
    About, Alike, Became, Gathered, Like, QueueMail, QueuedMail, Review, Waits, Warning,
};
pub use sessions::session_id;
pub use status::{Seen, Sight};
pub use take::{Answer, Told};
pub use tested::{ANSWERED, Came, Tested};
pub(crate) use verify::hash_of;
pub use verify::{Checked, Verified};
pub use views::{CaseView, Onlooker};

/// What the desk gives and takes, so that nobody above it names the store.
pub use crate::store::{
    Account, Attempt, CaseFilter, CaseNumber, CaseOrder, CasePage, CaseRow, Cursor, JournalId,
    Lane, OutboxRow, ProjectRow, SearchAnswer, SearchHit, SessionRow, StoreError, Title, TokenRow,
};

/// What an installation is to the people who use it.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where its pages are, without a slash at the end.
    pub base_url: String,
    /// A drill: everything is marked, nothing counts.
    pub drill: bool,
    /// Letters of the case numbers of a new project.
    pub prefix: String,
}

/// A journal has grown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub journal: JournalId,
    /// To this entry.
    pub seq: u64,
}

/// The desk. Clones share it.
#[derive(Clone)]
pub struct Desk {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) root: RootKey,
    pub(crate) links: LinkKey,
    /// Mail leaves, so that people can be asked by it.
    mail: std::sync::atomic::AtomicBool,
    /// The routes that the settings set up.
    routes: OnceLock<std::collections::BTreeSet<String>>,
    /// The push services that are written to, where anything is pushed.
    pushes: OnceLock<crate::devices::Hosts>,
    /// The routes by which answers come back.
    answering: OnceLock<std::collections::BTreeSet<String>>,
    /// A drill may write to people outside the team.
    outside: std::sync::atomic::AtomicBool,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) site: Site,
    writing: cases::Writing,
    reading: reading::Reading,
    known: projects::Known,
    ailing: pulse::Ailing,
    /// Patterns of alert rules and routes.
    patterns: crate::pattern::Patterns,
    damage: damage::Damage,
    auditor: audit::Auditor,
    changes: broadcast::Sender<Change>,
    outbox_nudge: Arc<Notify>,
    waker_bell: Arc<Bell>,
    sweep: Arc<Notify>,
    surroundings: surroundings::Surroundings,
    sights: status::KeptSights,
    organisation: organisation::Known,
    away: OnceLock<away::Away>,
    review: review::Kept,
    exhibits: OnceLock<Exhibits>,
    alerts: alerts::Turns,
}

/// A live page that reads slower than this many changes is told to look anew.
const CHANGES_KEPT: usize = 1_024;

impl Desk {
    /// A desk over a store, with the keys of its data directory.
    #[must_use]
    pub fn new(store: Store, root: RootKey, clock: Clock, ids: Ids, site: Site) -> Self {
        let links = LinkKey::derive(&root);
        let inner = Inner {
            store,
            root,
            links,
            mail: std::sync::atomic::AtomicBool::new(false),
            routes: OnceLock::new(),
            pushes: OnceLock::new(),
            answering: OnceLock::new(),
            outside: std::sync::atomic::AtomicBool::new(false),
            clock,
            ids,
            site,
            writing: cases::Writing::default(),
            reading: reading::Reading::default(),
            known: projects::Known::default(),
            ailing: pulse::Ailing::default(),
            patterns: crate::pattern::Patterns::default(),
            damage: damage::Damage::default(),
            auditor: audit::Auditor::default(),
            changes: broadcast::channel(CHANGES_KEPT).0,
            outbox_nudge: Arc::new(Notify::new()),
            waker_bell: Arc::default(),
            sweep: Arc::new(Notify::new()),
            surroundings: surroundings::Surroundings::default(),
            sights: status::KeptSights::default(),
            organisation: organisation::Known::default(),
            away: OnceLock::new(),
            review: review::Kept::default(),
            exhibits: OnceLock::new(),
            alerts: alerts::Turns::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Case time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The installation's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// What delivery works on.
    #[must_use]
    pub fn store_and_clock(&self) -> (Store, Clock) {
        (self.inner.store.clone(), self.inner.clock.clone())
    }

    /// The installation's source of chance.
    #[must_use]
    pub fn ids(&self) -> Ids {
        self.inner.ids.clone()
    }

    /// What this installation is to people.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.inner.site
    }

    /// What keeps the rows.
    #[must_use]
    pub fn backend(&self) -> &'static str {
        self.inner.store.backend()
    }

    /// Counts of what the store did since the start: name, what it counts, count.
    #[must_use]
    pub fn figures(&self) -> [(&'static str, &'static str, u64); 3] {
        let figures = self.inner.store.figures();
        [
            ("store_commits", "Commits that succeeded", figures.commits()),
            (
                "store_failed",
                "Batches that could not be committed",
                figures.failed(),
            ),
            (
                "store_writes",
                "Writes, refused ones included",
                figures.jobs(),
            ),
        ]
    }

    /// Hears from now on what other nodes write, as if it were written here.
    ///
    /// # Errors
    /// The store's.
    pub fn follow_others(&self) -> Result<()> {
        let inner = Arc::downgrade(&self.inner);
        Ok(self.inner.store.follow(move |news| {
            let Some(inner) = inner.upgrade() else { return };
            if let Some((journal, seq)) = news {
                let _ = inner.changes.send(Change { journal, seq });
            }
            inner.outbox_nudge.notify_one();
            // What it owes now is not said: earlier than everything.
            inner.waker_bell.due(Some(Timestamp::MIN));
            inner.sweep.notify_one();
        })?)
    }

    /// Tells of every change from now on.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.changes.subscribe()
    }

    /// Rings when something was put into the outbox.
    #[must_use]
    pub fn outbox_nudge(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.outbox_nudge)
    }

    /// Rings when the bytes of an exhibit are to be destroyed.
    #[must_use]
    pub fn sweep_nudge(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.sweep)
    }

    /// Rings when some case is owed something earlier than was known.
    #[must_use]
    pub fn waker_bell(&self) -> Arc<Bell> {
        Arc::clone(&self.inner.waker_bell)
    }
}
