//! What the node promises, whatever happened to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use henhouse::desk::{Onlooker, Verified};
use henhouse::store::{
    AttemptOutcome, CaseNumber, JournalId, JournalKind, Lane, OutboxRow, OutboxState, StoreError,
    dump_index,
};
use procedure::{Actor, Body, Entry};

use super::node::Running;
use super::scheduler::World;

type Held = Result<(), String>;

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
pub fn journals(running: &Running, kind: JournalKind) -> Result<Vec<JournalId>, String> {
    let rows = running.store.read_inline(|view| view.journals(kind));
    let rows = rows.map_err(|error: StoreError| error.to_string())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn rows(running: &Running, case: JournalId) -> Result<Vec<OutboxRow>, String> {
    let rows = running.store.read_inline(|view| view.deliveries_of(case));
    rows.map_err(|error: StoreError| error.to_string())
}

/// After every act: nothing that was accepted is lost, nothing that counts once counts twice, no
/// page is forgotten, and what is cached is what a fresh fold says.
pub async fn always(world: &mut World) -> Held {
    let cases = journals(world.up(), JournalKind::Case)?;
    let (least, most) = (
        world.accepted.len(),
        world.accepted.len() + world.unanswered.len(),
    );
    hold((least..=most).contains(&cases.len()), || {
        format!("{} cases for {least} to {most} reports", cases.len())
    })?;
    for (report, opened) in world.accepted.values() {
        let number = opened
            .number
            .parse()
            .map_err(|_| "a number that is none".to_owned())?;
        let case = world.up().desk.case(&system(), &number).await;
        let case = case.map_err(|error| format!("{} is lost: {error:?}", opened.number))?;
        let first = &case.case.part.intake.reports[0].report;
        let same = report["text"].as_str() == first.text.plain();
        hold(same, || format!("{} says {:?}", opened.number, first.text))?;
        pages(world, case.row.journal, &case.case).await?;
    }
    Ok(())
}

/// Each call of the sheet is a page in the outbox, tried by now or dropped for a reason.
async fn pages(world: &World, journal: JournalId, case: &procedure::Case) -> Held {
    let rows = rows(world.up(), journal)?;
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
        hold(!waits || page.next_try > world.node.clock.wall(), || {
            format!("a page waits and nobody tried: {page:?}")
        })?;
    }
    Ok(())
}

/// The index made anew is the live one; a new desk folds the same cases; nothing is damaged.
pub async fn index(world: &mut World) -> Held {
    world.up().store.fault().clear();
    let dump = |running: &Running| {
        let lines = running.store.read_inline(|view| dump_index(view));
        lines.map_err(|error: StoreError| error.to_string())
    };
    let live = dump(world.up())?;
    world
        .up()
        .desk
        .rebuild()
        .await
        .map_err(|error| format!("rebuild: {error:?}"))?;
    let rebuilt = dump(world.up())?;
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
    let checked = world
        .up()
        .desk
        .verify(None)
        .await
        .map_err(|error| error.to_string())?;
    hold(checked.verdict == Verified::Valid, || {
        format!("{checked:?}")
    })
}

/// When all troubles have ended: everything that was to be told is told, given up or pointless;
/// nothing was told twice that could be told once; time did everything once.
pub async fn at_the_end(world: &mut World) -> Held {
    index(world).await?;
    hold(
        world.accepted.len() == journals(world.up(), JournalKind::Case)?.len(),
        || "each key is one case".into(),
    )?;
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    for mail in world.node.peer.sent() {
        *given.entry(mail.notice_id).or_default() += 1;
    }
    for case in journals(world.up(), JournalKind::Case)? {
        let number = once(world, case).await?;
        for row in rows(world.up(), case)? {
            let times = given.get(&row.notice.to_string()).copied();
            if row.bundle.is_some() {
                bundled(world, &row, &number)?;
                once_where_it_can_be(world, &row, times.unwrap_or(0))?;
                continue;
            }
            delivered(world, &row, times.unwrap_or(0))?;
        }
    }
    same_words(world)
}

/// Whoever looked at the case before sees what somebody sees who looks for the first time, and that
/// is what its entries say.
async fn seen_the_same(world: &World, number: &CaseNumber) -> Result<Vec<Arc<Entry>>, String> {
    let mut seen = Vec::new();
    let anew = world.node.looking_anew(&world.up().store);
    for desk in [&anew, &world.up().desk] {
        let view = desk.case(&system(), number).await;
        let view = view.map_err(|error| error.to_string())?;
        let entries = desk.entries(&view, 0, 10_000).await;
        seen.push((view.case, entries.map_err(|error| error.to_string())?));
    }
    hold(seen[0] == seen[1], || {
        "a cached case is not what its journal says".into()
    })?;
    let (case, entries) = seen.swap_remove(0);
    let folded = procedure::fold(entries.iter().map(Arc::as_ref));
    hold(folded == *case, || {
        "a case is not what its entries say".into()
    })?;
    Ok(entries)
}

/// Entries that time made are unique by what they are about.
async fn once(world: &World, journal: JournalId) -> Result<String, String> {
    let row = world.up().store.read_inline(|view| view.case(journal));
    let row = row
        .map_err(|error: StoreError| error.to_string())?
        .ok_or("no row")?;
    let entries = seen_the_same(world, &row.number).await?;
    let mut seen = BTreeSet::new();
    for entry in &entries {
        let key = match &entry.body {
            Body::Prompted(prompted) => format!("{} {}", prompted.key, prompted.occurrence),
            Body::Called(called) => format!("{called:?}"),
            Body::RoundEnded(ended) => format!("{ended:?}"),
            Body::WentSilent(silent) => format!("{silent:?}"),
            _ => continue,
        };
        hold(seen.insert(key), || format!("time did it twice: {entry:?}"))?;
    }
    Ok(row.number.to_string())
}

fn ended(row: &OutboxRow) -> bool {
    matches!(
        row.state,
        OutboxState::Done | OutboxState::Dropped | OutboxState::Failed
    )
}

/// What was sent together named each of them (M24).
fn bundled(world: &mut World, row: &OutboxRow, number: &str) -> Held {
    world.reach("pages were shared");
    // What came in the last minute leaves at its end.
    let waits = row.next_try > world.node.clock.wall();
    hold(ended(row) || waits, || format!("still to be sent: {row:?}"))?;
    let names = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
        words.any(|word| word == number)
    };
    let mut sent = world.node.peer.sent().into_iter();
    let named = sent.any(|mail| names(&mail.text) || names(&mail.subject));
    hold(named || row.state != OutboxState::Done, || {
        format!("no page names {number}: {row:?}")
    })
}

fn delivered(world: &mut World, row: &OutboxRow, given: usize) -> Held {
    let notice = row.notice;
    let attempts = world.up().store.read_inline(|view| view.attempts(notice));
    let attempts = attempts.map_err(|error: StoreError| error.to_string())?;
    hold(ended(row), || {
        format!("still to be sent: {row:?} {attempts:?}")
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
        format!("{row:?} {attempts:?}")
    })?;
    hold(given >= 1 || row.state != OutboxState::Done, || {
        format!("done and never sent: {row:?}")
    })?;
    let excused = once_where_it_can_be(world, row, given)?;
    hold(excused || given == attempts.len(), || {
        format!("the peer got it {given} times: {row:?} {attempts:?}")
    })
}

/// A peer got a mail no oftener than is written, unless it was disturbed; whether it was.
fn once_where_it_can_be(world: &mut World, row: &OutboxRow, given: usize) -> Result<bool, String> {
    let notice = row.notice;
    let attempts = world.up().store.read_inline(|view| view.attempts(notice));
    let attempts = attempts.map_err(|error: StoreError| error.to_string())?;
    let uncertain = attempts
        .iter()
        .any(|attempt| attempt.outcome == AttemptOutcome::Uncertain);
    if given > attempts.len() || uncertain {
        world.reach("a mail was sent twice under one id");
    }
    let ids = [Some(notice.0), row.bundle].into_iter().flatten();
    let mut ids = ids.flat_map(|id| [id.to_string(), id.simple().to_string()]);
    let disturbed = ids.any(|id| world.excused.contains(&id));
    // A lease that ran out leaves an attempt of which nobody said anything.
    let told = attempts.iter().filter(|attempt| {
        attempt.outcome != AttemptOutcome::Uncertain || attempt.receipt.is_some()
    });
    let told = told.count();
    hold(disturbed || given <= told, || {
        format!("the peer got it {given} times, of which {told} are told: {row:?} {attempts:?}")
    })?;
    let excused = uncertain || disturbed;
    Ok(excused)
}

/// A retry says the same, under the same id.
fn same_words(world: &World) -> Held {
    let mut first = BTreeMap::new();
    for mail in world.node.peer.sent() {
        let before = first
            .entry(mail.notice_id.clone())
            .or_insert_with(|| mail.clone());
        hold(*before == mail, || {
            format!("said differently: {before:?} and {mail:?}")
        })?;
    }
    Ok(())
}
