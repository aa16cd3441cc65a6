//! The playbook as a document on a page: the Markdown that the engine writes of it, piece by piece. It is our own Markdown
//! of a few sorts of line, not anybody's: headings, lists, boxes, tables, paragraphs. Words stay words.

/// A piece of the document.
pub(super) enum Piece {
    Heading(u8, String, String),
    List(Vec<String>),
    Table(Vec<String>, Vec<Vec<String>>),
    Words(String),
}

/// The pieces of a document. Headings go one down, since the page has its own, and have a place to be led to.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    for (n, block) in text.split("\n\n").enumerate() {
        let block = block.trim();
        if block.is_empty() {
            continue;
        }
        let lines: Vec<&str> = block.lines().collect();
        let marks = block.len() - block.trim_start_matches('#').len();
        all.push(if (1..=3).contains(&marks) {
            let level = if marks == 3 { 3 } else { 2 };
            Piece::Heading(
                level,
                format!("part-{n}"),
                plain(block.trim_start_matches('#')),
            )
        } else if block.starts_with("- ") {
            Piece::List(lines.into_iter().map(item).collect())
        } else if block.starts_with('|') {
            table(&lines)
        } else {
            Piece::Words(plain(block))
        });
    }
    all
}

fn item(line: &str) -> String {
    let line = line.trim_start_matches("- ");
    match line.strip_prefix("[ ]") {
        Some(box_line) => format!("☐ {}", plain(box_line)),
        None => plain(line),
    }
}

fn table(lines: &[&str]) -> Piece {
    let cells = |line: &&str| {
        let line = line.trim().trim_matches('|').replace("\\|", "\u{1}");
        let cells = line
            .split('|')
            .map(|cell| plain(&cell.replace('\u{1}', "|")));
        cells.collect::<Vec<_>>()
    };
    let head = lines.first().map(cells).unwrap_or_default();
    Piece::Table(head, lines.iter().skip(2).map(cells).collect())
}

/// Without the marks of Markdown that stand inside of lines.
fn plain(text: &str) -> String {
    text.replace(['`', '*'], "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_shipped_playbook_stands_in_a_piece() {
        let text = procedure::playbook::show::show(&crate::founding::handbook());
        let mut said = String::new();
        let mut tables = 0;
        for piece in pieces(&text) {
            match piece {
                Piece::Heading(_, _, words) | Piece::Words(words) => said.push_str(&words),
                Piece::List(items) => said.push_str(&items.concat()),
                Piece::Table(head, rows) => {
                    tables += 1;
                    assert!(rows.iter().all(|row| row.len() == head.len()), "{rows:?}");
                    said.push_str(&(head.concat() + &rows.concat().concat()));
                }
            }
        }
        assert!(
            tables > 0 && said.len() > text.len() / 2,
            "{} of {}",
            said.len(),
            text.len()
        );
        assert!(!said.contains("# ") && !said.contains("---|"), "{said}");
    }
}
