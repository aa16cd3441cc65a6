//! A project's own changes to a playbook: merged table by table, where a list replaces the whole
//! list, and read again as a playbook. What cannot be read is refused; whether it can be worked by
//! is checked where it is proposed.

use procedure::playbook::{Difference, Overridden, Overrides, Playbook, Setting};
use procedure::project::ProjectState;
use serde_json::{Map, Value};

use crate::founding;

/// Why changes cannot be merged, with what to do about it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MergeError {
    /// There is no such playbook here.
    #[error(
        "there is no edition {1} of the playbook {0:?} here; name one that this project has, or the shipped one"
    )]
    NoBase(String, u32),
    /// What comes out is no playbook.
    #[error("what comes out is no playbook: {0}")]
    NoPlaybook(String),
}

/// The playbook of that name and edition: one of the project's own that was not itself made by
/// changing another, else the shipped one.
#[must_use]
pub fn base(state: &ProjectState, name: &str, edition: u32) -> Option<Playbook> {
    let known = state
        .editions
        .get(&edition)
        .filter(|known| known.overridden.is_none());
    let known = known.map(|known| known.playbook.clone());
    let fits = |book: &Playbook| book.name == name && book.edition == edition;
    known
        .filter(fits)
        .or_else(|| Some(founding::handbook()).filter(fits))
}

/// The base with the changes, as edition `edition`, and what differs.
///
/// # Errors
/// [`MergeError`] if what comes out cannot be read as a playbook: the path and the reason.
pub fn merge(
    base: &Playbook,
    edition: u32,
    overrides: &Overrides,
) -> Result<(Playbook, Overridden), MergeError> {
    let no_playbook = |error: serde_json::Error| MergeError::NoPlaybook(error.to_string());
    let mut whole = serde_json::to_value(base).map_err(no_playbook)?;
    let changes = serde_json::to_value(&overrides.changes).map_err(no_playbook)?;
    let mut differences = Vec::new();
    if let (Value::Object(whole), Value::Object(changes)) = (&mut whole, changes) {
        change(whole, changes, "", &mut differences);
    }
    whole["edition"] = edition.into();
    let mut playbook: Playbook = serde_json::from_value(whole).map_err(no_playbook)?;
    playbook.forget_translations_of(base);
    let overridden = Overridden {
        base: overrides.base.clone(),
        base_edition: overrides.base_edition,
        differences,
    };
    Ok((playbook, overridden))
}

fn change(
    whole: &mut Map<String, Value>,
    changes: Map<String, Value>,
    place: &str,
    differences: &mut Vec<Difference>,
) {
    for (key, new) in changes {
        let path = match place {
            "" => key.clone(),
            place => format!("{place}.{key}"),
        };
        match (whole.get_mut(&key), new) {
            (Some(Value::Object(old)), Value::Object(new)) => change(old, new, &path, differences),
            (old, new) if old.as_deref() == Some(&new) => {}
            (old, new) => {
                let was = old.and_then(|old| serde_json::from_value(old.clone()).ok());
                if let Ok(now) = serde_json::from_value::<Setting>(new.clone()) {
                    differences.push(Difference {
                        place: path,
                        was,
                        now,
                    });
                }
                whole.insert(key, new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    fn overrides(toml: &str) -> Overrides {
        toml::from_str(toml).unwrap()
    }

    fn farm(changes: &str) -> Overrides {
        overrides(&format!(
            "base = \"handbook\"\nbase_edition = 1\nreason = \"We are many\"\n[changes]\n{changes}"
        ))
    }

    #[test]
    fn numbers_cadences_routes_and_lists_are_merged_and_named() {
        let changes = "alarm.ack_limit_minutes = 5\n\
            severities.high.cadence.every.minutes = 30\n\
            roles.skills = [\"hens\"]\n\
            intake.burst_after_reports = 3\n";
        let (playbook, overridden) = merge(&founding::handbook(), 2, &farm(changes)).unwrap();
        assert_eq!((playbook.edition, playbook.alarm.ack_limit_minutes), (2, 5));
        assert_eq!(
            playbook.roles.skills,
            ["hens"],
            "a list replaces the whole list"
        );
        assert_eq!(
            playbook.alarm.sheet_step_minutes,
            founding::handbook().alarm.sheet_step_minutes
        );
        let places: Vec<&str> = overridden
            .differences
            .iter()
            .map(|d| d.place.as_str())
            .collect();
        assert_eq!(
            places,
            [
                "alarm.ack_limit_minutes",
                "roles.skills",
                "severities.high.cadence.every.minutes"
            ],
            "what says the same is no difference"
        );
        assert_eq!(overridden.differences[0].was, Some(Setting::Number(10)));
    }

    #[test]
    fn a_list_of_ones_own_does_not_keep_the_translations_of_the_one_it_replaces() {
        let changes = "intake.phishing_advice = [\"Ask Ann.\"]\n\
            translations.de.\"Ask Ann.\" = \"Fragen Sie Ann.\"\n";
        let (playbook, _) = merge(&founding::handbook(), 2, &farm(changes)).unwrap();
        let before = &founding::handbook().intake.phishing_advice[0];
        assert_eq!(playbook.translated("de", before), None);
        assert_eq!(
            playbook.translated("de", "Ask Ann."),
            Some("Fragen Sie Ann.")
        );
        let sign = &playbook.intake.signs[0].label;
        assert!(playbook.translated("de", sign).is_some());
    }

    #[test]
    fn what_no_playbook_has_is_refused_by_its_name() {
        let refused = merge(
            &founding::handbook(),
            2,
            &farm("alarm.akc_limit_minutes = 5"),
        );
        let Err(MergeError::NoPlaybook(why)) = refused else {
            panic!("it was taken");
        };
        assert!(why.contains("akc_limit_minutes"), "{why}");
    }

    #[test]
    fn the_base_is_the_projects_own_or_the_shipped_one() {
        let state = ProjectState::default();
        assert!(base(&state, "handbook", 1).is_some());
        assert!(base(&state, "handbook", 7).is_none());
        assert!(base(&state, "acme", 1).is_none());
    }
}
