//! How long a file and a function may be. Tests are not counted.

use super::Finding;
use super::source::{Source, closing, line_of, words_at};

/// A file above this is refused.
const FILE_STOP: usize = 800;
/// A file above this is listed.
const FILE_TALK: usize = 400;
/// A function above this is refused.
const FUNCTION_STOP: usize = 100;
/// A function above this is listed.
const FUNCTION_TALK: usize = 70;

/// Files and functions over their budgets.
pub fn check(file: &Source) -> Vec<Finding> {
    let lines = file.lines().count();
    let mut all: Vec<Finding> = Vec::new();
    let mut say = |line, words, listed_only| {
        all.push(Finding {
            path: file.path.clone(),
            line,
            words,
            listed_only,
        });
    };
    if lines > FILE_TALK {
        say(
            1,
            format!("{lines} lines without tests; above {FILE_STOP} is refused"),
            lines <= FILE_STOP,
        );
    }
    for (line, name, length) in
        functions(file).filter(|(line, _, length)| *length > FUNCTION_TALK && !file.is_test(*line))
    {
        let words = format!("`{name}` has {length} lines; above {FUNCTION_STOP} is refused");
        say(line, words, length <= FUNCTION_STOP);
    }
    all
}

/// Each function with a body: first line, name, number of lines.
fn functions(file: &Source) -> impl Iterator<Item = (usize, &str, usize)> {
    let code = file.code.as_str();
    words_at(code, "fn").filter_map(move |at| {
        let name = code[at + 2..].trim_start();
        let name = &name[..name.find(['(', '<'])?];
        let body = body(code, at)?;
        let first = line_of(code, at);
        let last = line_of(code, closing(code, body) - 1);
        (!name.trim().is_empty()).then(|| (first, name.trim(), last - first + 1))
    })
}

/// Where the body of the function at `at` opens; `None` for one without a body.
fn body(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.bytes().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.checked_sub(1)?,
            b'{' if depth == 0 => return Some(offset),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::found;

    fn function_of(lines: usize) -> String {
        format!(
            "fn long(a: [u8; 3]) {{\n{}}}\n",
            "    step();\n".repeat(lines - 2)
        )
    }

    #[test]
    fn a_function_is_listed_above_seventy_and_refused_above_a_hundred() {
        for (lines, listed) in [
            (70, None),
            (71, Some(true)),
            (100, Some(true)),
            (101, Some(false)),
        ] {
            let all = check(&Source::new("a.rs", &function_of(lines)));
            assert_eq!(all.first().map(|one| one.listed_only), listed, "{lines}");
        }
    }

    #[test]
    fn a_file_is_listed_above_four_hundred_and_refused_above_eight_hundred() {
        for (lines, listed) in [
            (400, None),
            (401, Some(true)),
            (800, Some(true)),
            (801, Some(false)),
        ] {
            let all = check(&Source::new("a.rs", &"const A: u8 = 1;\n".repeat(lines)));
            assert_eq!(all.first().map(|one| one.listed_only), listed, "{lines}");
        }
    }

    #[test]
    fn tests_are_not_counted() {
        let text = format!(
            "fn a() {{}}\n#[cfg(test)]\nmod tests {{\n{}{}}}\n",
            function_of(200),
            "// x\n".repeat(900)
        );
        assert!(found(check, "a.rs", &text).is_empty());
    }

    #[test]
    fn a_function_without_a_body_and_a_function_pointer_are_no_functions() {
        let text = "trait T { fn a(&self); }\nstruct S { run: fn(u8) -> u8 }\n";
        assert_eq!(functions(&Source::new("a.rs", text)).count(), 0);
    }
}
