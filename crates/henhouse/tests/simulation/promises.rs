//! What the nodes promise, whatever happened to them. The numbers are those of the invariants in the architecture.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use henhouse::delivery::message::MailMessage;
use henhouse::desk::CaseView;
use henhouse::desk::{Desk, Onlooker, Press, Verified};
use henhouse::store::{
    Attempt, AttemptOutcome, JournalId, JournalKind, Lane, Message, NoticeId, OutboxRow,
    OutboxState, Store, StoreError, dump_index,
};
use jiff::SignedDuration;
use procedure::{Actor, Body, Case, Entry, How};
use sha2::{Digest, Sha256};

use super::scheduler::{Held, World};

fn hold(holds: bool, why: impl FnOnce() -> String) -> Held {
    if holds { Ok(()) } else { Err(why()) }
}

fn system() -> Onlooker {
    Onlooker {
        actor: Actor::system(),
        admin: false,
    }
}

/// Every journal of a kind.
pub fn journals(world: &World, kind: JournalKind) -> Result<Vec<JournalId>, String> {
    let rows = world.quietly(|running| running.store.read_inline(|view| view.journals(kind)));
    let rows = rows.map_err(|error: StoreError| error.to_string())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn rows(world: &World, case: JournalId) -> Result<Vec<OutboxRow>, String> {
    let rows = world.quietly(|running| running.store.read_inline(|view| view.deliveries_of(case)));
    rows.map_err(|error: StoreError| error.to_string())
}

/// After every act: nothing that was accepted is lost, nothing that counts once counts twice, no
/// page is forgotten, and what is cached is what a fresh fold says.
pub async fn always(world: &mut World) -> Held {
    // Nothing stands between the store and whoever looks.
    let faults = world.faults();
    faults.quiet(true);
    let held = looked_at(world).await;
    faults.quiet(false);
    held
}

async fn looked_at(world: &mut World) -> Held {
    let cases = journals(world, JournalKind::Case)?;
    let ledger = &world.ledger;
    let told = |waits: bool| {
        let taken = ledger.accepted.values();
        taken.filter(move |taken| taken.answers.iter().all(|told| told.waits == waits))
    };
    let least = ledger.accepted.len() - told(true).count();
    let most = ledger.accepted.len() + ledger.unanswered.len();
    hold((least..=most).contains(&cases.len()), || {
        format!("{} cases for {least} to {most} reports", cases.len())
    })?;
    let desk = world.up().desk.clone();
    for taken in world.ledger.accepted.values() {
        let Some(opened) = taken.answers.iter().find(|told| !told.waits) else {
            continue;
        };
        let number = opened
            .number
            .parse()
            .map_err(|_| "a number that is none".to_owned())?;
        let case = desk.case(&system(), &number).await;
        let case = case.map_err(|error| format!("{} is lost: {error:?}", opened.number))?;
        let first = &case.case.part.intake.reports[0].report;
        let same = taken.report["text"].as_str() == first.text.plain();
        hold(same, || format!("{} says {:?}", opened.number, first.text))?;
        pages(world, case.row.journal, &case.case).await?;
        let next = case.agenda(world.up().clock.now()).next_wake;
        let armed = next.is_none_or(|next| case.row.next_wake.is_some_and(|wake| wake <= next));
        hold(armed, || {
            format!(
                "{}: no wake at {next:?} but {:?} (4)",
                opened.number, case.row.next_wake
            )
        })?;
    }
    for case in cases {
        kept(world, case)?;
    }
    Ok(())
}

/// No entry is ever deleted or changed (7).
fn kept(world: &mut World, case: JournalId) -> Held {
    let seen = world.ledger.entries.remove(&case).unwrap_or_default();
    let last = seen.len().saturating_sub(1) as u64;
    let rows = world.quietly(|running| {
        running
            .store
            .read_inline(|view| view.entries(case, last, u32::MAX))
    });
    let rows = rows.map_err(|error: StoreError| error.to_string())?;
    let now = rows.first().map(|row| row.hash);
    hold(seen.last().is_none_or(|hash| Some(*hash) == now), || {
        format!("entry {} of {case} is not what it was (7)", last + 1)
    })?;
    let new = rows.iter().skip(usize::from(!seen.is_empty()));
    let now = world.now();
    let early = new.clone().find(|row| row.recorded_at > now);
    // Where a node is alone, and its clock was set back, its journals are ahead of it.
    hold(early.is_none() || !world.nodes.is_shared(), || {
        format!("entry {early:?} of {case} is from after {now}")
    })?;
    let hashes = seen
        .iter()
        .copied()
        .chain(new.map(|row| row.hash))
        .collect();
    world.ledger.entries.insert(case, hashes);
    Ok(())
}

/// Each call of the sheet is a page in the outbox, tried by now or dropped for a reason.
async fn pages(world: &World, journal: JournalId, case: &procedure::Case) -> Held {
    let rows = rows(world, journal)?;
    for call in &case.part.calling.calls {
        let page = rows.iter().find(|row| {
            row.seq == call.seq
                && row.lane == Lane::Urgent
                && row.person.as_deref() == Some(&call.person.0)
        });
        let Some(page) = page else {
            return Err(format!("no page for {call:?}"));
        };
        let waits = page.state == OutboxState::Queued && page.attempts == 0;
        // A node that has no store cannot try.
        let (now, calm_since) = world.told_time();
        let due = page.next_try + SignedDuration::from_secs(1) < calm_since.min(now);
        let calm = now.duration_since(calm_since) > SignedDuration::from_secs(30);
        hold(!(waits && due && calm), || {
            format!("a page waits and nobody tried: {page:?}")
        })?;
    }
    Ok(())
}

/// The index made anew is the live one; a new desk folds the same cases; nothing is damaged (5).
pub async fn index(world: &mut World) -> Held {
    let desk = world.nodes.looking_anew(world.up());
    let (store, _) = desk.store_and_clock();
    let faults = world.faults();
    faults.quiet(true);
    let held = rebuilt(&desk, &store).await;
    faults.quiet(false);
    held
}

async fn rebuilt(desk: &Desk, store: &Store) -> Held {
    let dump = || {
        let lines = store.read_inline(|view| dump_index(view));
        lines.map_err(|error: StoreError| error.to_string())
    };
    let live = dump()?;
    let rebuilt = desk.rebuild().await;
    rebuilt.map_err(|error| format!("rebuild: {error:?}"))?;
    let rebuilt = dump()?;
    let differs = || {
        let (live, rebuilt): (BTreeSet<_>, BTreeSet<_>) =
            (live.iter().collect(), rebuilt.iter().collect());
        let only = |a: &BTreeSet<&String>, b: &BTreeSet<&String>| {
            format!("{:#?}", a.difference(b).collect::<Vec<_>>())
        };
        format!(
            "live {}\nrebuilt {}",
            only(&live, &rebuilt),
            only(&rebuilt, &live)
        )
    };
    hold(live == rebuilt, differs)?;
    let checked = desk.verify(None).await.map_err(|error| error.to_string())?;
    hold(checked.verdict == Verified::Valid, || {
        format!("{checked:?}")
    })
}

/// When all troubles have ended: everything that was to be told is told, given up or pointless;
/// nothing was told twice that could be told once; time did everything once.
pub async fn at_the_end(world: &mut World) -> Held {
    index(world).await?;
    hold(
        world.ledger.accepted.len() == journals(world, JournalKind::Case)?.len(),
        || "each key is one case".into(),
    )?;
    receipts(world).await?;
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    let mails = world.nodes.peer.sent();
    for mail in &mails {
        *given.entry(mail.notice_id.clone()).or_default() += 1;
    }
    let mut notices = BTreeMap::new();
    for case in journals(world, JournalKind::Case)? {
        let (number, entries) = once(world, case).await?;
        for row in rows(world, case)? {
            caused(&row, &entries)?;
            notices.insert(row.notice.to_string(), (case, row.seq));
            if left_from_a_node(&row) {
                continue;
            }
            let times = given.get(&row.notice.to_string()).copied();
            if row.bundle.is_some() {
                bundled(world, &row, &number, &mails)?;
                once_where_it_can_be(world, &row, times.unwrap_or(0))?;
                continue;
            }
            delivered(world, &row, times.unwrap_or(0))?;
        }
    }
    secret(world, &notices, &mails)?;
    taps(world, &notices).await?;
    same_words(world, mails)
}

/// No notice without an entry (2).
fn caused(row: &OutboxRow, entries: &[Arc<Entry>]) -> Held {
    let caused = entries.iter().any(|entry| entry.seq == row.seq);
    hold(caused, || {
        format!("a notice of no entry: {} (2)", shown(row))
    })
}

/// Each receipt that anybody was given leads to the one case of its report (3), which says what was reported.
async fn receipts(world: &mut World) -> Held {
    let desk = world.up().desk.clone();
    let mut doubtful = BTreeSet::new();
    for (key, taken) in &world.ledger.accepted {
        let mut numbers = BTreeSet::new();
        for told in &taken.answers {
            let seen = desk.receipt(&told.receipt, None).await;
            let seen =
                seen.map_err(|error| format!("{key}: receipt {}: {error:?}", told.number))?;
            hold(!seen.waits, || {
                format!("{key}: {} waits still", told.number)
            })?;
            numbers.insert(seen.number);
        }
        hold(numbers.len() == 1, || format!("{key} is {numbers:?} (3)"))?;
        let number = numbers.first().and_then(|number| number.parse().ok());
        let number = number.ok_or_else(|| format!("{key} has no number"))?;
        let case = desk.case(&system(), &number).await;
        let case = case.map_err(|error| format!("{number} is lost: {error:?}"))?;
        let first = &case.case.part.intake.reports[0].report;
        let same = taken.report["text"].as_str() == first.text.plain();
        hold(same, || format!("{number} says {:?}", first.text))?;
        if taken.doubtful {
            doubtful.insert(case.row.journal);
        }
    }
    world.ledger.doubtful = doubtful;
    Ok(())
}

/// What is restricted is in nobody's mail from then on (8).
fn secret(
    world: &mut World,
    notices: &BTreeMap<String, (JournalId, u64)>,
    mails: &[MailMessage],
) -> Held {
    let mut since = BTreeMap::new();
    for case in journals(world, JournalKind::Case)? {
        let rows = world.quietly(|running| {
            running
                .store
                .read_inline(|view| view.entries(case, 0, u32::MAX))
        });
        let rows = rows.map_err(|error: StoreError| error.to_string())?;
        since.extend(
            rows.iter()
                .find(|row| row.kind == "restricted")
                .map(|row| (case, row.seq)),
        );
    }
    for mail in mails {
        let says = |text: &str| mail.text.contains(text) || mail.subject.contains(text);
        for taken in world.ledger.accepted.values() {
            let text = taken.report["text"].as_str().unwrap_or_default();
            let secret = taken.report["restricted"] == true;
            hold(!(secret && says(text)), || {
                format!("a mail says {text} (8)")
            })?;
        }
        let Some((case, seq)) = notices.get(&mail.notice_id) else {
            continue;
        };
        if since.get(case).is_some_and(|since| seq >= since) {
            world.reach("somebody was told of a restricted case");
            hold(!says("The fox again") && !says("Slow, k"), || {
                format!("a mail says {} (8)", mail.text)
            })?;
        }
    }
    Ok(())
}

/// "I have it" was not lost once it was taken or noted: whoever pressed it has had the case since, or somebody else had it
/// before it could be carried out, or it was over.
async fn taps(world: &World, notices: &BTreeMap<String, (JournalId, u64)>) -> Held {
    for running in world.programs.iter().flatten() {
        let waiting = running.desk.away_figures().waiting;
        hold(waiting == 0, || format!("{waiting} wait on a disk still"))?;
    }
    for tap in &world.ledger.taps {
        let Some((case, _)) = notices
            .get(&tap.notice)
            .filter(|_| tap.press == Press::Take)
        else {
            continue;
        };
        let row = tap.notice.parse().map(NoticeId).map_err(|_| "no id")?;
        let row = world.quietly(|running| running.store.read_inline(|view| view.delivery(row)));
        let row = row.map_err(|error: StoreError| error.to_string())?;
        let whose = row.and_then(|row| row.person);
        let desk = &world.up().desk;
        let (case, view) = look(world, desk, *case).await?;
        let entries = desk.entries(&view, 0, 10_000).await;
        let entries = entries.map_err(|error| error.to_string())?;
        let second = SignedDuration::from_secs(1);
        let pressed = entries.iter().any(|entry| {
            let who = entry.actor.as_person().map(|person| &*person.0);
            let by_link = entry.actor.how == How::SignedLink && who == whose.as_deref();
            by_link && entry.recorded_at + second >= tap.at
        });
        let mut intervals = case.part.commander.intervals.iter();
        let taken = intervals.any(|interval| interval.from <= tap.by);
        let over = entries.iter().any(|entry| {
            entry.recorded_at <= tap.by && ["false_alarm", "closed"].contains(&entry.body.kind())
        });
        hold(pressed || taken || over, || {
            format!("a tap of {whose:?} is lost: {tap:?}")
        })?;
    }
    Ok(())
}

async fn look(
    world: &World,
    desk: &Desk,
    journal: JournalId,
) -> Result<(Arc<Case>, CaseView), String> {
    let row = world.quietly(|running| running.store.read_inline(|view| view.case(journal)));
    let row = row
        .map_err(|error: StoreError| error.to_string())?
        .ok_or("no row")?;
    let view = desk.case(&system(), &row.number).await;
    let view = view.map_err(|error| error.to_string())?;
    Ok((Arc::clone(&view.case), view))
}

/// Whoever looked at the case before sees what somebody sees who looks for the first time, on whichever node, and that
/// is what its entries say (5); and they are asked for the same (6).
async fn seen_the_same(
    world: &World,
    journal: JournalId,
) -> Result<(String, Vec<Arc<Entry>>), String> {
    let mut seen = Vec::new();
    let now = world.up().clock.now();
    let anew = world.nodes.looking_anew(world.up());
    let running = world
        .programs
        .iter()
        .flatten()
        .map(|running| running.desk.clone());
    for desk in std::iter::once(anew).chain(running) {
        let (case, view) = look(world, &desk, journal).await?;
        let entries = desk.entries(&view, 0, 10_000).await;
        let entries = entries.map_err(|error| error.to_string())?;
        let number = view.row.number.to_string();
        seen.push((number, case, entries, view.agenda(now)));
    }
    let first = seen.swap_remove(0);
    hold(seen.iter().all(|other| *other == first), || {
        "a cached case is not what its journal says (5, 6)".into()
    })?;
    let (number, case, entries, _) = first;
    let folded = procedure::fold(entries.iter().map(Arc::as_ref));
    hold(folded == *case, || {
        "a case is not what its entries say (5)".into()
    })?;
    commanded(&case)?;
    Ok((number, entries))
}

/// Exactly one Incident Commander at every instant (1).
fn commanded(case: &Case) -> Held {
    let intervals = &case.part.commander.intervals;
    for pair in intervals.windows(2) {
        let ended = pair[0].until.is_some_and(|until| until <= pair[1].from);
        hold(ended, || format!("two at once: {pair:?} (1)"))?;
    }
    let open = intervals
        .iter()
        .filter(|interval| interval.until.is_none())
        .count();
    let wanted = usize::from(!intervals.is_empty() && !case.is_over());
    hold(open == wanted || case.is_over() && open <= 1, || {
        format!("{open} in command: {intervals:?} (1)")
    })
}

/// Entries that time made are unique by what they are about, and never early.
async fn once(world: &World, journal: JournalId) -> Result<(String, Vec<Arc<Entry>>), String> {
    let (number, entries) = seen_the_same(world, journal).await?;
    let mut seen = BTreeSet::new();
    for entry in &entries {
        let (key, due) = match &entry.body {
            Body::Prompted(prompted) => {
                let key = format!("{} {}", prompted.key, prompted.occurrence);
                (key, Some(prompted.due_at))
            }
            Body::Called(called) => (format!("{called:?}"), Some(called.due_at)),
            Body::RoundEnded(ended) => (format!("{ended:?}"), None),
            Body::WentSilent(silent) => (format!("{silent:?}"), None),
            _ => continue,
        };
        hold(seen.insert(key), || format!("time did it twice: {entry:?}"))?;
        hold(due.is_none_or(|due| due <= entry.recorded_at), || {
            format!("too early: {entry:?}")
        })?;
    }
    Ok((number, entries))
}

/// A delivery without its words.
fn shown(row: &OutboxRow) -> String {
    let OutboxRow {
        notice,
        journal,
        seq,
        person,
        lane,
        state,
        attempts,
        next_try,
        lease_until,
        fence,
        ..
    } = row;
    format!(
        "{notice} of {journal} {seq} to {person:?} {lane:?} {state:?} {attempts} {next_try} {lease_until:?} {fence}"
    )
}

fn ended(row: &OutboxRow) -> bool {
    matches!(
        row.state,
        OutboxState::Done | OutboxState::Dropped | OutboxState::Failed
    )
}

/// What was sent together named each of them (M24).
fn bundled(world: &mut World, row: &OutboxRow, number: &str, mails: &[MailMessage]) -> Held {
    world.reach("pages were shared");
    // What came in the last minute leaves at its end.
    let waits = row.next_try > world.up().clock.wall();
    hold(ended(row) || waits, || {
        format!("still to be sent: {}", shown(row))
    })?;
    let names = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
        words.any(|word| word == number)
    };
    let mut sent = mails.iter();
    let named = sent.any(|mail| names(&mail.text) || names(&mail.subject));
    hold(named || row.state != OutboxState::Done, || {
        format!("no page names {number}: {}", shown(row))
    })
}

/// Whether it says only what left from a node without its store, for a step that the store does not know. It is told under
/// an id of its own.
fn left_from_a_node(row: &OutboxRow) -> bool {
    row.message == Message::Erased && row.seq == 1
}

/// The id under which that is told.
fn left_as(notice: NoticeId) -> NoticeId {
    let hash = Sha256::new()
        .chain_update(b"henhouse/left-from-a-node/v1\0")
        .chain_update(notice.0.as_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    NoticeId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// The attempts that are told of a delivery; and of a page of the same id that a node sent by itself, for a step that the store
/// does not know.
fn attempts_of(world: &World, notice: NoticeId) -> Result<(Vec<Attempt>, Vec<Attempt>), String> {
    let ids = [notice, left_as(notice)];
    let [told, left] =
        ids.map(|id| world.quietly(|running| running.store.read_inline(|view| view.attempts(id))));
    let error = |error: StoreError| error.to_string();
    Ok((told.map_err(error)?, left.map_err(error)?))
}

fn delivered(world: &mut World, row: &OutboxRow, given: usize) -> Held {
    let (attempts, left) = attempts_of(world, row.notice)?;
    hold(ended(row), || {
        format!("still to be sent: {} {attempts:?}", shown(row))
    })?;
    match row.state {
        OutboxState::Failed => world.reach("a delivery was given up"),
        OutboxState::Dropped => world.reach("a pointless page was dropped"),
        _ => {}
    }
    let sent = attempts
        .iter()
        .filter(|attempt| attempt.outcome == AttemptOutcome::Sent)
        .count();
    hold((sent == 1) == (row.state == OutboxState::Done), || {
        format!("{} {attempts:?}", shown(row))
    })?;
    hold(given >= 1 || row.state != OutboxState::Done, || {
        format!("done and never sent: {}", shown(row))
    })?;
    let excused = once_where_it_can_be(world, row, given)?;
    hold(excused || given == attempts.len() + left.len(), || {
        format!(
            "the peer got it {given} times: {} {attempts:?}, {left:?}",
            shown(row)
        )
    })
}

/// A peer got a mail no oftener than is written, unless it was disturbed; whether it was.
fn once_where_it_can_be(world: &mut World, row: &OutboxRow, given: usize) -> Result<bool, String> {
    let notice = row.notice;
    let (mut attempts, left) = attempts_of(world, notice)?;
    if !left.is_empty() {
        world.reach("a node called further than the store knew");
    }
    attempts.extend(left);
    let uncertain = attempts
        .iter()
        .any(|attempt| attempt.outcome == AttemptOutcome::Uncertain);
    if given > attempts.len() || uncertain {
        world.reach("a mail was sent twice under one id");
    }
    let ids = [Some(notice.0), row.bundle].into_iter().flatten();
    let mut ids = ids.flat_map(|id| [id.to_string(), id.simple().to_string()]);
    let disturbed = ids.any(|id| world.excused.contains(&id)) || beside(world, row);
    // A lease that ran out leaves an attempt of which nobody said anything.
    let told = attempts.iter().filter(|attempt| {
        attempt.outcome != AttemptOutcome::Uncertain || attempt.receipt.is_some()
    });
    let told = told.count();
    hold(disturbed || given <= told, || {
        format!(
            "the peer got it {given} times, of which {told} are told: {} {attempts:?}",
            shown(row)
        )
    })?;
    Ok(uncertain || disturbed)
}

/// Whether it left from a node without its store and may leave again, under its id: where the case was committed without
/// an answer, so that the store called too.
fn beside(world: &World, row: &OutboxRow) -> bool {
    let left = world.ledger.beside.contains(&row.notice.to_string());
    left && world.ledger.doubtful.contains(&row.journal)
}

/// A retry says the same, under the same id; or, of a case that was restricted meanwhile, nothing.
fn same_words(world: &World, mails: Vec<MailMessage>) -> Held {
    let mut first = BTreeMap::new();
    for mail in mails {
        let before = first
            .entry(mail.notice_id.clone())
            .or_insert_with(|| mail.clone());
        let nothing = mail.text.contains("not said here on purpose");
        // Without its store a node has no number for a case but that of the receipt.
        let beside = world.ledger.beside.contains(&mail.notice_id);
        hold(*before == mail || nothing || beside, || {
            format!("said differently: {before:?} and {mail:?}")
        })?;
        *before = mail;
    }
    Ok(())
}
