//! The main places, from one list: to add one, a line in [`PLACES`]. On a phone they stand in a bar at the
//! bottom, within reach of a thumb, so only the first few belong here.

use crate::auth::Known;
use crate::web::words::key;

/// A main place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Where it is; a page says with `Frame::at` that it is there.
    pub path: &'static str,
    /// The name of its text.
    pub label: &'static str,
    /// The key that leads there.
    pub key: &'static str,
    who: Who,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Everybody,
    SignedIn,
    Strangers,
    Admins,
}

const PLACES: &[Place] = &[
    Place::new("/now", key("frame-now"), "g n", Who::SignedIn),
    Place::new("/cases", key("frame-cases"), "g c", Who::SignedIn),
    Place::new("/figures", key("frame-figures"), "g m", Who::SignedIn),
    Place::new("/report", key("frame-report"), "c", Who::Everybody),
    Place::new("/projects", key("frame-people"), "g o", Who::SignedIn),
    Place::new("/admin", key("frame-manage"), "g a", Who::Admins),
    Place::new("/sign-in", key("frame-sign-in"), "g s", Who::Strangers),
];

impl Place {
    const fn new(path: &'static str, label: &'static str, key: &'static str, who: Who) -> Self {
        Self {
            path,
            label,
            key,
            who,
        }
    }
}

/// Where somebody may go.
pub(super) fn of(known: Option<&Known>) -> Vec<Place> {
    let may = |place: &&Place| match place.who {
        Who::Everybody => true,
        Who::SignedIn => known.is_some(),
        Who::Strangers => known.is_none(),
        Who::Admins => known.is_some_and(Known::is_admin),
    };
    PLACES.iter().filter(may).copied().collect()
}
