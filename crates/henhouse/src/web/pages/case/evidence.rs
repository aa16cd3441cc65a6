//! `/cases/{number}/evidence`: what is wanted and not yet captured; each exhibit with its hash, its time, who took
//! it of what, and everything that was written of it since; and what must be left alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use procedure::at::At;
use procedure::chapters::evidence::exhibit::{EvidenceItemRecorded, Exhibit, ExhibitAdded, What};
use procedure::chapters::evidence::{WantedItem, wanted};
use procedure::chapters::record::{Redacted, RedactionProposed};
use procedure::playbook::EvidenceKind;
use procedure::{Body, Entry, Permission, Text, may};

use super::exhibit::{self, Typed};
use super::head::{self, Head};
use crate::desk::CaseView;
use crate::report::timeline::Log;
use crate::report::{Names, Times};
use crate::web::fields::escaped;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem};

/// Entries are looked through in portions of so many.
const PORTION: u32 = 1_000;
/// So many exhibits stand on the page, the newest.
const EXHIBITS: usize = 60;
/// So many entries of one exhibit.
const CUSTODY: usize = 20;

#[derive(Template)]
#[template(path = "case_evidence.html")]
struct EvidencePage {
    frame: Frame,
    head: Head,
    /// A mail is among them, by which others can be known again.
    mails: bool,
    /// Something suspicious stands, so that state is to be captured before it is changed.
    suspicious: bool,
    open: Vec<Item>,
    answered: Vec<Item>,
    exhibits: Vec<Kept>,
    all: usize,
    /// Older ones are not shown unless they are asked for.
    left_out: usize,
    holds: Vec<Held>,
    acts: bool,
    kinds: [(&'static str, &'static str); 8],
    assets: Vec<(String, String)>,
    add: bool,
    file: Typed,
}

/// Whether a mail is kept with the case that the reader may read.
pub(in crate::web::pages) fn has_mail(view: &CaseView) -> bool {
    let exhibits = view.case.part.evidence.exhibits.iter();
    let mut mails = exhibits.filter(|exhibit| exhibit.kind == EvidenceKind::Mail);
    mails.any(|exhibit| view.may_read(exhibit.seq))
}

/// Something wanted of something.
struct Item {
    what: String,
    of: String,
    /// Who answered it, and when.
    answer: Option<String>,
    entry: u64,
    /// The form that answers it.
    href: String,
}

/// An exhibit.
struct Kept {
    id: String,
    label: String,
    kind: &'static str,
    of: Option<String>,
    by: String,
    at: String,
    /// The bytes can be had.
    here: bool,
    erased: bool,
    /// How many, and their media type.
    size: Option<String>,
    sha256: Option<String>,
    /// Where it is kept, if not here.
    place: Option<String>,
    /// Everything that was written of it: the entry, when, and what.
    custody: Vec<(u64, String, String)>,
}

/// Something that is to be left alone.
struct Held {
    id: String,
    seq: u64,
    words: String,
}

/// Shows the evidence.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let (times, names) = (head::times(&call, &view), Names::new(&view.directory));
    let known = call.known()?;
    let acts = known.may_write() && known.person.is_some();
    let may = may(&view.case, &view.basis, &view.onlooker.actor, "add_exhibit");
    let all = view.case.part.evidence.exhibits.iter().rev();
    let all: Vec<&Exhibit> = all.filter(|one| view.may_read(one.seq)).collect();
    let shown = all.get(..all.len().min(EXHIBITS)).unwrap_or_default();
    let mut custody = custody(&call, &view, shown).await?;
    let kept = shown.iter().map(|one| {
        let custody = custody.remove(&one.seq).unwrap_or_default();
        kept(&view, one, custody, (names, &times))
    });
    let (answered, open): (Vec<_>, Vec<_>) = wanted(at)
        .into_iter()
        .map(|one| item(&view, &one, (names, &times), call.words()))
        .partition(|item| item.answer.is_some());
    let holds = view.case.part.evidence.holds_in_force();
    let holds = holds
        .filter(|hold| view.may_read(hold.seq))
        .map(|hold| Held {
            id: hold.id.clone(),
            seq: hold.seq,
            words: hold.text.plain().unwrap_or("(text withheld)").to_owned(),
        });
    let page = EvidencePage {
        head: Head::of(&call, &view, at, &times, "/evidence"),
        mails: has_mail(&view),
        frame: head::frame(&call, &view),
        suspicious: !open.is_empty() || !answered.is_empty(),
        open,
        answered,
        exhibits: kept.collect(),
        all: all.len(),
        left_out: all.len() - shown.len(),
        holds: holds.collect(),
        acts,
        kinds: exhibit::KINDS,
        assets: exhibit::assets(&view),
        add: known.may_write() && !matches!(may, Permission::No(_)),
        file: Typed::default(),
    };
    frame::page(200, &page)
}

fn item(view: &CaseView, one: &WantedItem, (names, times): (Names, &Times), words: Words) -> Item {
    let of = one.asset.as_ref().map(|asset| names.asset(asset));
    let number = &view.row.number;
    let about = match &one.asset {
        Some(asset) => format!("asset={}", escaped(&asset.0)),
        None => format!("class={}", escaped(&one.class)),
    };
    let item = escaped(&one.item.id);
    let answer = one.answer.map(|(at, _, by)| {
        let (who, at) = (names.who(by), times.at(at));
        words
            .with("case-answered-by", "who", who)
            .and("at", at)
            .to_string()
    });
    Item {
        what: one.item.label.clone(),
        of: of.unwrap_or_else(|| one.label.to_owned()),
        answer,
        entry: one.answer.map(|(_, seq, _)| seq).unwrap_or_default(),
        href: format!(
            "/cases/{number}/acts/record_evidence_item?{about}&item={item}&state=captured"
        ),
    }
}

fn kept(
    view: &CaseView,
    one: &Exhibit,
    custody: Vec<(u64, String, String)>,
    (names, times): (Names, &Times),
) -> Kept {
    let erased = view.bytes_are_erased(one.seq);
    let plain = |text: &Text| text.plain().unwrap_or("(text withheld)").to_owned();
    let (size, sha256, place) = match &one.what {
        What::Upload {
            sha256,
            size,
            media,
        } => (
            Some(format!("{size} bytes, {media}")),
            Some(sha256.clone()),
            None,
        ),
        What::Reference { system, id, volume } => {
            let volume = volume.as_ref().map(|volume| format!(", {}", plain(volume)));
            let place = format!(
                "{}: {}{}",
                plain(system),
                plain(id),
                volume.unwrap_or_default()
            );
            (None, None, Some(place))
        }
    };
    Kept {
        id: one.id.clone(),
        label: plain(&one.label),
        kind: exhibit::kind_label(one.kind),
        of: one.asset.as_ref().map(|asset| names.asset(asset)),
        by: names.who(&one.by),
        at: times.dated(one.at),
        here: sha256.is_some() && !erased,
        erased,
        size,
        sha256,
        place,
        custody,
    }
}

type Custody = BTreeMap<u64, Vec<(u64, String, String)>>;

/// What was written of each of these exhibits, by the entry that brought it.
async fn custody(call: &Call, view: &CaseView, shown: &[&Exhibit]) -> Result<Custody, Problem> {
    let mut all = Custody::new();
    let Some(first) = shown.iter().map(|one| one.seq).min() else {
        return Ok(all);
    };
    let log = Log::new(
        &view.case,
        &view.basis,
        &view.directory,
        call.app.desk.now(),
    );
    let mut after = first - 1;
    while after < view.case.seq {
        let entries: Vec<Arc<Entry>> = call.app.desk.entries(view, after, PORTION).await?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        for entry in entries.iter().filter(|entry| view.may_read(entry.seq)) {
            let about = shown.iter().filter(|one| is_about(one, &entry.body));
            for one in about {
                let told = log.told(entry);
                let at = format!(
                    "{}, {}",
                    head::times(call, view).day(told.recorded_at),
                    told.at
                );
                let of = all.entry(one.seq).or_default();
                if of.len() < CUSTODY {
                    of.push((entry.seq, at, told.words));
                }
            }
        }
    }
    Ok(all)
}

/// Whether an entry brought the exhibit, counted it as captured, or asked for its bytes to be erased.
fn is_about(one: &Exhibit, body: &Body) -> bool {
    match body {
        Body::ExhibitAdded(ExhibitAdded { exhibit, .. }) => *exhibit == one.id,
        Body::EvidenceItemRecorded(EvidenceItemRecorded { exhibit, .. }) => {
            exhibit.as_ref() == Some(&one.id)
        }
        Body::RedactionProposed(RedactionProposed { entry, .. })
        | Body::Redacted(Redacted { entry, .. }) => *entry == one.seq,
        _ => false,
    }
}
