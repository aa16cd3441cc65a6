//! Canned drills: what somebody reports, and what happens meanwhile. They are words alone: which drill a case follows, and
//! what of it was given, is seen by the words that stand in the case, so that nothing else has to be kept.

use serde::Deserialize;

use procedure::chapters::intake::{Kind, Report, Route};
use procedure::{Case, Text};

/// As shipped.
const DRILLS: &str = include_str!("drills.toml");

/// A canned drill.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drill {
    /// Names it in forms.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What people practise by it.
    pub trains: String,
    /// About how long it takes, in hours.
    pub hours: u32,
    /// What the case is called.
    title: String,
    /// What is reported.
    text: String,
    kind: Kind,
    /// What happens meanwhile, in its order.
    #[serde(rename = "inject")]
    pub injects: Vec<Inject>,
}

/// Something that happens meanwhile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inject {
    /// About so many minutes after the report.
    pub after: u32,
    /// From whom it comes.
    pub from: String,
    /// What they say.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shelf {
    drill: Vec<Drill>,
}

/// Every canned drill.
///
/// # Panics
/// Never: a test reads them.
#[must_use]
pub fn all() -> Vec<Drill> {
    let shelf: Shelf = toml::from_str(DRILLS).expect("a test reads the canned drills");
    shelf.drill
}

/// The drill that a case follows, by what was reported first.
#[must_use]
pub fn of(case: &Case) -> Option<Drill> {
    let first = case.part.intake.reports.first()?;
    let said = first.report.text.plain()?;
    all().into_iter().find(|drill| drill.text == said)
}

impl Drill {
    /// The report that begins it.
    #[must_use]
    pub fn report(&self) -> Report {
        Report {
            title: Some(Text::from(self.title.as_str())),
            drill: true,
            route: Route::Form,
            kind: self.kind,
            ..Report::saying(Text::from(self.text.as_str()))
        }
    }
}

impl Inject {
    /// As it stands in the case: nobody takes it for something that they saw themselves.
    #[must_use]
    pub fn note(&self) -> String {
        note(&self.from, &self.text)
    }
}

/// The same of something that is made up on the spot.
#[must_use]
pub fn note(from: &str, text: &str) -> String {
    format!("DRILL. {from}: {text}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_canned_drills_are_read_and_told_apart_and_name_nobody_real() {
        let all = all();
        assert!(all.len() >= 3);
        let ids: BTreeSet<_> = all.iter().map(|drill| &drill.id).collect();
        let texts: BTreeSet<_> = all.iter().map(|drill| &drill.text).collect();
        assert_eq!((ids.len(), texts.len()), (all.len(), all.len()));
        for drill in &all {
            assert!(drill.report().drill, "{}", drill.id);
            let order = drill.injects.iter().map(|inject| inject.after);
            assert!(
                drill.injects.len() >= 3 && order.is_sorted(),
                "{}",
                drill.id
            );
            let notes: BTreeSet<_> = drill.injects.iter().map(Inject::note).collect();
            assert_eq!(notes.len(), drill.injects.len(), "{}", drill.id);
        }
        assert!(!DRILLS.contains("http"), "a drill leads nowhere");
    }
}
