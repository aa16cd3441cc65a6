//! Thanks to everyone who took part (R75).

use procedure::chapters::closeout::Thanked;

use super::body::{self, Body};
use super::subject::fixed;
use super::{Scene, Words, text};

/// The IC's thanks, in their words.
pub(super) fn words(scene: &Scene, thanked: &Thanked) -> Words {
    let subject = fixed(scene, &scene.basis.playbook.messages.subjects.thanks);
    let who = scene.names().who(&scene.entry.actor.who);
    let link = &scene.links.case;
    let text = Body::new(scene)
        .say(text(&thanked.text))
        .say(who)
        .maybe(super::title(scene.case).map(|title| format!("{}: {title}", scene.number)))
        .link(&format!("The {}", scene.case.noun()), link);
    let wanted = format!("Thank you for your part in {}.", scene.number);
    let bare = body::bare(
        scene,
        &format!("{}: thank you", body::number(scene)),
        &wanted,
        link,
    );
    text.finish(subject, bare)
}
