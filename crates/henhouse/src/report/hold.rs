//! Hold orders: please leave this as it is (R119, X43).

use procedure::Body as Entry;
use procedure::chapters::evidence::hold::HoldPlaced;

use super::body::{self, Body};
use super::general::quoted;
use super::subject::fixed;
use super::{Scene, Words};

/// A hold was placed: named people leave named things alone, and say that they have read it.
pub(super) fn placed(scene: &Scene, placed: &HoldPlaced) -> Words {
    let assets = scene.names().assets(&placed.assets);
    let what = if assets.is_empty() {
        "everything that it may concern".to_owned()
    } else {
        assets
    };
    let link = &scene.links.case;
    let text = Body::new(scene)
        .say(format!("Please leave this as it is: {what}."))
        .say(quoted("What is asked", &placed.text))
        .say(
            "Delete nothing, change no permissions, stop or restart nothing, and see that nothing does \
             it by itself: automatic deletion, autoscaling, rotation. You are not in trouble.",
        )
        .say(format!(
            "Please say that you have read it (hold {}). It holds until the team lifts it; if it stops \
             you from working, tell the IC.",
            placed.hold
        ))
        .link("Confirm here", link);
    let wanted = format!(
        "A hold of {} concerns you. Please read it and confirm.",
        scene.number
    );
    let bare = body::bare(
        scene,
        &format!("{}: a hold", body::number(scene)),
        &wanted,
        link,
    );
    let subjects = &scene.basis.playbook.messages.subjects;
    text.finish(fixed(scene, &subjects.hold), bare)
}

/// A hold was lifted.
pub(super) fn released(scene: &Scene) -> Words {
    let link = &scene.links.case;
    let held = match &scene.entry.body {
        Entry::HoldReleased(released) => {
            let holds = &scene.case.part.evidence.holds;
            holds.iter().find(|hold| hold.id == released.hold)
        }
        _ => None,
    };
    let what = held.map(|hold| format!("It was about: {}.", scene.names().assets(&hold.assets)));
    let text = Body::new(scene)
        .say(scene.log().sentence(scene.entry))
        .say("You may work as usual again. Thank you for waiting.")
        .maybe(what)
        .link(&format!("The {}", scene.case.noun()), link);
    let wanted = format!("A hold of {} is lifted.", scene.number);
    let bare = body::bare(
        scene,
        &format!("{}: a hold is lifted", body::number(scene)),
        &wanted,
        link,
    );
    text.finish(fixed(scene, "{number}: a hold is lifted"), bare)
}
