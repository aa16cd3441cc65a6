//! Which entries of a timeline are asked for: by what sort of thing happened, by who wrote it down, by words in it.

use procedure::chapters::record::fact::{FactKind, FactRecorded};
use procedure::{Body, Entry, Who};

use crate::web::fields::{Fields, escaped};
use crate::web::pages::frame;
use crate::web::words::key;

/// A sort of entry that can be asked for: its word in an address, the name of its text, its kinds.
pub(super) struct Sort {
    pub word: &'static str,
    pub label: &'static str,
    kinds: &'static [&'static str],
}

/// The sorts, the most asked for first. An entry may be of more than one.
pub(super) const SORTS: [Sort; 6] = [
    Sort {
        word: "decisions",
        label: key("case-sort-decisions"),
        kinds: &[
            "confirmed",
            "false_alarm",
            "kind_set",
            "severity_set",
            "lowering_explained",
            "contingency_decided",
            "long_planned",
            "cadence_changed",
            "destruction_decided",
            "disruption_requested",
            "disruption_answered",
            "disruption_settled",
            "disruption_started",
            "disruption_ended",
            "disruption_withdrawn",
            "stays_alone",
            "spun_down",
            "qa_accepted",
            "qa_sent_back",
            "closed",
            "reopened",
            "settled",
            "marking_set",
            "restricted",
            "unrestricted",
            "playbook_adopted",
            "deviated",
            "waived",
            "redacted",
            "redaction_declined",
            "milestone_recorded",
            "merged_into",
        ],
    },
    Sort {
        word: "sitreps",
        label: key("case-sort-sitreps"),
        kinds: &[
            "sitrep_published",
            "cadence_changed",
            "stakeholder_added",
            "stakeholder_removed",
            "disruption_notice_sent",
            "reporter_told",
            "colleagues_warned",
        ],
    },
    Sort {
        word: "evidence",
        label: key("case-sort-evidence"),
        kinds: &[
            "suspicion_raised",
            "suspicion_cleared",
            "exhibit_added",
            "evidence_item_recorded",
            "capture_assigned",
            "hold_placed",
            "hold_acknowledged",
            "hold_released",
        ],
    },
    Sort {
        word: "roles",
        label: key("case-sort-roles"),
        kinds: &[
            "acknowledged",
            "went_silent",
            "joined",
            "left",
            "still_here",
            "handover_offered",
            "handover_briefed",
            "handover_read_back",
            "handover_accepted",
            "handover_declined",
            "handover_withdrawn",
            "handover_lapsed",
            "overlap_ended",
            "take_over_asked",
            "took_over",
            "take_over_offered",
            "role_assigned",
            "role_released",
            "stays_alone",
            "ic_warned",
            "shift_planned",
            "shift_cancelled",
            "sent_home",
            "called",
            "round_ended",
            "passed_on",
            "called_in",
            "call_in_answered",
            "undelivered",
            "member_added",
            "member_removed",
        ],
    },
    Sort {
        word: "work",
        label: key("case-sort-work"),
        kinds: &[
            "lead_added",
            "lead_assigned",
            "lead_started",
            "lead_finished",
            "lead_dropped",
            "step_added",
            "step_assigned",
            "step_started",
            "step_finished",
            "step_verified",
            "step_reclassified",
            "step_dropped",
            "disruption_requested",
            "disruption_started",
            "disruption_ended",
        ],
    },
    Sort {
        word: "notes",
        label: key("case-sort-notes"),
        kinds: &[
            "note_added",
            "note_corrected",
            "fact_recorded",
            "call_closed",
            "reported",
            "report_added",
            "details_added",
            "alert_noted",
            "disagreed",
        ],
    },
];

impl Sort {
    fn takes(&self, body: &Body) -> bool {
        let decided = matches!(
            body,
            Body::FactRecorded(FactRecorded {
                kind: FactKind::Decision,
                ..
            })
        );
        self.kinds.contains(&body.kind()) || (self.word == "decisions" && decided)
    }
}

/// Which entries are asked for.
#[derive(Default)]
pub(super) struct Filter {
    pub only: Option<&'static Sort>,
    /// A person's id, or `henhouse` for what no person wrote.
    pub by: Option<String>,
    pub words: String,
}

/// What no person wrote down.
pub(super) const NOBODY: &str = "henhouse";

impl Filter {
    /// As the address says it; what means nothing asks for nothing.
    pub(super) fn of(query: &Fields, writers: &[(String, String)]) -> Self {
        let only = query.get("only");
        let by = query.get("by");
        let by = by.filter(|by| *by == NOBODY || writers.iter().any(|(id, _)| id == by));
        Self {
            only: SORTS.iter().find(|sort| Some(sort.word) == only),
            by: by.map(str::to_owned),
            words: frame::typed(query, "q"),
        }
    }

    pub(super) fn is_set(&self) -> bool {
        self.only.is_some() || self.by.is_some() || !self.words.is_empty()
    }

    /// The end of an address that asks for the same, ready to be followed by more.
    pub(super) fn query(&self) -> String {
        self.query_with(self.only.map(|sort| sort.word))
    }

    /// The same with another sort.
    pub(super) fn query_with(&self, only: Option<&str>) -> String {
        let parts = [
            ("only", only.unwrap_or_default()),
            ("by", self.by.as_deref().unwrap_or_default()),
            ("q", &self.words),
        ];
        let parts = parts.iter().filter(|(_, value)| !value.is_empty());
        let parts = parts.map(|(name, value)| format!("{name}={}&", escaped(value)));
        parts.collect()
    }

    /// Whether an entry is of the sort and by whom is asked for.
    pub(super) fn takes(&self, entry: &Entry) -> bool {
        let by = match (&self.by, &entry.actor.who) {
            (None, _) => true,
            (Some(by), Who::Person(person)) => *by == person.0,
            (Some(by), _) => by == NOBODY,
        };
        by && self.only.is_none_or(|sort| sort.takes(&entry.body))
    }

    /// Whether every word that is asked for stands in a sentence.
    pub(super) fn reads(&self, sentence: &str) -> bool {
        let sentence = sentence.to_lowercase();
        let words = self.words.to_lowercase();
        words.split_whitespace().all(|word| sentence.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_a_sort_names_is_one() {
        for sort in &SORTS {
            for kind in sort.kinds {
                assert!(Body::KINDS.contains(kind), "{}: {kind}", sort.word);
            }
        }
    }
}
