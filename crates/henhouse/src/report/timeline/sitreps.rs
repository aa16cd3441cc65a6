//! Sitreps and who gets them.

use procedure::Body;
use procedure::chapters::sitreps::{CadenceChanged, SitrepPublished};

use super::{Teller, because, one_line};
use crate::report::time;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::SitrepPublished(said) => sitrep(t, said),
        Body::CadenceChanged(changed) => cadence(who, changed),
        Body::StakeholderAdded(added) => {
            let (to, reason) = (
                t.names.recipient(&added.who),
                because(added.reason.as_ref()),
            );
            format!("{who} added {to}, who gets the sitreps from now on{reason}")
        }
        Body::StakeholderRemoved(removed) => {
            let to = t.names.recipient(&removed.who);
            let reason = because(removed.reason.as_ref());
            let why = if removed.misaddressed {
                ", who should never have got any,"
            } else {
                ""
            };
            format!("{who} took {to}{why} off the sitreps{reason}")
        }
        _ => return None,
    })
}

fn sitrep(t: &Teller, said: &SitrepPublished) -> String {
    let which = match (said.is_final, said.correction_of) {
        (_, Some(of)) => format!("sitrep {}, which corrects sitrep {of}", said.number),
        (true, None) => format!("sitrep {}, the final one", said.number),
        (false, None) if said.initial => format!("sitrep {}, the initial one", said.number),
        (false, None) => format!("sitrep {}", said.number),
    };
    let words = match said.summary.as_ref().or(said.known.as_ref()) {
        Some(words) => format!(": \"{}\"", one_line(words)),
        None if said.no_change => ": no change.".to_owned(),
        None => ".".to_owned(),
    };
    let withheld = match said.withheld.as_slice() {
        [] => String::new(),
        some => {
            let names: Vec<String> = some.iter().map(|to| t.names.recipient(to)).collect();
            format!(" Withheld from {}.", names.join(", "))
        }
    };
    format!("{} sent {which}{words}{withheld}", t.who)
}

fn cadence(who: &str, changed: &CadenceChanged) -> String {
    match (changed.minutes, changed.like) {
        (Some(minutes), _) => {
            let every = time::span(jiff::SignedDuration::from_mins(i64::from(minutes)));
            format!("{who} chose a sitrep every {every}.")
        }
        (None, Some(like)) => format!("{who} chose sitreps as often as at {}.", like.word()),
        (None, None) => format!("{who} chose sitreps as often as the severity asks."),
    }
}
