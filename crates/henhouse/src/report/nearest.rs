//! What somebody may have meant: the nearest of the known names to one that was mistyped.

/// The nearest name, if one is near enough to be asked about. A hyphen counts as an underscore, and
/// capitals count for nothing.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = plain(typed);
    if typed.is_empty() || typed.len() > LONGEST {
        return None;
    }
    let near = |name: &'a str| {
        let plain = plain(name);
        let begun = typed.len() >= 3 && plain.starts_with(&typed);
        let steps = if begun { 1 } else { steps(&typed, &plain) };
        let allowed = 1 + typed.len().max(plain.len()) / 4;
        // A name of another length altogether shares nothing with what was typed.
        (steps <= allowed && steps < plain.len().max(2)).then_some((steps, name))
    };
    let near = known.into_iter().filter_map(near);
    near.min_by_key(|(steps, _)| *steps).map(|(_, name)| name)
}

/// ` Did you mean jane?`, or nothing.
#[must_use]
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, known).map_or_else(String::new, |name| format!(" Did you mean {name}?"))
}

/// Longer ones are no names.
const LONGEST: usize = 64;

fn plain(name: &str) -> Vec<char> {
    let same = |c: char| if c == '-' || c == ' ' { '_' } else { c };
    name.trim().to_lowercase().chars().map(same).collect()
}

/// How many letters must be added, left out, changed or swapped with their neighbour.
fn steps(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let changed = last[j] + usize::from(a != b);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b;
            if swapped {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood_and_a_stranger_is_not() {
        let names = [
            "jane",
            "dave",
            "add_note",
            "add_lead",
            "acknowledge",
            "HH-12",
        ];
        for (typed, meant) in [
            ("jnae", Some("jane")),
            ("Jane ", Some("jane")),
            ("dav", Some("dave")),
            ("add-note", Some("add_note")),
            ("ad_note", Some("add_note")),
            ("acknowlege", Some("acknowledge")),
            ("ackn", Some("acknowledge")),
            ("hh12", Some("HH-12")),
            ("bob", None),
            ("x", None),
            ("", None),
            ("confirm", None),
        ] {
            assert_eq!(nearest(typed, names), meant, "{typed}");
        }
        assert_eq!(did_you_mean("jnae", names), " Did you mean jane?");
        assert_eq!(did_you_mean("zebra", names), "");
    }
}
