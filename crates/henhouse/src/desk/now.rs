//! What is asked of one person over every open case: their Now board (invariant 4).

use std::sync::Arc;

use jiff::Timestamp;
use procedure::at::At;
use procedure::{Obligation, may_see};

use super::error::Result;
use super::views::{self, Onlooker};
use super::{Desk, Inner};
use crate::report::by_hand::{ByHand, Hand};
use crate::report::{self, Names, Times};
use crate::store::{CaseFilter, CaseNumber, CaseRow, View};

/// Open cases are looked into in portions of so many.
const PORTION: u32 = 200;
/// At most so many open cases are looked into, the newest changes first.
const LOOKED_INTO: usize = 2_000;

/// What is asked of one person.
pub struct Board {
    /// What is owed, soonest first, undated last.
    pub asked: Vec<Asked>,
    /// The open cases that they may see, newest change first.
    pub cases: Vec<OpenCase>,
    /// There are more open cases than were looked into.
    pub more: bool,
}

/// One thing that is asked.
pub struct Asked {
    /// In which case.
    pub number: CaseNumber,
    /// What that case is called.
    pub title: Option<String>,
    /// Times as its project says them.
    pub times: Times,
    /// What is asked, people by their names.
    pub obligation: Obligation,
    /// The act that settles it.
    pub act: Option<ByHand>,
    /// The name of the one person whom that is about.
    pub whom: Option<String>,
    /// It begins a disruption: more than a tap.
    pub disrupts: bool,
    /// The line of a command line that settles it or leads there, if one was asked for and whoever looks can send it now.
    pub by_hand: Option<String>,
}

/// An open case in a list.
pub struct OpenCase {
    /// Its row in the index.
    pub row: CaseRow,
    /// What it is called: readable, since whoever looks may see the case.
    pub title: Option<String>,
    /// The Incident Commander's name.
    pub ic: Option<String>,
    /// When it was opened, as its project says times.
    pub times: Times,
}

impl OpenCase {
    /// When it was opened.
    #[must_use]
    pub fn opened_at(&self) -> Timestamp {
        self.row.opened_at
    }
}

impl Desk {
    /// What is asked of whoever looks.
    ///
    /// # Errors
    /// The store's. A damaged case is logged and left out.
    pub async fn now_of(&self, onlooker: &Onlooker) -> Result<Board> {
        self.board(onlooker, false).await
    }

    /// The same with the line for each thing asked. It is tried on the case before it is said, which takes longer than all
    /// the rest.
    ///
    /// # Errors
    /// As above.
    pub async fn now_by_hand(&self, onlooker: &Onlooker) -> Result<Board> {
        self.board(onlooker, true).await
    }

    async fn board(&self, onlooker: &Onlooker, lines: bool) -> Result<Board> {
        let (inner, onlooker) = (Arc::clone(&self.inner), onlooker.clone());
        let look = move |view: &dyn View| board(&inner, view, &onlooker, lines);
        self.inner.store.read(look).await
    }
}

fn board(inner: &Inner, view: &dyn View, onlooker: &Onlooker, lines: bool) -> Result<Board> {
    let viewer = views::viewer(view, onlooker)?;
    let filter = CaseFilter {
        open: Some(true),
        ..CaseFilter::default()
    };
    let mut board = Board {
        asked: Vec::new(),
        cases: Vec::new(),
        more: false,
    };
    let mut cursor = None;
    loop {
        let page = view.list_cases(&filter, &viewer, cursor.as_ref(), PORTION)?;
        for mut row in page.rows {
            views::name_restricted(inner, view, onlooker, &mut row);
            match look_into(inner, view, onlooker, &row, lines, &mut board.asked) {
                Ok(open) => board.cases.extend(open),
                Err(error) => tracing::error!(journal = %row.journal, %error, "left out of Now"),
            }
        }
        cursor = page.next;
        board.more = cursor.is_some();
        if cursor.is_none() || board.cases.len() >= LOOKED_INTO {
            break;
        }
    }
    let due = |asked: &Asked| {
        (
            asked.obligation.due.is_none(),
            asked.obligation.due,
            asked.obligation.since,
        )
    };
    board.asked.sort_by_key(due);
    Ok(board)
}

/// Adds what the case asks of the onlooker; nothing if they may not see it.
fn look_into(
    inner: &Inner,
    view: &dyn View,
    onlooker: &Onlooker,
    row: &CaseRow,
    lines: bool,
    asked: &mut Vec<Asked>,
) -> Result<Option<OpenCase>> {
    let readable = inner.reading.load(view, &inner.root, row.journal)?;
    let case = readable.case();
    let basis = inner.basis_of(view, case)?;
    let manages = onlooker.admin && !case.part.secrecy.restricted;
    if !manages && !may_see(case, &basis, &onlooker.actor) {
        return Ok(None);
    }
    let now = inner.clock.now();
    let directory = inner.directory_of(view, row.project)?;
    let names = Names::new(&directory);
    let times = Times::new(basis.project.calendar.rules().clone(), now);
    let title = report::title(case);
    let open = OpenCase {
        row: row.clone(),
        title: title.clone(),
        ic: case.ic().map(|ic| names.person(ic)),
        times: times.clone(),
    };
    let Some(person) = onlooker.actor.as_person() else {
        return Ok(Some(open).filter(|_| !case.is_over()));
    };
    let at = At::new(case, &basis, now);
    let concerns = |obligation: &Obligation| at.asked(obligation).contains(person);
    let agenda = readable.agenda(&basis, now);
    let owed = agenda.obligations.iter().filter(|owed| concerns(owed));
    let owed: Vec<&Obligation> = owed.collect();
    if case.is_over() && owed.is_empty() {
        return Ok(None);
    }
    let number = row.number.to_string();
    let hand = Hand {
        number: &number,
        case,
        basis: &basis,
        now,
        person: Some(person),
    };
    asked.extend(owed.into_iter().cloned().map(|mut obligation| {
        let act = ByHand::settling(case, &basis, &obligation);
        let by_hand = lines.then(|| hand.settle(&obligation)).flatten();
        obligation.what = names.in_words(&obligation.what);
        let whom = act.as_ref().and_then(ByHand::person);
        Asked {
            number: row.number.clone(),
            title: title.clone(),
            times: times.clone(),
            obligation,
            whom: whom.map(|person| names.person(&person)),
            disrupts: act
                .as_ref()
                .is_some_and(|act| act.begins_a_disruption(case)),
            act,
            by_hand,
        }
    }));
    Ok(Some(open))
}
