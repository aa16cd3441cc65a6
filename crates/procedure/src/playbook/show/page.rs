//! Markdown, piece by piece: each piece ends with an empty line.

use alloc::format;
use alloc::string::String;

pub(super) struct Page(String);

impl Page {
    pub(super) fn new(title: &str) -> Self {
        Self(format!("# {title}\n\n"))
    }

    pub(super) fn section(&mut self, title: &str) {
        self.0 += &format!("## {title}\n\n");
    }

    pub(super) fn subsection(&mut self, title: &str) {
        self.0 += &format!("### {title}\n\n");
    }

    pub(super) fn paragraph(&mut self, words: &str) {
        if !words.is_empty() {
            self.0 += &format!("{words}\n\n");
        }
    }

    pub(super) fn list<S: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = S>) {
        self.lines("-", lines);
    }

    /// Lines with a box to tick.
    pub(super) fn boxes<S: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = S>) {
        self.lines("- [ ]", lines);
    }

    pub(super) fn table<const N: usize>(
        &mut self,
        head: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) {
        self.0 += &format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
        for row in rows {
            let cells = row.map(|cell| cell.replace('|', "\\|"));
            self.0 += &format!("| {} |\n", cells.join(" | "));
        }
        self.0.push('\n');
    }

    pub(super) fn finish(self) -> String {
        format!("{}\n", self.0.trim_end())
    }

    fn lines<S: AsRef<str>>(&mut self, bullet: &str, lines: impl IntoIterator<Item = S>) {
        let before = self.0.len();
        for line in lines {
            self.0 += &format!("{bullet} {}\n", line.as_ref());
        }
        if self.0.len() > before {
            self.0.push('\n');
        }
    }
}
