//! Stand down: nothing is asked of you any more.

use procedure::Body as Entry;

use super::body::{self, Body};
use super::subject::fixed;
use super::{Scene, Words};

/// Somebody has it; whoever was called may rest.
pub(super) fn words(scene: &Scene) -> Words {
    let subject = fixed(scene, "{number}: stand down, it is taken care of");
    let what = super::title(scene.case).map(|title| format!("It was: {title}"));
    let link = &scene.links.case;
    let text = Body::new(scene)
        .say(format!("{} Nothing is asked of you any more.", why(scene)))
        .say("Thank you for being there. Go back to sleep, or to what you were doing.")
        .maybe(what)
        .link("If you can help, join here", link);
    let wanted = format!(
        "{}: nothing is asked of you any more. Stand down.",
        scene.number
    );
    let bare = body::bare(
        scene,
        &format!("{}: stand down", body::number(scene)),
        &wanted,
        link,
    );
    text.finish(subject, bare)
}

fn why(scene: &Scene) -> String {
    let since = scene.times().at(scene.entry.recorded_at);
    match (&scene.entry.body, scene.case.ic()) {
        (Entry::Acknowledged(_), Some(ic)) => {
            format!("{} has had it since {since}.", scene.names().person(ic))
        }
        (_, Some(ic)) => format!("{} has it.", scene.names().person(ic)),
        (_, None) => format!("It is taken care of since {since}."),
    }
}
