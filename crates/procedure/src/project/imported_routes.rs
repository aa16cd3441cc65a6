//! Alert routes that came from another pager. They are brought again as often as one likes: what was made or changed here stays
//! as it is and where it stands, unless somebody says so. The order of routes decides whom is called, so whoever changed it
//! here keeps it too.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::routes::AlertRoute;

/// What the order of the routes is called among what is to be replaced. No route can have this name.
pub const ORDER_OF_ROUTES: &str = "order of alert routes";

/// They come from another pager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RoutesImport {
    /// From which, in small letters, such as `opsgenie`.
    pub pager: String,
    /// Routes, by name, that take the place also of what was made or changed here since; `order of alert routes` for their order.
    #[serde(default)]
    pub replace: BTreeSet<String>,
}

/// What came and stands, as it came last, in the other pager's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameRoutes {
    /// From which pager.
    pub pager: String,
    /// The routes.
    pub routes: Vec<AlertRoute>,
}

/// The routes that are there with those that are brought, and of these what then stands as it came. `came` is what stood so.
pub(super) fn merged(
    there: &[AlertRoute],
    came: &[AlertRoute],
    brought: &[AlertRoute],
    replace: &BTreeSet<String>,
) -> (Vec<AlertRoute>, Vec<AlertRoute>) {
    let gone = |route: &AlertRoute| came.contains(route) && find(brought, &route.name).is_none();
    let stay = there.iter().filter(|route| !gone(route));
    let mut all: Vec<AlertRoute> = stay.cloned().collect();
    let mut stands = Vec::new();
    for (n, new) in brought.iter().enumerate() {
        let was = all.iter_mut().find(|route| route.name == new.name);
        match was {
            None => all.insert(place(&all, brought, n), new.clone()),
            Some(was) if was == new => {}
            Some(was) if came.contains(was) || replace.contains(&new.name) => *was = new.clone(),
            Some(_) => {
                stands.extend(find(came, &new.name).cloned());
                continue;
            }
        }
        stands.push(new.clone());
    }
    if replace.contains(ORDER_OF_ROUTES) || !were_moved(there, came, brought) {
        put_in_order(&mut all, &stands);
    }
    (all, stands)
}

/// Whether somebody changed the order of what came. What never came and is here under the same name stands where somebody put
/// it.
pub(super) fn were_moved(
    there: &[AlertRoute],
    came: &[AlertRoute],
    brought: &[AlertRoute],
) -> bool {
    let known = |route: &&AlertRoute| find(came, &route.name).is_some();
    let both = there
        .iter()
        .filter(|route| find(brought, &route.name).is_some());
    let all_came = both.clone().all(|route| known(&route));
    let order = if all_came { came } else { brought };
    let at = |route: &AlertRoute| order.iter().position(|one| one.name == route.name);
    !both.map(at).is_sorted()
}

/// Behind the one that it follows there; the first one before what follows it.
fn place(all: &[AlertRoute], brought: &[AlertRoute], n: usize) -> usize {
    let at = |route: &AlertRoute| all.iter().position(|one| one.name == route.name);
    let before = brought.get(..n).and_then(|before| before.last());
    let after = || brought.iter().skip(n + 1).find_map(at);
    match before.and_then(at) {
        Some(place) => place + 1,
        None => after().unwrap_or(all.len()),
    }
}

/// Puts these into their order, in the places that they have among the others.
fn put_in_order(all: &mut [AlertRoute], order: &[AlertRoute]) {
    let in_order: Vec<AlertRoute> = order
        .iter()
        .filter_map(|one| find(all, &one.name).cloned())
        .collect();
    let places = all
        .iter_mut()
        .filter(|one| find(order, &one.name).is_some());
    for (place, route) in places.zip(in_order) {
        *place = route;
    }
}

fn find<'a>(all: &'a [AlertRoute], name: &str) -> Option<&'a AlertRoute> {
    all.iter().find(|route| route.name == name)
}
