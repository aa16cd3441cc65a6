//! The graph of causes (R82): as an outline in words, and laid out to be drawn. Numbers and texts only;
//! a page makes lines and boxes of them.

use procedure::chapters::retrospective::{Cause, CauseKind, State};

use super::text;
use super::timeline::retrospective::cause_word;

/// Width of a box, in pixels.
const BOX_WIDTH: u32 = 224;
/// Height of a box, in pixels.
const BOX_HEIGHT: u32 = 92;
/// Pixels between two boxes beside each other.
const GAP_ACROSS: u32 = 24;
/// Pixels between two rows.
const GAP_DOWN: u32 = 44;
/// So many letters stand in a line of a box.
const LINE: usize = 27;
/// So many lines of a cause's text stand in its box.
const LINES: usize = 3;

/// A cause in the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its number, such as `C-1`.
    pub id: String,
    /// The entry that says it.
    pub seq: u64,
    /// What it is.
    pub kind: CauseKind,
    /// The same in words.
    pub kind_word: &'static str,
    /// In a sentence.
    pub words: String,
    /// How far it stands from what showed itself, which is at 0.
    pub depth: usize,
    /// What else it led to, besides the cause that it stands under.
    pub also: Vec<String>,
}

/// The graph, laid out: what showed itself at the top, what brought it about below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The causes.
    pub boxes: Vec<Drawn>,
    /// From a cause to what it led to.
    pub arrows: Vec<Arrow>,
}

/// A cause as a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Its number and what it is.
    pub head: String,
    /// Its text, cut into lines.
    pub lines: Vec<(u32, String)>,
    /// Its left edge, in pixels.
    pub x: u32,
    /// Its upper edge, in pixels.
    pub y: u32,
    /// Where its texts begin, in pixels.
    pub text_x: u32,
    /// The line of its head, in pixels.
    pub head_y: u32,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// A line between two boxes, from the cause up to what it led to, in pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// Where it begins.
    pub from: (u32, u32),
    /// Where it ends.
    pub to: (u32, u32),
    /// Half way up, where it bends.
    pub bend: u32,
}

/// The causes in words, each under the first that it led to, in the order in which they were said.
#[must_use]
pub fn outline(state: &State) -> Vec<Branch> {
    let mut out = Vec::new();
    let roots = state
        .causes
        .iter()
        .filter(|cause| above(state, cause).is_none());
    for root in roots {
        add(state, root, 0, &mut out);
    }
    out
}

fn add(state: &State, cause: &Cause, depth: usize, out: &mut Vec<Branch>) {
    if out.iter().any(|known| known.id == cause.id) {
        return;
    }
    let first = above(state, cause).map(|above| above.id.clone());
    let also = cause
        .parents
        .iter()
        .filter(|id| Some(*id) != first.as_ref());
    out.push(Branch {
        id: cause.id.clone(),
        seq: cause.mark.seq,
        kind: cause.kind,
        kind_word: cause_word(cause.kind),
        words: text(&cause.text).to_owned(),
        depth,
        also: also.cloned().collect(),
    });
    let below = state
        .causes
        .iter()
        .filter(|one| above(state, one).is_some_and(|a| a.id == cause.id));
    for one in below {
        add(state, one, depth + 1, out);
    }
}

/// The first cause that this one led to, if it is there.
fn above<'a>(state: &'a State, cause: &Cause) -> Option<&'a Cause> {
    cause.parents.iter().find_map(|id| state.find_cause(id))
}

/// The causes as boxes in rows, and the arrows between them; `None` where there are none.
#[must_use]
pub fn draw(state: &State) -> Option<Drawing> {
    let rows = rows(state);
    let widest = rows
        .iter()
        .map(Vec::len)
        .max()
        .filter(|widest| *widest > 0)?;
    let across = |n: usize| count(n) * (BOX_WIDTH + GAP_ACROSS) - GAP_ACROSS;
    let width = across(widest) + 4;
    let mut drawing = Drawing {
        width,
        height: count(rows.len()) * (BOX_HEIGHT + GAP_DOWN) - GAP_DOWN + 4,
        ..Drawing::default()
    };
    let mut placed: Vec<(&str, u32, u32)> = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let left = (width - across(row.len())) / 2;
        let y = 2 + count(n) * (BOX_HEIGHT + GAP_DOWN);
        // Beside each other as what they led to stands, so that few arrows cross.
        let mut row: Vec<(u64, &Cause)> = row
            .iter()
            .map(|cause| (middle(&placed, cause), *cause))
            .collect();
        row.sort_by_key(|(middle, _)| *middle);
        for (place, (_, cause)) in row.into_iter().enumerate() {
            let x = left + count(place) * (BOX_WIDTH + GAP_ACROSS);
            drawing.boxes.push(drawn(cause, x, y));
            for parent in &cause.parents {
                let found = placed.iter().find(|(id, ..)| id == parent);
                drawing
                    .arrows
                    .extend(found.map(|(_, to_x, to_y)| arrow((x, y), (*to_x, *to_y))));
            }
            placed.push((&cause.id, x, y));
        }
    }
    Some(drawing)
}

/// The causes by how far they stand from what showed itself: each below everything that it led to.
fn rows(state: &State) -> Vec<Vec<&Cause>> {
    let mut rows: Vec<Vec<&Cause>> = Vec::new();
    let mut left: Vec<&Cause> = state.causes.iter().collect();
    while !left.is_empty() {
        let waits = |cause: &&Cause| {
            left.iter()
                .any(|one| one.id != cause.id && cause.parents.contains(&one.id))
        };
        let (rest, row): (Vec<&Cause>, Vec<&Cause>) =
            left.iter().copied().partition(|cause| waits(cause));
        if row.is_empty() {
            // The engine lets nothing lead back to itself; what did would stand in one row.
            rows.push(rest);
            break;
        }
        rows.push(row);
        left = rest;
    }
    rows
}

/// Where the middle of what a cause led to stands; nothing stands at nought.
fn middle(placed: &[(&str, u32, u32)], cause: &Cause) -> u64 {
    let led_to = placed.iter().filter(|(id, ..)| cause.parents.contains(*id));
    let (sum, n) = led_to.fold((0, 0), |(sum, n), (_, x, _)| (sum + u64::from(*x), n + 1));
    u64::checked_div(sum, n).unwrap_or(0)
}

fn drawn(cause: &Cause, x: u32, y: u32) -> Drawn {
    let lines = wrapped(text(&cause.text));
    let line = |(n, words): (usize, String)| (y + 42 + count(n) * 19, words);
    Drawn {
        head: format!("{} {}", cause.id, brief(cause.kind)),
        lines: lines.into_iter().enumerate().map(line).collect(),
        x,
        y,
        text_x: x + 10,
        head_y: y + 22,
        width: BOX_WIDTH,
        height: BOX_HEIGHT,
    }
}

/// What a cause is, in a word.
fn brief(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::How => "how",
        CauseKind::Why => "why",
        CauseKind::Control => "control",
        CauseKind::Condition => "condition",
        CauseKind::Vulnerability => "weakness",
    }
}

fn arrow((x, y): (u32, u32), (to_x, to_y): (u32, u32)) -> Arrow {
    let half = BOX_WIDTH / 2;
    let bottom = to_y + BOX_HEIGHT;
    Arrow {
        from: (x + half, y),
        to: (to_x + half, bottom + 6),
        bend: (y + bottom) / 2,
    }
}

/// A text in the lines of a box; what does not fit is cut off.
fn wrapped(words: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in words.split_whitespace() {
        let mut word = word;
        loop {
            let line = lines.last().map_or(0, |line| wide(line));
            let gap = usize::from(line > 0);
            if line + gap + wide(word) <= LINE {
                push(&mut lines, gap, word);
                break;
            }
            if line > 0 {
                lines.push(String::new());
                continue;
            }
            let fits = fitting(word);
            push(&mut lines, 0, &word[..fits]);
            lines.push(String::new());
            word = &word[fits..];
        }
    }
    lines.retain(|line| !line.is_empty());
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

fn push(lines: &mut [String], gap: usize, word: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(&" ".repeat(gap));
        line.push_str(word);
    }
}

/// How many bytes of a long word stand in a line of its own.
fn fitting(word: &str) -> usize {
    let mut seen = 0;
    for (at, letter) in word.char_indices() {
        seen += wide_as(letter);
        if seen > LINE && at > 0 {
            return at;
        }
    }
    word.len()
}

fn wide(words: &str) -> usize {
    words.chars().map(wide_as).sum()
}

/// A sign of East Asia is as wide as two letters.
fn wide_as(letter: char) -> usize {
    if u32::from(letter) >= 0x1100 { 2 } else { 1 }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX / 1_024)
}

#[cfg(test)]
mod tests {
    use procedure::chapters::retrospective::{Cause, State};
    use procedure::mark::Mark;
    use procedure::{Text, Who};

    use super::*;

    fn state(causes: &[(&str, &[&str])]) -> State {
        let cause = |(id, parents): &(&str, &[&str])| Cause {
            id: (*id).to_owned(),
            mark: Mark {
                seq: 1,
                at: jiff::Timestamp::UNIX_EPOCH,
                by: Who::System,
            },
            text: Text::from(format!("What {id} is").as_str()),
            kind: CauseKind::How,
            parents: parents.iter().map(|id| (*id).to_owned()).collect(),
        };
        State {
            causes: causes.iter().map(cause).collect(),
            ..State::default()
        }
    }

    #[test]
    fn every_cause_stands_below_all_that_it_led_to_and_none_upon_another() {
        let state = state(&[
            ("C-1", &[]),
            ("C-2", &["C-1"]),
            ("C-3", &["C-1"]),
            ("C-4", &["C-2", "C-3"]),
            ("C-5", &["C-4", "C-1"]),
            ("C-6", &[]),
        ]);
        let drawing = draw(&state).unwrap_or_default();
        let found = |id: &str| {
            drawing
                .boxes
                .iter()
                .find(|one| one.head.starts_with(id))
                .map(|one| (one.x, one.y))
        };
        for cause in &state.causes {
            for parent in &cause.parents {
                assert!(
                    found(&cause.id).map(|at| at.1) > found(parent).map(|at| at.1),
                    "{} under {parent}",
                    cause.id
                );
            }
        }
        assert_eq!((drawing.boxes.len(), drawing.arrows.len()), (6, 6));
        for (n, one) in drawing.boxes.iter().enumerate() {
            assert!(one.x + one.width <= drawing.width && one.y + one.height <= drawing.height);
            let apart = |other: &Drawn| {
                one.x + one.width <= other.x
                    || other.x + other.width <= one.x
                    || one.y + one.height <= other.y
                    || other.y + other.height <= one.y
            };
            assert!(drawing.boxes.iter().skip(n + 1).all(apart), "{one:?}");
        }
    }

    #[test]
    fn the_outline_says_each_cause_once_and_what_else_it_led_to() {
        let state = state(&[
            ("C-1", &[]),
            ("C-2", &["C-1"]),
            ("C-3", &["C-2", "C-1"]),
            ("C-4", &["C-9"]),
        ]);
        let said: Vec<_> = outline(&state)
            .into_iter()
            .map(|one| (one.id, one.depth, one.also.join(",")))
            .collect();
        let wanted = [
            ("C-1", 0, ""),
            ("C-2", 1, ""),
            ("C-3", 1, "C-2"),
            ("C-4", 0, "C-9"),
        ];
        assert_eq!(
            said,
            wanted.map(|(id, depth, also)| (id.to_owned(), depth, also.to_owned()))
        );
    }

    #[test]
    fn a_text_stays_in_its_box() {
        let long = "Donaudampfschifffahrtsgesellschaftskapitän has 漢字漢字漢字漢字漢字漢字漢字漢字漢字 and more and more and more";
        let lines = wrapped(long);
        assert!(
            lines.len() == LINES && lines.iter().all(|line| wide(line) <= LINE + 1),
            "{lines:?}"
        );
        assert!(lines.last().is_some_and(|line| line.ends_with('…')));
        assert_eq!(wrapped("two words"), ["two words"]);
    }
}
