//! `/cases/{number}/files`: the papers of a case, its sitreps, and the documents and calls in which people talk of
//! what belongs neither into the chat nor into the ticket (R36).

use askama::Template;
use jiff::Timestamp;
use procedure::Who;
use procedure::at::At;
use procedure::chapters::record::{Call as Opened, Document};

use super::head::{self, Head};
use crate::report::Names;
use crate::web::Call;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;

/// So many of each stand on the page, the newest.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "case_files.html")]
struct FilesPage {
    frame: Frame,
    head: Head,
    acts: bool,
    edition: Option<u32>,
    /// Each with its number, when, and its entry; the newest first.
    sitreps: Vec<(usize, String, u64)>,
    talks: Vec<Talk>,
}

/// A document or a call.
struct Talk {
    /// Its number, from 1.
    n: usize,
    call: bool,
    /// The call is over.
    over: bool,
    at: String,
    who: String,
    seq: u64,
}

/// Shows the papers.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let (times, names) = (head::times(&call, &view), Names::new(&view.directory));
    let known = call.known()?;
    let part = &view.case.part;
    let talk = |n, (seq, at, by): (u64, Timestamp, &Who)| Talk {
        n,
        call: false,
        over: false,
        at: times.at(at),
        who: names.who(by),
        seq,
    };
    let documents = (1..).zip(&part.record.documents);
    let documents =
        documents.map(|(n, Document { opened, .. })| talk(n, (opened.seq, opened.at, &opened.by)));
    let calls = (1..).zip(&part.record.calls);
    let calls = calls.map(|(n, Opened { opened, closed, .. })| Talk {
        call: true,
        over: closed.is_some(),
        ..talk(n, (opened.seq, opened.at, &opened.by))
    });
    let talks = documents
        .chain(calls)
        .filter(|talk| view.may_read(talk.seq));
    let sitreps: Vec<_> = (1..).zip(&part.sitreps.sitreps).collect();
    let sitreps = sitreps.into_iter().rev();
    let sitreps = sitreps.filter(|(_, one)| view.may_read(one.mark.seq));
    let page = FilesPage {
        head: Head::of(&call, &view, at, &times, "/files"),
        frame: head::frame(&call, &view),
        acts: known.may_write() && known.person.is_some(),
        edition: part.retrospective.reports.last().map(|one| one.edition),
        sitreps: sitreps
            .map(|(n, one)| (n, times.at(one.mark.at), one.mark.seq))
            .take(SHOWN)
            .collect(),
        talks: talks.take(SHOWN).collect(),
    };
    frame::page(200, &page)
}
