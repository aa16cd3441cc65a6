//! Notices become rows of the outbox, in the transaction of their cause. The words are
//! made by `report` and frozen here; nothing is sent.

use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use procedure::basis::Marking;
use procedure::chapters::intake::{Received, burst};
use procedure::{Case, Entry, Notice, Recipient, Telling};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::error::{DeskError, Result};
use super::take::Bench;
use super::ways::{self, Way};
use super::{Inner, forwarded, prompts, tried};
use crate::auth::link::{LinkClaims, Purpose};
use crate::report::letter::Bare;
use crate::report::letter::Letter;
use crate::report::message::MailMessage;
use crate::report::phone::{self, Answering};
use crate::report::push::Push;
use crate::report::{Links, Scene, bundle, mail, push, routes};
use crate::store::{
    AttemptOutcome, JournalId, Lane, Message, NoticeId, OutboxRow, OutboxState, Try,
};

/// The route that everybody has who is no person of a project.
pub const MAIL: &str = "mail";

/// Why something was not even tried. Never an address.
const NO_ADDRESS: &str = "no mail address is on file";

/// What is kept with what a drill would have told outside.
pub const WITHHELD: &str = "withheld: drill";

/// What is kept with what would have left, had its source not stood in shadow.
pub const NOT_SENT_SHADOW: &str = "not sent: shadow";

/// A link to take a case works for so long: as long as somebody might still be asked.
const ACT_HOURS: i64 = 24 * 7;

/// Writes a delivery for each notice that has an address. One that has none is kept as failed,
/// so that it shows.
pub(super) fn enqueue(bench: &mut Bench, entry: &Entry, notices: &[Notice]) -> Result<()> {
    for (n, notice) in (0_u32..).zip(notices) {
        let id = notice_id(bench.row.journal, entry.seq, n);
        let ways = ways::of(bench, notice)?;
        let shadow = bench.folded.case.part.intake.shadow;
        match ways.first() {
            way if shadow => would_leave(bench, entry, notice, id, way)?,
            Some(way) if is_withheld(bench, &notice.to) => withhold(bench, entry, notice, id, way)?,
            Some(_) => post(bench, entry, notice, id, &ways)?,
            None => fail(bench, entry, notice, id)?,
        }
    }
    Ok(())
}

/// Writes a delivery by each of these ways: the first leaves now, each other one when the one before it failed twice, or
/// nothing was heard of it for a while.
fn post(
    bench: &mut Bench,
    entry: &Entry,
    notice: &Notice,
    id: NoticeId,
    ways: &[Way],
) -> Result<()> {
    let turn = prompts::turn(bench, entry, notice)?;
    let mut rows = Vec::new();
    let (mut own, mut wait) = (id, SignedDuration::ZERO);
    for way in ways {
        let mut row = delivery(bench, entry, notice, (own, id), way)?;
        if let Some(turn) = turn.as_ref().filter(|_| !routes::is_forward(&way.route)) {
            (row.next_try, row.bundle) = (turn.at, Some(way.shares(turn.bundle)));
        }
        row.next_try = row.next_try.saturating_add(wait).unwrap_or(Timestamp::MAX);
        let tried = tried::before(bench, &row);
        rows.push((row, tried));
        own = own.by_next_route();
        wait += NoticeId::SILENCE;
    }
    let sent = |tried: &Try| tried.outcome == AttemptOutcome::Sent;
    // What another vendor took is in nobody's hand.
    let arrived = rows
        .iter()
        .any(|(row, tried)| !routes::is_forward(&row.route) && tried.iter().any(sent));
    for (row, tried) in rows {
        bench.posted |= match (arrived, tried.is_empty()) {
            (true, _) => tried::keep(bench.tx, row, tried, OutboxState::Dropped)?,
            (false, true) => bench.tx.enqueue(&row)?,
            (false, false) => tried::keep(bench.tx, row, tried, OutboxState::Queued)?,
        };
    }
    Ok(())
}

/// Nobody practises on people who do not know of it: what a drill tells to anybody outside the team is kept and shown,
/// and leaves only where the settings say so. See `docs/decisions/what-a-drill-sends.md`.
fn is_withheld(bench: &Bench, to: &Recipient) -> bool {
    let drill = bench.inner.site.drill || bench.folded.case.part.intake.drill;
    drill && !bench.inner.outside.load(Ordering::Relaxed) && !is_of_the_team(bench, to)
}

fn is_of_the_team(bench: &Bench, to: &Recipient) -> bool {
    let on_the_sheet = |person| bench.basis.project.member(person).is_some();
    match to {
        Recipient::Person(person) => on_the_sheet(person),
        Recipient::Pager => true,
        Recipient::Stakeholder(_) => false,
        Recipient::Reporter(n) => {
            match received(&bench.folded.case, *n).map(|received| &received.by) {
                Some(procedure::Who::Person(person)) => on_the_sheet(person),
                _ => false,
            }
        }
    }
}

/// Keeps the words as they would have left. To the procedure it counts as told: the drill goes on.
fn withhold(
    bench: &mut Bench,
    entry: &Entry,
    notice: &Notice,
    id: NoticeId,
    way: &Way,
) -> Result<()> {
    let row = delivery(bench, entry, notice, (id, id), way)?;
    let attempt = Try {
        at: bench.inner.clock.wall(),
        outcome: AttemptOutcome::Failed,
        receipt: Some(WITHHELD.to_owned()),
    };
    bench.tx.enqueue_closed(&row, &attempt)?;
    Ok(())
}

/// Keeps to whom and by which first way this would have left, without a word and as something dropped: it never waits, nothing
/// could be sent of it, and no count of what failed has it. The walk goes on from whom nothing reaches, as it would.
fn would_leave(
    bench: &mut Bench,
    entry: &Entry,
    notice: &Notice,
    id: NoticeId,
    way: Option<&Way>,
) -> Result<()> {
    if way.is_none() && !is_told(&bench.folded.case, &notice.to) {
        return Ok(());
    }
    let route = way.map_or(MAIL, |way| way.route.as_str());
    let receipt = way.map_or(NO_ADDRESS, |_| NOT_SENT_SHADOW);
    let row = row(bench, entry, notice, id, (route, Message::Erased))?;
    let attempt = Try {
        at: bench.inner.clock.wall(),
        outcome: AttemptOutcome::Failed,
        receipt: Some(receipt.to_owned()),
    };
    let known = bench.folded.case.part.calling.unreached.get(&notice.to);
    let new = bench.tx.delivery(id)?.is_none();
    if way.is_none()
        && new
        && (notice.page || known.is_none())
        && !bench.unreached.contains(&notice.to)
    {
        bench.unreached.push(notice.to.clone());
    }
    tried::keep(bench.tx, row, vec![attempt], OutboxState::Dropped).map(drop)
}

/// Keeps what can be told to nobody, with its reason, and lets the procedure hear of it: always
/// of a page, of the rest once. A reporter who left no way to be reached is not waiting for one.
fn fail(bench: &mut Bench, entry: &Entry, notice: &Notice, id: NoticeId) -> Result<()> {
    if !is_told(&bench.folded.case, &notice.to) {
        return Ok(());
    }
    let attempt = Try {
        at: bench.inner.clock.wall(),
        outcome: AttemptOutcome::Failed,
        receipt: Some(NO_ADDRESS.to_owned()),
    };
    let row = row(bench, entry, notice, id, (MAIL, Message::Erased))?;
    let known = bench.folded.case.part.calling.unreached.get(&notice.to);
    let new = bench.tx.enqueue_closed(&row, &attempt)?;
    if new && (notice.page || known.is_none()) && !bench.unreached.contains(&notice.to) {
        bench.unreached.push(notice.to.clone());
    }
    Ok(())
}

/// Whether a notice to them is kept also where it can leave by no way.
pub(super) fn is_told(case: &Case, to: &Recipient) -> bool {
    match to {
        Recipient::Reporter(n) => !received(case, *n).is_none_or(left_no_way),
        _ => true,
    }
}

pub(super) fn received(case: &Case, n: u32) -> Option<&Received> {
    let reports = &case.part.intake.reports;
    reports.get(usize::try_from(n).ok()?.checked_sub(1)?)
}

fn left_no_way(received: &Received) -> bool {
    received.report.contact.is_none() && !matches!(received.by, procedure::Who::Person(_))
}

/// The same on every machine: (journal, entry, place in its list of notices).
pub(super) fn notice_id(journal: JournalId, seq: u64, n: u32) -> NoticeId {
    let hash = Sha256::new()
        .chain_update(b"henhouse/notice/v1\0")
        .chain_update(journal.0.as_bytes())
        .chain_update(seq.to_be_bytes())
        .chain_update(n.to_be_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    NoticeId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// One delivery, with its words as they fit its way. `first` is the notice by its first way, whose link all of them have.
fn delivery(
    bench: &Bench,
    entry: &Entry,
    notice: &Notice,
    (id, first): (NoticeId, NoticeId),
    way: &Way,
) -> Result<OutboxRow> {
    let number = bench.row.number.to_string();
    let links = links(bench, notice, first)?;
    let head = bench.folded.chain.head().hash.to_string();
    let scene = Scene {
        number: &number,
        drill: bench.inner.site.drill || bench.folded.case.part.intake.drill,
        case: &bench.folded.case,
        basis: &bench.basis,
        directory: &bench.directory,
        entry,
        links: &links,
        head: &head,
    };
    let words = mail::words(&scene, notice);
    let all = format!("{}/", bench.inner.site.base_url);
    let shares = notice.bundle || matches!(notice.what, Telling::Prompt { .. });
    let share = bundle::share(&scene, notice, all);
    // Each case is an alert of its own there.
    let bundles = notice.bundle && !routes::is_forward(&way.route);
    let bundle = bundles.then(|| way.shares(bundle_of(bench, notice)));
    let about = matches!(notice.what, Telling::Page { .. }).then_some(share.words.as_str());
    let short = way.is_short().then(|| push::short(&words, about));
    let answering = Answering {
        by_key: links.act.is_some() && bench.inner.hears_answers(&way.route),
        link: match links.act {
            Some(_) => Some(bench.inner.short_link(first)),
            None => short.as_ref().and_then(|push| push.link.clone()),
        },
    };
    let (subject, text, link, bare) = match short {
        Some(push) => {
            let push = by_phone(push, &way.route, about, &answering);
            (push.title, push.text, push.link, push.bare)
        }
        None => (
            words.subject,
            bench.inner.signed(words.text),
            None,
            words.bare,
        ),
    };
    let restricted = bench.folded.case.part.secrecy.restricted && !notice.released;
    let letter = Letter {
        marking: notice.marking,
        restricted,
        mail: MailMessage {
            notice_id: id.to_string(),
            to: way.to.clone(),
            subject,
            text,
            html: None,
            thread: if routes::is_forward(&way.route) {
                forwarded::key(bench.row.journal, entry.seq)
            } else {
                bench.row.journal.0.simple().to_string()
            },
            in_reply_to: None,
            link,
            follow: None,
            date: entry.recorded_at,
        },
        bare: Some(bare),
        share: shares.then_some(share),
    };
    let bytes = letter.to_bytes().map_err(DeskError::bug)?;
    let message = if restricted || notice.marking == Marking::Red {
        bench.close(bytes)
    } else {
        Message::Plain(bytes)
    };
    let mut row = row(bench, entry, notice, id, (&way.route, message))?;
    row.bundle = bundle;
    Ok(row)
}

/// The short form as its channel has it: a telephone reads one segment, or hears it said.
fn by_phone(push: Push, route: &str, about: Option<&str>, answering: &Answering) -> Push {
    let say = |about: Option<&str>| match route {
        phone::SMS => Some(phone::sms(&push, about, answering)),
        phone::VOICE => Some(phone::spoken(&push, about, answering.by_key)),
        _ => None,
    };
    let Some((text, neutral)) = say(about).zip(say(None)) else {
        return push;
    };
    Push {
        text,
        link: None,
        bare: Bare {
            text: neutral,
            ..push.bare.clone()
        },
        ..push
    }
}

fn row(
    bench: &Bench,
    entry: &Entry,
    notice: &Notice,
    id: NoticeId,
    (route, message): (&str, Message),
) -> Result<OutboxRow> {
    let lane = if notice.page {
        Lane::Urgent
    } else {
        Lane::Ordinary
    };
    let cause = (bench.row.journal, entry.seq);
    let mut next_try = bench.inner.clock.wall();
    if notice.bundle {
        next_try = burst::leaves_at(&bench.basis.playbook, next_try);
    }
    let mut row = OutboxRow::queued(id, cause, route, lane, message, next_try);
    if let Recipient::Person(person) = &notice.to {
        row.person = Some(person.to_string());
    }
    row.recipient = Some(serde_json::to_string(&notice.to).map_err(DeskError::bug)?);
    Ok(row)
}

/// What leaves together to one reader: the same urgency, the same span of time.
fn bundle_of(bench: &Bench, notice: &Notice) -> Uuid {
    let leaves_at = burst::leaves_at(&bench.basis.playbook, bench.inner.clock.wall());
    let hash = Sha256::new()
        .chain_update(b"henhouse/bundle/v1\0")
        .chain_update(bench.row.project.0.as_bytes())
        .chain_update([u8::from(notice.page)])
        .chain_update(leaves_at.as_second().to_be_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl Bench<'_> {
    /// A restricted case's mail is frozen under the case's key.
    pub(super) fn close(&self, bytes: Vec<u8>) -> Message {
        Message::Cipher(self.key.close_message(&bytes, &self.inner.ids))
    }
}

fn links(bench: &Bench, notice: &Notice, id: NoticeId) -> Result<Links> {
    let base = &bench.inner.site.base_url;
    let journal = bench.row.journal;
    let receipt = match notice.to {
        Recipient::Reporter(n) => Some(format!(
            "{base}/receipt/{}",
            bench.inner.receipt_token(journal, n)?
        )),
        _ => None,
    };
    let act = match (&notice.to, &notice.what) {
        (Recipient::Person(person), Telling::Page { .. }) => {
            let expires = after_hours(bench.inner.clock.wall(), ACT_HOURS);
            let claims = LinkClaims {
                purpose: Purpose::Acknowledge,
                journal: journal.0,
                person: person.to_string(),
                notice: id.to_string(),
                expires,
            };
            // A page that carries no link is still a page: a report is never lost for it (R23).
            let token = bench.inner.links.encode(id.0, &claims).ok();
            token.map(|token| format!("{base}/ack/{token}"))
        }
        _ => None,
    };
    Ok(Links {
        case: format!("{base}/cases/{}", bench.row.number),
        suspicious: format!("{base}/suspicious"),
        receipt,
        act,
    })
}

impl Inner {
    /// Whether what is pressed or written back by this route is heard.
    pub(super) fn hears_answers(&self, route: &str) -> bool {
        let routes = self.answering.get();
        routes.is_some_and(|routes| routes.contains(route))
    }

    /// Leads to the link of this page.
    fn short_link(&self, notice: NoticeId) -> String {
        let name = self.links.short(notice.0);
        format!("{}/a/{name}", self.site.base_url)
    }

    /// The unguessable address under which a reporter follows report `n` of a case. The same each time.
    pub(super) fn receipt_token(&self, journal: JournalId, n: u32) -> Result<String> {
        let claims = LinkClaims {
            purpose: Purpose::Receipt,
            journal: journal.0,
            person: "reporter".to_owned(),
            notice: n.to_string(),
            expires: Timestamp::MAX,
        };
        self.links
            .encode(Uuid::nil(), &claims)
            .map_err(DeskError::bug)
    }
}

/// Until when the link of a page of that time works.
pub(super) fn acts_until(at: Timestamp) -> Timestamp {
    after_hours(at, ACT_HOURS)
}

fn after_hours(at: Timestamp, hours: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(hours))
        .unwrap_or(Timestamp::MAX)
}
