//! How much script there may be: all that we wrote, as it was written.

use super::Finding;

/// Where our script lies.
const FOLDER: &str = "crates/henhouse/assets/";
/// The most bytes of all of it together.
const LIMIT: usize = 40 * 1024;

/// The whole of it, if it is too much.
pub fn check<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Finding> {
    let ours = texts.filter(|(path, _)| path.starts_with(FOLDER) && path.ends_with("js"));
    let bytes: usize = ours.map(|(_, text)| text.len()).sum();
    let too_much = (bytes > LIMIT).then(|| Finding {
        path: FOLDER.to_owned(),
        line: 1,
        words: format!("{bytes} bytes of script; above {LIMIT} is refused"),
        listed_only: false,
    });
    too_much.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_kilobytes_pass_and_one_byte_more_does_not_wherever_it_stands() {
        let (half, more) = ("x".repeat(LIMIT / 2), "x".repeat(LIMIT / 2 + 1));
        let (one, two) = (format!("{FOLDER}a.js"), format!("{FOLDER}b.mjs"));
        let say = |second: &str| {
            check([(one.as_str(), half.as_str()), (two.as_str(), second)].into_iter()).len()
        };
        assert_eq!((say(&half), say(&more)), (0, 1));
        let elsewhere = check(
            [(
                "crates/henhouse/tests/browser/measure.js",
                &*"x".repeat(LIMIT + 1),
            )]
            .into_iter(),
        );
        assert!(elsewhere.is_empty());
    }
}
