//! A table as people paste it: from a spreadsheet (tabs), from a file (commas or semicolons, quotes as in RFC 4180), with
//! or without a byte order mark, with any line ends. Every row keeps the number of its line and its text as it came, so
//! that nothing that was pasted is lost.

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its cells, without blank ends.
    pub cells: Vec<String>,
    /// As it came.
    pub raw: String,
    /// A quote in it is not closed.
    pub torn: bool,
}

/// The rows that say anything. A row is a line: a quote that is not closed ends with its own, so that one slip swallows
/// nothing of the table, and no cell of a contact sheet needs two lines.
pub(super) fn rows(text: &str) -> Vec<Row> {
    let text = text.trim_start_matches('\u{feff}');
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let parts = separator(&text);
    let row = |(n, raw): (usize, &str)| {
        let (cells, torn) = cells(raw, parts);
        let (line, raw) = (n + 1, raw.to_owned());
        let says = cells.iter().any(|cell| !cell.is_empty());
        says.then_some(Row {
            line,
            cells,
            raw,
            torn,
        })
    };
    text.lines().enumerate().filter_map(row).collect()
}

/// What stands most often in the first line: a tab, a semicolon, else a comma.
fn separator(text: &str) -> char {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |c: char| first.matches(c).count();
    let most = ['\t', ';', ','].into_iter().map(|c| (count(c), c));
    most.rev().max_by_key(|(n, _)| *n).map_or(',', |(_, c)| c)
}

/// The cells of a line, and whether a quote in it is open.
fn cells(line: &str, parts: char) -> (Vec<String>, bool) {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            c if c == parts && !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    let trimmed = cells.into_iter().map(|cell| cell.trim().to_owned());
    (trimmed.collect(), quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        rows(text).into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn a_table_is_read_whatever_parts_it() {
        let wanted = vec![vec!["name", "mail"], vec!["Doe, Jane", "jane@example.org"]];
        for text in [
            "name,mail\n\"Doe, Jane\",jane@example.org\n",
            "\u{feff}name;mail\r\nDoe, Jane;jane@example.org",
            "name\tmail\r\rDoe, Jane\t jane@example.org \r",
        ] {
            assert_eq!(cells(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn quotes_hold_what_parts_and_are_doubled() {
        let rows = rows("name,mail\n\n\"Doe, Jane \"\"JD\"\"\",a@b.c\nBob,b@b.c");
        assert_eq!(rows[1].cells, ["Doe, Jane \"JD\"", "a@b.c"]);
        assert_eq!((rows[1].line, rows[2].line), (3, 4));
    }

    #[test]
    fn a_quote_that_is_not_closed_costs_its_own_line_alone() {
        let rows = rows("name,mail\n\"Jane,a@b.c\nBob,b@b.c\n");
        assert!(rows[1].torn && !rows[2].torn);
        assert_eq!(rows[1].raw, "\"Jane,a@b.c");
        assert_eq!(rows[2].cells, ["Bob", "b@b.c"]);
    }

    #[test]
    fn ten_thousand_lines_of_open_quotes_are_read_in_no_time() {
        let text = "\"a,b\n".repeat(9_999) + "c,d";
        let rows = rows(&text);
        assert_eq!(rows.iter().filter(|row| row.torn).count(), 9_999);
    }
}
