//! A sitrep before it leaves, as each audience would read it. The engine is asked what it would record; nothing is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use procedure::at::At;
use procedure::chapters::sitreps::{self, Audience, SitrepPublished};
use procedure::{Actor, Body, Entry, Notice, Order, Recipient, Refusal, decide};

use crate::desk::{CaseView, Site};
use crate::report::{Links, Names, Scene, mail};

/// The audiences, the nearest first.
pub const AUDIENCES: [(Audience, &str); 3] = [
    (Audience::Team, "team"),
    (Audience::Inside, "inside"),
    (Audience::Outside, "outside"),
];

/// What one audience would read.
pub struct Reading {
    /// Which.
    pub audience: Audience,
    /// Its word.
    pub word: &'static str,
    /// Who would get it, by name.
    pub to: Vec<String>,
    /// The subject of the mail; empty where nobody gets it.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// The entry that would be recorded, and what each audience would read.
pub struct Readings {
    /// What would be recorded.
    pub said: SitrepPublished,
    /// Each audience.
    pub all: Vec<Reading>,
}

/// Asks the engine, and words it; nothing where the order is no sitrep.
///
/// # Errors
/// The refusal, with people as they are called.
pub fn of(
    site: &Site,
    view: &CaseView,
    actor: &Actor,
    order: &Order,
    now: Timestamp,
) -> Result<Option<Readings>, Refusal> {
    let named = |refusal| Names::new(&view.directory).refusal(refusal);
    let drafts = decide(&view.case, &view.basis, now, actor, order).map_err(named)?;
    let published = drafts.into_iter().find_map(|draft| match draft.body {
        Body::SitrepPublished(said) => Some((draft.actor, said)),
        _ => None,
    });
    let Some((actor, said)) = published else {
        return Ok(None);
    };
    let entry = Entry {
        seq: view.case.seq + 1,
        recorded_at: now,
        happened_at: None,
        actor,
        body: Body::SitrepPublished(said.clone()),
    };
    let all = worded(site, view, &entry, &said);
    Ok(Some(Readings { said, all }))
}

fn worded(site: &Site, view: &CaseView, entry: &Entry, said: &SitrepPublished) -> Vec<Reading> {
    let mut after = (*view.case).clone();
    after.apply(entry);
    let at = At::new(&after, &view.basis, entry.recorded_at);
    let number = view.row.number.to_string();
    let base = site.base_url.trim_end_matches('/');
    let links = Links {
        case: format!("{base}/cases/{number}"),
        ..Links::default()
    };
    let scene = Scene {
        number: &number,
        drill: site.drill || after.part.intake.drill,
        case: &after,
        basis: &view.basis,
        directory: &view.directory,
        entry,
        links: &links,
        head: "",
    };
    let names = Names::new(&view.directory);
    let reading = |(audience, word): (Audience, &'static str)| {
        let of_it = |to: &&Recipient| sitreps::audience(at, to) == audience;
        let to: Vec<&Recipient> = said.recipients.iter().filter(of_it).collect();
        let first = to.first();
        let words = first.map(|to| mail::words(&scene, &Notice::entry((*to).clone())));
        let people: BTreeSet<String> = to.iter().map(|to| names.recipient(to)).collect();
        let (subject, text) = words
            .map(|words| (words.subject, words.text))
            .unwrap_or_default();
        Reading {
            audience,
            word,
            to: people.into_iter().collect(),
            subject,
            text,
        }
    };
    AUDIENCES.into_iter().map(reading).collect()
}
