//! What the desk itself does because of an entry, in the entry's own transaction: destroying a
//! redacted text, withdrawing what a restriction catches, joining two cases, another playbook.

use std::sync::Arc;

use casefile::{Commitment, Envelope};
use procedure::basis::Marking;
use procedure::chapters::intake::{MergedReport, ReceiveMerged};
use procedure::chapters::record::{BasisChanged, matters};
use procedure::id::{CaseId, PersonId};
use procedure::{Actor, Body, Draft, Entry, Order, Who, decide, may_see};
use uuid::Uuid;

use super::cases::Folded;
use super::error::{DeskError, Result};
use super::index;
use super::take::{self, Bench};
use crate::report::letter::Letter;
use crate::store::{ExhibitRow, JournalId, Message, OutboxRow, OutboxState, View};

/// Does what this entry asks of the desk.
pub(super) fn react(bench: &mut Bench, entry: &Entry) -> Result<()> {
    match &entry.body {
        Body::Redacted(redacted) if redacted.field == BYTES => erase_bytes(bench, redacted.entry),
        Body::Redacted(redacted) => destroy(bench, redacted.entry, &redacted.field),
        Body::EntryRestricted(flagged) => index::texts_again(bench, Some(flagged.entry)),
        Body::Unrestricted(_) => index::texts_again(bench, None),
        body if restricts(body) => withdraw(bench),
        Body::MergedInto(merged) => join(bench, entry, &merged.other),
        Body::PlaybookAdopted(adopted) => adopt(bench, adopted.edition),
        _ => Ok(()),
    }
}

/// Whether from this entry on the case is one for its members only (M23).
fn restricts(body: &Body) -> bool {
    match body {
        Body::Restricted(_) => true,
        Body::MarkingSet(set) => set.marking == Marking::Red,
        Body::ReportAdded(added) => added.restricted,
        Body::CriteriaAnswered(answered) => answered.restricts,
        _ => false,
    }
}

/// Destroys a text and its salt, its traces in search, and the copies of it in frozen mails. The
/// chain keeps the commitment: it stays valid and shows that something was withheld.
fn destroy(bench: &mut Bench, seq: u64, field: &str) -> Result<()> {
    let journal = bench.row.journal;
    let Some(commitment) = named_text(bench.tx, journal, seq, field)? else {
        return Err(DeskError::BadInput {
            field: "field".to_owned(),
            sentence: format!("Entry {seq} has no text under {field:?}; look at the entry."),
        });
    };
    let cipher = bench.tx.sealed(journal, *commitment.as_bytes())?;
    let text = cipher.and_then(|cipher| bench.key.decrypt(&commitment, &cipher).ok());
    bench.tx.erase_sealed(journal, *commitment.as_bytes())?;
    if let Some(opened) = text {
        erase_copies(bench, &opened.text)?;
    }
    bench.tx.scrub_log();
    bench.folded = Folded::empty(journal);
    bench
        .folded
        .catch_up(bench.tx, &bench.inner.root, journal)?;
    index::texts_again(bench, Some(seq))
}

/// The commitment to the text that stands under this field of this entry.
pub(super) fn named_text(
    view: &dyn View,
    journal: JournalId,
    seq: u64,
    field: &str,
) -> Result<Option<Commitment>> {
    let row = view.entries(journal, seq.saturating_sub(1), 1)?.pop();
    let row = row.ok_or_else(|| DeskError::Damaged(format!("entry {seq} is missing")))?;
    let envelope = Envelope::parse(&row.bytes).map_err(|e| DeskError::Damaged(e.to_string()))?;
    let pointer = format!("/{}", field.replace('.', "/"));
    let named = envelope.body.pointer(&pointer);
    let named = named.and_then(|named| named["$sealed"].as_str());
    Ok(named.and_then(|hex| hex.parse().ok()))
}

/// Copies that were sent are destroyed. What still waits goes on without content: a page is never
/// lost over a text.
/// The field under which an exhibit's bytes are erased, as a text is by its own.
pub(super) const BYTES: &str = "bytes";

/// Destroys the bytes of an exhibit; its entry, its hash and its label stay. The file goes once this
/// is on disk; if the process dies in between, at the next start.
fn erase_bytes(bench: &mut Bench, seq: u64) -> Result<()> {
    let journal = bench.row.journal;
    let of_entry = |row: &ExhibitRow| row.seq == seq && row.sha256.is_some();
    let Some(row) = bench.tx.exhibits(journal)?.into_iter().find(of_entry) else {
        return Err(DeskError::BadInput {
            field: "entry".to_owned(),
            sentence: format!("Entry {seq} brought no bytes; name the entry of an exhibit."),
        });
    };
    bench.tx.put_exhibit(&ExhibitRow {
        erased: true,
        ..row
    })?;
    let inner = Arc::clone(bench.inner);
    bench
        .tx
        .after_commit(Box::new(move || inner.sweep.notify_one()));
    Ok(())
}

fn erase_copies(bench: &mut Bench, text: &str) -> Result<()> {
    for row in bench.tx.deliveries_of(bench.row.journal)? {
        if let Some(letter) = letter(bench, &row).filter(|letter| carries(letter, text)) {
            let restricted = letter.restricted;
            say_less(bench, &row, letter, restricted)?;
        }
    }
    Ok(())
}

/// Puts the bare words into a delivery that is not closed. One that is closed, or that has none,
/// ends here with its text destroyed.
fn say_less(bench: &mut Bench, row: &OutboxRow, letter: Letter, restricted: bool) -> Result<()> {
    let reworded = match letter.without_content(restricted) {
        Some(bare) => {
            let bytes = bare.to_bytes().map_err(DeskError::bug)?;
            let message = bench.close(bytes);
            bench.tx.reword(row.notice, &message)?
        }
        None => false,
    };
    if !reworded {
        end(bench, row)?;
    }
    Ok(())
}

fn end(bench: &mut Bench, row: &OutboxRow) -> Result<()> {
    if row.state == OutboxState::Queued {
        bench.tx.withdraw(row.notice)?;
    }
    bench.tx.erase_message(row.notice)?;
    Ok(())
}

fn letter(bench: &Bench, row: &OutboxRow) -> Option<Letter> {
    let bytes = match &row.message {
        Message::Plain(bytes) => bytes.clone(),
        Message::Cipher(cipher) => bench.key.open_message(cipher)?,
        Message::Erased => return None,
    };
    Letter::from_bytes(&bytes).ok()
}

/// So many characters of a text say that a mail repeats it: mails and subjects cut what is long.
const TELLING: usize = 24;

/// Mails break lines, so the words are compared without their spaces.
fn carries(letter: &Letter, text: &str) -> bool {
    let dense = |words: &str| words.split_whitespace().collect::<String>();
    let text: String = dense(text).chars().take(TELLING).collect();
    let share = letter.share.as_ref().map(|share| share.words.as_str());
    let said = [&letter.mail.text, &letter.mail.subject].map(String::as_str);
    let mut said = said.into_iter().chain(share);
    said.any(|words| dense(words).contains(&text))
}

/// A case that becomes restricted: what waits for a member goes out without content, what waits
/// for anybody else is not sent, least of all to the one it is about.
fn withdraw(bench: &mut Bench) -> Result<()> {
    for row in bench.tx.deliveries_of(bench.row.journal)? {
        let secrecy = &bench.folded.case.part.secrecy;
        let person = row.person.as_deref().map(PersonId::from);
        if person.is_some() && person == secrecy.subject {
            end(bench, &row)?;
            continue;
        }
        if !matches!(row.message, Message::Plain(_)) {
            continue;
        }
        let members = &secrecy.members;
        let is_member = person.is_some_and(|person| members.contains(&person));
        match letter(bench, &row).filter(|_| is_member) {
            Some(letter) => say_less(bench, &row, letter, true)?,
            None => end(bench, &row)?,
        }
    }
    bench.tx.scrub_log();
    Ok(())
}

/// The case that goes on takes every report of the one that ended, in the same transaction.
fn join(bench: &mut Bench, entry: &Entry, other: &CaseId) -> Result<()> {
    let other = other
        .0
        .parse::<Uuid>()
        .map(JournalId)
        .map_err(|_| DeskError::NotFound("case"))?;
    let journal = bench.row.journal;
    if other == journal {
        return Err(DeskError::BadInput {
            field: "other".to_owned(),
            sentence: "A case cannot become part of itself; name the other one.".to_owned(),
        });
    }
    let case = &bench.folded.case;
    let reports = case
        .part
        .intake
        .reports
        .iter()
        .map(|received| MergedReport {
            seq: received.seq,
            at: received.at,
            reporter: match &received.by {
                Who::Person(person) => Some(person.clone()),
                _ => None,
            },
            report: received.report.clone(),
        });
    let receive = ReceiveMerged {
        other: CaseId(journal.to_string()),
        by: entry.actor.as_person().cloned(),
        restricted: case.part.secrecy.restricted,
        about_person: case.part.secrecy.subject.clone(),
        reports: reports.collect(),
    };
    let (inner, actor) = (bench.inner, entry.actor.clone());
    take::on_case(inner, bench.tx, other, |into| {
        if !may_see(&into.folded.case, &into.basis, &actor) {
            return Err(DeskError::NotFound("case"));
        }
        let order = Order::from(procedure::Command::from(receive));
        let case = &into.folded.case;
        let drafts = decide(case, &into.basis, into.now, &Actor::system(), &order)?;
        into.append(drafts)
    })
    .map(drop)
}

/// The case follows another edition: its basis from now on.
fn adopt(bench: &mut Bench, edition: u32) -> Result<()> {
    let state = bench.inner.project(bench.tx, bench.row.project)?.state;
    let next = state
        .basis_of(edition)
        .ok_or(DeskError::NotFound("edition of the playbook"))?;
    let basis = bench.basis.adopting(next.playbook, next.project);
    let changed = BasisChanged {
        matters: matters(&bench.basis.project, &basis.project),
        ..bench.inner.keep_basis(bench.tx, &basis)?
    };
    bench.basis = Arc::new(basis);
    let body = Body::BasisChanged(changed);
    bench.append(vec![Draft {
        happened_at: None,
        actor: Actor::system(),
        body,
    }])
}
