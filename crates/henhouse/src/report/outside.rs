//! What customers and other outsiders are told, and who is asked before.

use procedure::chapters::outside::{CustomerNoticeDrafted, CustomerNoticeSent};
use procedure::{Body as Entry, Recipient};

use super::body::{self, Body};
use super::general::quoted;
use super::subject::fixed;
use super::{Scene, Words, sitrep, text};

/// The product owner is asked to approve a notice before it leaves (R17).
pub(super) fn drafted(scene: &Scene, drafted: &CustomerNoticeDrafted) -> Words {
    let link = &scene.links.case;
    let to: Vec<String> = drafted
        .to
        .iter()
        .map(|id| scene.names().stakeholder(id))
        .collect();
    let who = scene.names().who(&scene.entry.actor.who);
    let text = Body::new(scene)
        .say("Your approval is needed before customers are told.")
        .say(format!(
            "{who} wants to send this to {}.",
            super::people::list(&to)
        ))
        .say(quoted(&format!("Notice {}", drafted.notice), &drafted.text))
        .link("Approve it, or say what should change", link);
    let wanted = format!("{}: your approval is needed.", scene.number);
    let bare_subject = format!("{}: your approval is needed", body::number(scene));
    let bare = body::bare(scene, &bare_subject, &wanted, link);
    text.finish(
        fixed(
            scene,
            "{number}: your approval is needed before customers are told",
        ),
        bare,
    )
}

/// The notice itself: only the words that were approved.
pub(super) fn sent(scene: &Scene, sent: &CustomerNoticeSent) -> Words {
    let link = &scene.links.case;
    let drafts = &scene.case.part.outside.drafts;
    let draft = drafts.iter().rfind(|draft| draft.name == sent.notice);
    let next = draft.and_then(|draft| draft.next);
    let words = Body::new(scene)
        .maybe(draft.map(|draft| text(&draft.text)))
        .maybe(next.map(|next| format!("Next news by {}.", scene.times().dated(next))))
        .link(&format!("About the {}", scene.case.noun()), link);
    let wanted = format!("There is a notice about {}.", scene.number);
    let bare = body::bare(
        scene,
        &format!("{}: a notice", body::number(scene)),
        &wanted,
        link,
    );
    words.finish(
        fixed(scene, "{number}: a notice to you about an {noun}"),
        bare,
    )
}

/// Recovery: the plan is active, an outage counts, operation is back.
pub(super) fn recovery(scene: &Scene, to: &Recipient) -> Words {
    let link = &scene.links.case;
    let (insider, wanted) = match &scene.entry.body {
        Entry::OutageCounted(_) => (
            true,
            "Please decide whether to activate the contingency plan.",
        ),
        Entry::ContingencyActivated(_) => {
            (true, "Please follow the recovery; the IC leads both plans.")
        }
        _ => (
            false,
            "Operation was tested and is declared normal again. Thank you for your patience.",
        ),
    };
    // Stakeholders hear of the end only, and nothing of who did it.
    let said = insider.then(|| scene.log().sentence(scene.entry));
    let words = Body::new(scene)
        .maybe(said)
        .say(wanted)
        .link(&format!("The {}", scene.case.noun()), link);
    let news = format!("There is news about {}.", scene.number);
    let bare = body::bare(
        scene,
        &format!("{}: news", body::number(scene)),
        &news,
        link,
    );
    let subject = match sitrep::is_outside(scene, to) {
        true => fixed(scene, "{number}: recovery"),
        false => fixed(scene, "{number}: recovery - {title}"),
    };
    words.finish(subject, bare)
}
