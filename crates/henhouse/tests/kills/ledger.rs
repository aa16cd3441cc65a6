//! The ledger: what people were told, what time owes, when the program lived. At the end everything on the disk and
//! everything that the mail server has is held against it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use henhouse::desk::{Desk, Onlooker, Verified};
use henhouse::store::{
    JournalId, JournalKind, Lane, OutboxRow, OutboxState, Store, StoreError, dump_index,
};
use jiff::{SignedDuration, Timestamp};
use procedure::{Actor, Body, Entry, Who};

use super::campaign::{Mode, Sent};
use super::figures::Figures;
use super::past::Owing;
use super::peers::smtp::Received;

#[derive(Default)]
pub struct Ledger {
    /// Reports that were answered, by key.
    accepted: BTreeMap<String, Sent>,
    /// Reports without an answer, by key: each is sent again.
    open: BTreeMap<String, Sent>,
    /// Cases that were made to owe something, and when they were made.
    owing: BTreeMap<JournalId, (Owing, Timestamp)>,
    /// From when to when the program served before it died.
    pub lives: Vec<(Timestamp, Timestamp)>,
    /// The same after the last death: it was stopped only to look at what it had done.
    pub looks: Vec<(Timestamp, Timestamp)>,
    pub figures: Figures,
    count: u32,
}

/// One mail, as the peer has it.
struct Mail<'a> {
    at: Timestamp,
    body: &'a Received,
}

impl Ledger {
    /// Words that no other report has.
    pub fn text(&mut self) -> String {
        self.count += 1;
        format!("The fox again, {:05}", self.count)
    }

    pub fn new_report(&mut self) -> Sent {
        let text = self.text();
        Sent {
            key: format!("key-{:05}", self.count),
            text,
            number: None,
        }
    }

    /// What was sent and never answered.
    pub fn unanswered(&self) -> Vec<Sent> {
        self.open.values().cloned().collect()
    }

    pub fn heard(&mut self, said: Vec<Sent>) {
        for sent in said {
            if sent.number.is_none() {
                self.open.insert(sent.key.clone(), sent);
                continue;
            }
            self.open.remove(&sent.key);
            let before = self.accepted.insert(sent.key.clone(), sent.clone());
            assert!(before.is_none_or(|before| before.number == sent.number));
        }
    }

    /// A case that was made while nothing ran is one that was accepted.
    pub fn was_made(&mut self, text: String, owing: Owing, at: Timestamp) {
        let number = Some(owing.number.clone());
        let key = format!("made {text}");
        self.accepted
            .insert(key.clone(), Sent { key, text, number });
        self.owing.insert(owing.journal, (owing, at));
    }

    /// Until when something waits in the outbox, if anything does.
    pub fn waits(&self, store: &Store, now: Timestamp) -> Option<Timestamp> {
        let rows = journals(store)
            .into_iter()
            .flat_map(|case| rows(store, case));
        let waits = rows.filter_map(|row| match row.state {
            OutboxState::Queued => Some(row.next_try),
            OutboxState::Leased => Some(now),
            _ => None,
        });
        // What waits for now comes first, what waits for its minute is patient.
        waits.min()
    }

    /// Holds everything against the ledger.
    pub async fn check(&mut self, desk: &Desk, store: &Store, mails: &[Received], mode: Mode) {
        let verified = desk.verify(None).await.unwrap();
        assert_eq!(verified.verdict, Verified::Valid, "{verified:?}");
        let dump = || {
            store
                .read_inline(|view| dump_index(view))
                .map_err(|e: StoreError| e.to_string())
        };
        let live = dump().unwrap();
        desk.rebuild().await.unwrap();
        assert_eq!(live, dump().unwrap(), "the index made anew is the live one");
        assert!(self.open.is_empty(), "{:?}", self.open);
        let mut by_number = self.by_number();
        let mails = by_id(mails);
        let mut known = BTreeSet::new();
        let mut bundled = false;
        for case in journals(store) {
            let row = store.read_inline(|view| view.case(case));
            let number = row
                .map_err(|e: StoreError| e.to_string())
                .unwrap()
                .unwrap()
                .number;
            let view = desk.case(&system(), &number).await.unwrap();
            let entries = desk.entries(&view, 0, 10_000).await.unwrap();
            let text = view.case.part.intake.reports[0].report.text.plain();
            // Each key is one case: what nobody asked for is a double.
            let sent = by_number.remove(&number.to_string());
            let sent = sent.unwrap_or_else(|| panic!("{number} is a double: {text:?}"));
            assert_eq!(text, Some(sent.text.as_str()), "{number}");
            once(&entries);
            self.time(&entries, case, mode);
            let rows = rows(store, case);
            assert!(
                rows.iter().any(|row| row.lane == Lane::Urgent),
                "nobody was called for {number}"
            );
            for row in rows {
                known.insert(row.notice.to_string());
                bundled |= row.bundle.is_some();
                self.delivered(&row, &entries, &mails, &number.to_string(), mode);
            }
        }
        assert!(by_number.is_empty(), "accepted and lost: {by_number:?}");
        self.figures.accepted = self.accepted.len();
        self.under_one_id(&mails, &known, bundled);
    }

    fn by_number(&self) -> BTreeMap<String, Sent> {
        let sent = self.accepted.values();
        let by_number: BTreeMap<String, Sent> = sent
            .map(|sent| (sent.number.clone().unwrap(), sent.clone()))
            .collect();
        assert_eq!(
            by_number.len(),
            self.accepted.len(),
            "a number was given twice"
        );
        by_number
    }

    /// A row has left, or is pointless, or waits for its minute or its turn.
    fn delivered(
        &mut self,
        row: &OutboxRow,
        entries: &[Arc<Entry>],
        mails: &BTreeMap<String, Vec<Mail<'_>>>,
        number: &str,
        mode: Mode,
    ) {
        let waits = row.state == OutboxState::Queued && row.bundle.is_some();
        match row.state {
            OutboxState::Done => {}
            OutboxState::Dropped => {
                let answered = |entry: &Arc<Entry>| {
                    matches!(
                        entry.body,
                        Body::Acknowledged(_) | Body::FalseAlarmCalled(_)
                    )
                };
                assert!(entries.iter().any(answered), "dropped for nothing: {row:?}");
                return;
            }
            _ if waits => {
                self.figures.waiting += 1;
                return;
            }
            _ => panic!("it never left: {row:?}"),
        }
        let own = mails.get(&row.notice.to_string());
        let shared = || {
            let mut shared = mails.values().flatten();
            shared.find(|mail| row.bundle.is_some() && names(&mail.body.mail, number))
        };
        let first = own.map(|mails| &mails[0]).or_else(shared);
        let first = first.unwrap_or_else(|| panic!("done, and the peer never got it: {row:?}"));
        let entry = entries.iter().find(|entry| entry.seq == row.seq).unwrap();
        let owed = self.owed(row, entry, mode);
        let (late, over_lives) = self.up_between(owed, first.at);
        let figures = &mut self.figures;
        figures.late = figures.late.max(late);
        figures.late_over_lives = figures.late_over_lives.max(over_lives);
        if due_at(entry).is_some() {
            figures.late_due = figures.late_due.max(late);
        }
    }

    /// From when on the row was owed: from its due time where time owed it, else from when it was written.
    fn owed(&self, row: &OutboxRow, entry: &Entry, mode: Mode) -> Timestamp {
        if mode == Mode::Drill || row.bundle.is_some() {
            return row.next_try;
        }
        match self.owing.get(&row.journal) {
            Some((owing, made)) if entry.seq <= owing.seq => *made,
            Some((owing, made))
                if due_at(entry).is_some() && entry.recorded_at < owing.due + FIRST =>
            {
                owing.due.max(*made)
            }
            _ => entry.recorded_at,
        }
    }

    /// For how many seconds the program served between these: in the longest of its lives, and in all together.
    fn up_between(&self, from: Timestamp, to: Timestamp) -> (f64, f64) {
        let served = |(up, died): &(Timestamp, Timestamp)| {
            let (start, end) = ((*up).max(from), (*died).min(to));
            let span = end.duration_since(start).max(SignedDuration::ZERO);
            span.as_secs_f64()
        };
        let last: f64 = self.looks.iter().map(served).sum();
        let lives = self.lives.iter().map(served);
        lives.fold((last, last), |(longest, sum), span| {
            (span.max(longest), sum + span)
        })
    }

    /// What time did: in a drill exactly when it was due; and how much of it fell due while nothing ran.
    fn time(&mut self, entries: &[Arc<Entry>], case: JournalId, mode: Mode) {
        let by_time = entries.iter().filter(|entry| due_at(entry).is_some());
        self.figures.by_time += by_time.clone().count();
        for entry in by_time {
            let held_back = matches!(&entry.body, Body::Prompted(prompted) if prompted.audible);
            let late = entry.recorded_at.duration_since(due_at(entry).unwrap());
            let exact = mode == Mode::Real || held_back || late.is_zero();
            assert!(exact, "in a drill, late by {late:?}: {entry:?}");
        }
        if let Some((owing, made)) = self.owing.get(&case) {
            let due = owing.due.max(*made);
            let up = self
                .lives
                .iter()
                .any(|(up, died)| *up <= due && due <= *died);
            self.figures.due_while_down += usize::from(!up);
            let done = |entry: &Arc<Entry>| entry.seq > owing.seq && due_at(entry).is_some();
            assert!(
                entries.iter().any(done),
                "what was owed at {due} never happened: {case:?}"
            );
        }
    }

    /// A mail that came again is the same mail, under the id that it had; no mail has an id that nobody gave.
    fn under_one_id(
        &mut self,
        mails: &BTreeMap<String, Vec<Mail<'_>>>,
        known: &BTreeSet<String>,
        bundled: bool,
    ) {
        for (id, mails) in mails {
            assert!(bundled || known.contains(id), "nobody wrote {id}");
            let again = mails
                .iter()
                .all(|mail| mail.body.mail == mails[0].body.mail);
            assert!(again, "{id} came again with other words");
            self.figures.mails += mails.len();
            self.figures.same_id += mails.len() - 1;
        }
    }
}

/// What happens within this after a due time, or after the restart that follows it, is because of it.
const FIRST: SignedDuration = SignedDuration::from_mins(4);

fn system() -> Onlooker {
    Onlooker {
        actor: Actor::system(),
        admin: false,
    }
}

fn journals(store: &Store) -> Vec<JournalId> {
    let rows = store.read_inline(|view| view.journals(JournalKind::Case));
    let rows = rows.map_err(|e: StoreError| e.to_string()).unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

fn rows(store: &Store, case: JournalId) -> Vec<OutboxRow> {
    let rows = store.read_inline(|view| view.deliveries_of(case));
    rows.map_err(|e: StoreError| e.to_string()).unwrap()
}

fn by_id(mails: &[Received]) -> BTreeMap<String, Vec<Mail<'_>>> {
    let mut by_id: BTreeMap<String, Vec<Mail<'_>>> = BTreeMap::new();
    for body in mails {
        let seconds = body.facts["at"].as_f64().unwrap();
        let at = Timestamp::from_microsecond((seconds * 1e6) as i64).unwrap();
        let id = body.header("X-Henhouse-Notice");
        by_id.entry(id).or_default().push(Mail { at, body });
    }
    by_id
}

fn names(text: &str, number: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
    words.any(|word| word == number)
}

/// When an entry that time made fell due.
fn due_at(entry: &Entry) -> Option<Timestamp> {
    if entry.actor.who != Who::System {
        return None;
    }
    let body = serde_json::to_value(&entry.body).unwrap();
    body["body"]["due_at"].as_str()?.parse().ok()
}

/// What time does it does once.
fn once(entries: &[Arc<Entry>]) {
    let mut seen = BTreeSet::new();
    for entry in entries.iter().filter(|entry| due_at(entry).is_some()) {
        let key = match &entry.body {
            Body::Prompted(prompted) => format!("{} {}", prompted.key, prompted.occurrence),
            body => format!("{body:?}"),
        };
        assert!(seen.insert(key), "time did it twice: {entry:?}");
    }
}
