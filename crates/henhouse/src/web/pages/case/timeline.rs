//! `/cases/{number}/timeline`: everything that happened, a hundred entries a page, each page one tap away; and
//! what is asked for by sort, by who wrote it and by words.

use askama::Template;
use procedure::at::At;
use procedure::{Permission, may};

use super::filter::{Filter, NOBODY, SORTS, Sort};
use super::head::{self, Head};
use super::log::{self, Day, ENTRIES};
use crate::web::Call;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;

#[derive(Template)]
#[template(path = "case_timeline.html")]
struct TimelinePage {
    frame: Frame,
    head: Head,
    filter: Filter,
    /// Each sort, and the address that asks for it.
    sorts: Vec<(&'static Sort, String, bool)>,
    writers: Vec<(String, String)>,
    nobody: &'static str,
    /// The first and the last on this page by their place among all that were found, and how many those are.
    shown: (u64, u64, u64),
    /// So many of those on this page go without saying.
    silent: usize,
    /// So many were not looked through.
    unread: u64,
    pages: Vec<Page>,
    log: Vec<Day>,
    write: bool,
    text: String,
}

/// Another part of the timeline.
struct Page {
    href: String,
    first: u64,
    last: u64,
    here: bool,
}

impl TimelinePage {
    /// Somebody or words are asked for.
    fn narrows(&self) -> bool {
        self.filter.by.is_some() || !self.filter.words.is_empty()
    }

    fn is_by(&self, id: &str) -> bool {
        self.filter.by.as_deref() == Some(id)
    }
}

/// Shows the timeline.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let (now, words) = (call.app.desk.now(), call.words());
    let at = At::new(&view.case, &view.basis, now);
    let times = head::times(&call, &view);
    let query = call.page_query();
    let writers = log::writers(&view);
    let filter = Filter::of(&query, &writers);
    let before: Option<u64> = query.parsed("before", "").ok().flatten();
    let number = view.row.number.to_string();
    let here = format!("/cases/{number}/timeline?");
    let (told, places, unread);
    if filter.is_set() {
        let found = log::find(&call, &view, &filter, before.unwrap_or(u64::MAX)).await?;
        (places, unread) = (found.all, found.unread);
        told = found.told.into();
    } else {
        let last = before.unwrap_or(u64::MAX).min(view.case.seq + 1).max(2) - 1;
        let first = last.saturating_sub(ENTRIES) + 1;
        let limit = u32::try_from(last + 1 - first).unwrap_or_default();
        let timeline = call.app.desk.timeline(&view, first - 1, limit, now);
        (told, places, unread) = (timeline.await?, (1..=view.case.seq).collect(), 0);
    }
    let place = |seq: Option<u64>| {
        let place = seq.map(|seq| places.partition_point(|one| *one <= seq));
        place.unwrap_or_default() as u64
    };
    let shown = (
        place(told.first().map(|told| told.seq)),
        place(told.last().map(|told| told.seq)),
        places.len() as u64,
    );
    let head = Head::of(&call, &view, at, &times, "/timeline");
    let sorts = SORTS.iter().map(|sort| {
        let chosen = filter.only.is_some_and(|only| only.word == sort.word);
        let asked = Some(sort.word).filter(|_| !chosen);
        (sort, format!("{here}{}", filter.query_with(asked)), chosen)
    });
    let onlooker = &view.onlooker.actor;
    let may = may(&view.case, &view.basis, onlooker, "add_note");
    let log = log::days(&told, &view, &times, words, ENTRIES as usize);
    // A line that stands for several names each of them.
    let lines = log.iter().flat_map(|day| &day.told);
    let listed: usize = lines.map(|line| line.folded.len().max(1)).sum();
    let page = TimelinePage {
        sorts: sorts.collect(),
        pages: pages(&format!("{here}{}", filter.query()), &places, shown),
        write: call.known()?.may_write() && !matches!(may, Permission::No(_)),
        silent: told.len() - listed,
        log,
        frame: head::frame(&call, &view),
        nobody: NOBODY,
        text: String::new(),
        head,
        filter,
        writers,
        shown,
        unread,
    };
    frame::page(200, &page)
}

/// Every page, the newest first: whatever is looked for is one tap away.
fn pages(here: &str, places: &[u64], shown: (u64, u64, u64)) -> Vec<Page> {
    let parts = places.rchunks(ENTRIES as usize);
    let mut left = places.len() as u64;
    let parts = parts.map(|part| {
        let (first, last) = (left + 1 - part.len() as u64, left);
        left -= part.len() as u64;
        let before = part.last().map_or(1, |seq| seq + 1);
        Page {
            href: format!("{here}before={before}#timeline"),
            first,
            last,
            here: shown.0 >= first && shown.1 <= last,
        }
    });
    let parts: Vec<Page> = parts.collect();
    if parts.len() < 2 { Vec::new() } else { parts }
}
