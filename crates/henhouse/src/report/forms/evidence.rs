//! What is kept before anything is changed.

use super::Control::{Choice, Line, Long, One, Some};
use super::sets::{EVIDENCE as KINDS, ITEM_STATE};
use super::{Chapter, Of, form, grave, may, must, rare};

pub(super) const EVIDENCE: Chapter = Chapter {
    name: "evidence",
    forms: &[
        form(
            "add_exhibit",
            &[
                must("label", Line),
                must("kind", Choice(KINDS)),
                may("asset", One(Of::Asset)),
                must("what.reference.system", Line),
                must("what.reference.id", Line),
                may("what.reference.volume", Line),
            ],
        ),
        form(
            "record_evidence_item",
            &[
                must("item", One(Of::EvidenceItem)),
                must("state", Choice(ITEM_STATE)),
                may("asset", One(Of::Asset)),
                may("class", One(Of::Class)),
                may("reason", Long),
                rare("exhibit", One(Of::Exhibit)),
            ],
        ),
        form(
            "assign_capture",
            &[
                must("class", One(Of::Class)),
                must("owner", One(Of::Person)),
            ],
        ),
        form(
            "raise_suspicion",
            &[must("reason", Long), may("assets", Some(Of::Asset))],
        ),
        form("clear_suspicion", &[must("reason", Long)]),
        form(
            "place_hold",
            &[
                must("text", Long),
                must("people", Some(Of::Person)),
                may("assets", Some(Of::Asset)),
            ],
        ),
        form("acknowledge_hold", &[must("hold", One(Of::Hold))]),
        grave(
            "release_hold",
            &[must("hold", One(Of::Hold)), must("reason", Long)],
        ),
    ],
};
