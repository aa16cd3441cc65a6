//! What the pages of alert rules and of alert routes do to their lists alike. Both are read from the top, and the first that
//! fits counts: so one is moved up, or taken off.

use procedure::project::ProjectState;

use crate::web::fields::Fields;

/// The list after what its form asks for, by name; nothing where neither is asked for.
pub(super) fn moved<T: Clone>(
    list: &[T],
    fields: &Fields,
    name: impl Fn(&T) -> &str,
) -> Option<Vec<T>> {
    let mut list = list.to_vec();
    if let Some(gone) = fields.get("remove") {
        list.retain(|one| name(one) != gone);
        return Some(list);
    }
    let up = fields.get("up")?;
    if let Some(place) = list.iter().position(|one| name(one) == up) {
        list.swap(place, place.saturating_sub(1));
    }
    Some(list)
}

/// The sources that a form offers, by name.
pub(super) fn sources(state: &ProjectState) -> Vec<String> {
    let mut sources: Vec<String> = state
        .live_sources()
        .map(|source| source.name.clone())
        .collect();
    sources.sort();
    sources
}

/// Those that a form names: one, or none for alerts of any source.
pub(super) fn named<C: FromIterator<String>>(source: &str) -> C {
    Some(source.to_owned())
        .filter(|name| !name.is_empty())
        .into_iter()
        .collect()
}

/// How many it held back, as words count.
pub(super) fn held(count: Option<&u64>) -> i64 {
    count.map_or(0, |n| i64::try_from(*n).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    fn after(form: &str) -> Option<String> {
        let fields = Fields::readable(form.as_bytes());
        let list = ["a", "b", "c"].map(str::to_owned);
        Some(moved(&list, &fields, |one| one.as_str())?.concat())
    }

    #[test]
    fn one_is_taken_off_or_moved_up_and_what_is_not_there_changes_nothing() {
        assert_eq!(after("remove=b").unwrap(), "ac");
        assert_eq!(after("up=c").unwrap(), "acb");
        assert_eq!(after("up=a").unwrap(), "abc");
        assert_eq!(after("remove=x").unwrap(), "abc");
        assert_eq!(after("up=x").unwrap(), "abc");
        assert_eq!(after("name=d"), None);
    }
}
