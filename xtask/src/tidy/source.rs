//! One Rust file, cut into what the rules look at: code without comments and literals,
//! the strings, and which lines are tests.

/// One Rust file. Lines count from 1.
pub struct Source {
    /// From the top of the repository, with `/`.
    pub path: String,
    /// As it stands.
    pub text: String,
    /// The same lines; comments and the insides of literals are spaces.
    pub code: String,
    /// Each string literal: the line where it starts, and what stands between its quotes.
    pub strings: Vec<(usize, String)>,
    tests: Vec<bool>,
}

impl Source {
    /// Cuts `text`.
    pub fn new(path: &str, text: &str) -> Source {
        let (code, strings) = blank(text);
        let tests = test_lines(&code);
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
            strings,
            tests,
        }
    }

    /// Whether a line belongs to a test.
    pub fn is_test(&self, line: usize) -> bool {
        self.tests.get(line - 1).copied().unwrap_or_default()
    }

    /// Marks the whole file as a test.
    pub fn all_tests(&mut self) {
        self.tests.fill(true);
    }

    /// Lines of code that are not tests, with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            .filter(|(line, _)| !self.is_test(*line))
    }

    /// The strings outside tests, with their line numbers.
    pub fn words(&self) -> impl Iterator<Item = (usize, &str)> {
        self.strings
            .iter()
            .filter(|(line, _)| !self.is_test(*line))
            .map(|(line, words)| (*line, words.as_str()))
    }

    /// Where the modules live that this file declares for tests only, without `.rs`.
    pub fn test_modules(&self) -> Vec<String> {
        let own = self.path.trim_end_matches(".rs");
        let folder = match own.rsplit_once('/') {
            Some((folder, "mod" | "lib" | "main")) => folder,
            _ => own,
        };
        let marked = self
            .code
            .lines()
            .enumerate()
            .filter(|(index, _)| self.is_test(index + 1));
        marked
            .filter_map(|(_, line)| line.trim().strip_suffix(';')?.rsplit_once("mod "))
            .map(|(_, name)| format!("{folder}/{}", name.trim()))
            .collect()
    }
}

/// The number of the line that holds the byte `at`.
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

/// Whether a letter can be part of a name.
pub fn in_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where `name` stands in `code` as a whole word.
pub fn words_at<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(name)
        .map(|(at, _)| at)
        .filter(move |at| {
            !code[..*at].ends_with(in_name) && !code[at + name.len()..].starts_with(in_name)
        })
}

/// The byte after the brace that closes the one at `open`; the end, if none does.
pub fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

fn test_lines(code: &str) -> Vec<bool> {
    let mut tests = vec![false; code.lines().count()];
    for mark in ["#[cfg(test)]", "#[cfg(all(test"] {
        for (at, _) in code.match_indices(mark) {
            let rest = at + mark.len();
            let end = match code[rest..].find(['{', ';']) {
                Some(found) if code.as_bytes()[rest + found] == b'{' => closing(code, rest + found),
                Some(found) => rest + found,
                None => code.len(),
            };
            let last = line_of(code, end.min(code.len())).min(tests.len());
            tests[line_of(code, at) - 1..last].fill(true);
        }
    }
    tests
}

/// Cuts comments and literals out of Rust source.
struct Cutter<'a> {
    rest: &'a str,
    line: usize,
    code: String,
    strings: Vec<(usize, String)>,
}

fn blank(text: &str) -> (String, Vec<(usize, String)>) {
    let mut cutter = Cutter {
        rest: text,
        line: 1,
        code: String::with_capacity(text.len()),
        strings: Vec::new(),
    };
    while !cutter.rest.is_empty() {
        cutter.step();
    }
    (cutter.code, cutter.strings)
}

impl Cutter<'_> {
    fn step(&mut self) {
        let rest = self.rest;
        let named = self.code.ends_with(in_name);
        if rest.starts_with("//") {
            self.hide(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.hide(comment_length(rest));
        } else if let Some(hashes) =
            raw_string_hashes(rest).filter(|_| !named || self.after_prefix())
        {
            self.string(hashes + 2, &format!("\"{}", "#".repeat(hashes)));
        } else if rest.starts_with('"') {
            self.string(1, "\"");
        } else if let Some(length) = char_length(rest) {
            self.show(1);
            self.hide(length - 2);
            self.show(1);
        } else {
            self.show(rest.chars().next().map_or(0, char::len_utf8));
        }
    }

    /// Whether the code so far ends with the `b` or `c` of a literal such as `br"…"`.
    fn after_prefix(&self) -> bool {
        let mut letters = self.code.chars().rev();
        matches!(letters.next(), Some('b' | 'c')) && !letters.next().is_some_and(in_name)
    }

    fn string(&mut self, opening: usize, close: &str) {
        let inside = &self.rest[opening..];
        let length = if close.len() == 1 && opening == 1 {
            escaped_length(inside)
        } else {
            inside.find(close)
        };
        let length = length.unwrap_or(inside.len());
        self.strings.push((self.line, inside[..length].to_owned()));
        self.show(opening);
        self.hide(length);
        self.show(close.len().min(self.rest.len()));
    }

    fn show(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.code.push_str(taken);
        self.rest = rest;
    }

    fn hide(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.code.extend(
            taken
                .chars()
                .map(|letter| if letter == '\n' { '\n' } else { ' ' }),
        );
        self.rest = rest;
    }
}

fn comment_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// For `r"` the answer is 0, for `r##"` it is 2.
fn raw_string_hashes(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let bare = after.trim_start_matches('#');
    bare.starts_with('"').then_some(after.len() - bare.len())
}

fn escaped_length(inside: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// The length of a character literal; `None` for a lifetime.
fn char_length(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let mut letters = inside.char_indices();
    let (_, first) = letters.next()?;
    if first == '\\' {
        letters.next();
        return Some(inside[letters.offset()..].find('\'')? + letters.offset() + 2);
    }
    let (at, second) = letters.next()?;
    (second == '\'').then_some(at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_lines_kept() {
        let text = "let a = \"x // { y\"; // HashMap\n/* { /* } */ */ let b = '{'; let c: &'a str = r#\"q\"{\"#;\n";
        let file = Source::new("a.rs", text);
        assert!(!file.code.contains("HashMap"));
        assert!(!file.code.contains('{'), "{}", file.code);
        assert_eq!(file.code.lines().count(), text.lines().count());
        let words: Vec<&str> = file
            .strings
            .iter()
            .map(|(_, words)| words.as_str())
            .collect();
        assert_eq!(words, ["x // { y", "q\"{"]);
    }

    #[test]
    fn escapes_byte_strings_and_lifetimes_do_not_confuse_the_cutter() {
        let text = "f(b\"a\\\"b\", '\\'', '\\u{7b}', br\"\\\", &'static X, r#fn, 'ä', \"end\")";
        let file = Source::new("a.rs", text);
        let words: Vec<&str> = file
            .strings
            .iter()
            .map(|(_, words)| words.as_str())
            .collect();
        assert_eq!(words, ["a\\\"b", "\\", "end"]);
        assert!(file.code.contains("&'static X, r#fn"), "{}", file.code);
    }

    #[test]
    fn only_the_marked_item_is_a_test() {
        let text = "#[cfg(test)]\nmod suite;\nfn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        let file = Source::new("crates/x/src/store/mod.rs", text);
        let lines: Vec<usize> = (1..=8).filter(|line| file.is_test(*line)).collect();
        assert_eq!(lines, [1, 2, 4, 5, 6, 7]);
        assert_eq!(file.test_modules(), ["crates/x/src/store/suite"]);
    }
}
