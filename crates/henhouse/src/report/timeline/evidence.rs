//! Suspicion, exhibits, holds.

use procedure::Body;
use procedure::chapters::evidence::exhibit::{EvidenceItemRecorded, ExhibitAdded, ItemState, What};
use procedure::chapters::evidence::suspicion::Cause;
use procedure::playbook::EvidenceKind;

use super::{Teller, because, one_line};

/// So much of a hash is enough to recognise it; the whole stands with the exhibit.
const HASH_SHOWN: usize = 12;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::SuspicionRaised(raised) => {
            let on = match t.names.assets(&raised.assets) {
                none if none.is_empty() => String::new(),
                some => format!(" about {some}"),
            };
            let sign = match raised.cause {
                Cause::Person => "",
                Cause::Sign => " by what was reported",
            };
            let reason = because(raised.reason.as_ref());
            format!("{who} raised a suspicion{on}{sign}{reason} Capture first, change afterwards.")
        }
        Body::SuspicionCleared(cleared) => {
            format!(
                "{who} cleared the suspicion{}",
                because(Some(&cleared.reason))
            )
        }
        Body::ExhibitAdded(added) => exhibit(t, added),
        Body::EvidenceItemRecorded(item) => evidence_item(t, item),
        Body::CaptureAssigned(assigned) => {
            let owner = t.names.person(&assigned.owner);
            format!(
                "{who} asked {owner} to capture the state of what is affected: {}.",
                class(t, &assigned.class)
            )
        }
        Body::HoldPlaced(placed) => {
            let (assets, people) = (
                t.names.assets(&placed.assets),
                t.names.people(&placed.people),
            );
            let words = one_line(&placed.text);
            format!(
                "{who} placed hold {} on {assets} and told {people}: \"{words}\"",
                placed.hold
            )
        }
        Body::HoldAcknowledged(heard) => format!("{who} has seen hold {}.", heard.hold),
        Body::HoldReleased(released) => {
            format!(
                "{who} released hold {}{}",
                released.hold,
                because(Some(&released.reason))
            )
        }
        _ => return None,
    })
}

fn exhibit(t: &Teller, added: &ExhibitAdded) -> String {
    let label = one_line(&added.label);
    let of = added
        .asset
        .as_ref()
        .map(|asset| format!(" of {}", t.names.asset(asset)));
    let of = of.unwrap_or_default();
    let what = match &added.what {
        What::Upload { sha256, size, .. } => {
            let hash: String = sha256.chars().take(HASH_SHOWN).collect();
            format!("{size} bytes, sha256 {hash}…")
        }
        What::Reference { system, id, .. } => {
            format!("kept in {} as {}", one_line(system), one_line(id))
        }
    };
    let kind = kind_word(added.kind);
    format!(
        "{} added exhibit {}, {kind}{of}: \"{label}\" ({what}).",
        t.who, added.exhibit
    )
}

fn evidence_item(t: &Teller, item: &EvidenceItemRecorded) -> String {
    let of = match &item.asset {
        Some(asset) => t.names.asset(asset),
        None => format!("each {}", spaced(&item.class)),
    };
    let what = label(t, &item.class, &item.item);
    let state = match item.state {
        ItemState::Captured => "captured",
        ItemState::Impossible => "not possible",
        ItemState::NotRelevant => "not relevant",
    };
    let with = item
        .exhibit
        .as_ref()
        .map(|exhibit| format!(" as exhibit {exhibit}"));
    let (with, reason) = (with.unwrap_or_default(), because(item.reason.as_ref()));
    format!("{} noted for {of}: \"{what}\" {state}{with}{reason}", t.who)
}

fn kind_word(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::DatabaseDump => "a database dump",
        EvidenceKind::DiskSnapshot => "a disk snapshot",
        EvidenceKind::ScreenCapture => "a screen capture",
        EvidenceKind::Log => "logs",
        EvidenceKind::Memory => "memory",
        EvidenceKind::Mail => "a mail",
        EvidenceKind::Configuration => "a configuration",
        EvidenceKind::File => "a file",
        EvidenceKind::Reference => "a reference",
        EvidenceKind::Other => "something else",
    }
}

/// What there is to capture, in the words of the playbook's list.
fn label(t: &Teller, class: &str, item: &str) -> String {
    let mut lists = t.playbook.evidence.iter();
    let list = lists.find(|list| list.class == class);
    let known = list.and_then(|list| list.items.iter().find(|known| known.id == item));
    known.map_or_else(|| spaced(item), |known| known.label.clone())
}

/// What people call a class of assets, in the words of the playbook's list.
fn class(t: &Teller, class: &str) -> String {
    let mut lists = t.playbook.evidence.iter();
    let known = lists.find(|list| list.class == class);
    known.map_or_else(|| spaced(class), |list| list.label.clone())
}

fn spaced(id: &str) -> String {
    id.replace('_', " ")
}
