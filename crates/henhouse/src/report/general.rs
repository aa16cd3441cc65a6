//! News without words of its own: the sentence of the activity log, and where to go.

use super::body::{self, Body};
use super::subject::fixed;
use super::{Scene, Words};

/// What has happened, in one sentence.
pub(super) fn words(scene: &Scene) -> Words {
    let subject = fixed(scene, "{number}: news - {title}");
    let link = &scene.links.case;
    let text = Body::new(scene)
        .say(scene.log().sentence(scene.entry))
        .link(&format!("The {}", scene.case.noun()), link);
    let wanted = format!("There is news about {}.", scene.number);
    let bare = body::bare(
        scene,
        &format!("{}: news", body::number(scene)),
        &wanted,
        link,
    );
    text.finish(subject, bare)
}
