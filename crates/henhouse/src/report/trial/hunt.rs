//! The hunt for a way that is taken. Most fields of most forms change nothing of the answer: so at each answer that is
//! new each field is turned by itself, and only then are fields turned together.

use procedure::{Refusal, RefusalKind as Kind};
use serde_json::Value;

use super::filling::Mode;
use super::{Came, Heard, Trial, body};
use crate::report::forms::Form;

/// Each choice of a field once beside each choice of the others: so many of them, before anything else.
const SEEDS: usize = 4;
/// Up to so many ways, all of them are asked.
const FEW: usize = 500;

#[cfg(test)]
thread_local! {
    /// So many ways were given to the engine.
    pub(in crate::report) static GIVEN: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// One way: a mode, and of each field its choice.
type Way = (usize, Vec<usize>);

pub(super) struct Hunt<'a> {
    trial: Trial<'a>,
    form: &'a Form,
    ways: &'a [&'a [Option<Value>]],
    modes: Vec<Mode>,
    heard: Heard,
    /// Each answer once, without what was chosen.
    answers: Vec<String>,
    /// Ways with an answer that was new, and which it was; each field of them is still to be turned.
    new: Vec<(Way, usize)>,
    /// The fields that changed an answer.
    matters: Vec<bool>,
    modes_matter: bool,
    left: usize,
}

/// It is known what comes of it.
struct Over(Came);

impl<'a> Hunt<'a> {
    pub(super) fn new(
        trial: Trial<'a>,
        form: &'a Form,
        ways: &'a [&'a [Option<Value>]],
        (heard, tries): (Heard, usize),
    ) -> Self {
        Self {
            heard,
            modes: Mode::of(form),
            answers: Vec::new(),
            new: Vec::new(),
            matters: vec![false; ways.len()],
            modes_matter: false,
            left: tries,
            trial,
            form,
            ways,
        }
    }

    pub(super) fn came(mut self) -> Came {
        let over = self.seed().and_then(|()| self.turn_each());
        match over.and_then(|()| self.turn_together()) {
            Err(Over(came)) => came,
            Ok(()) => self.heard.came(),
        }
    }

    /// Some that differ in as much as they can.
    fn seed(&mut self) -> Result<(), Over> {
        let longest = self.ways.iter().map(|ways| ways.len()).max();
        for n in 0..longest.unwrap_or_default().clamp(1, SEEDS) {
            let turn: Vec<usize> = self.ways.iter().map(|ways| n % ways.len()).collect();
            for mode in 0..self.modes.len() {
                self.ask((mode, turn.clone()))?;
            }
        }
        Ok(())
    }

    /// From each answer on that is new, each field by itself.
    fn turn_each(&mut self) -> Result<(), Over> {
        while let Some((way, answer)) = self.new.pop() {
            for mode in (0..self.modes.len()).filter(|mode| *mode != way.0) {
                self.modes_matter |= self.ask((mode, way.1.clone()))? != answer;
            }
            for field in 0..self.ways.len() {
                for choice in 0..self.choices(field) {
                    let mut other = way.clone();
                    if self.is_turned(&mut other, field, choice) {
                        let changed = self.ask(other)? != answer;
                        self.mark(field, changed);
                    }
                }
            }
        }
        Ok(())
    }

    /// All together where that is little; else those that matter, and then each two: who has which role neither of two
    /// fields says alone. One alone was turned already.
    fn turn_together(&mut self) -> Result<(), Over> {
        let all: Vec<usize> = (0..self.ways.len())
            .filter(|n| self.choices(*n) > 1)
            .collect();
        // What is typed decides, or nothing does: no way that was left out would change that.
        if self.heard.unsure || self.is_plain() || all.len() + self.modes.len() < 3 {
            return Ok(());
        }
        let choices = all.iter().map(|n| self.choices(*n));
        let ways = choices.fold(self.modes.len(), usize::saturating_mul);
        if ways <= FEW {
            return self.turn_all(&all, self.modes.len());
        }
        let modes = if self.modes_matter {
            self.modes.len()
        } else {
            1
        };
        let matters: Vec<usize> = all.iter().copied().filter(|n| self.matters(*n)).collect();
        if matters.len() > 1 {
            self.turn_all(&matters, modes)?;
        }
        for (n, one) in all.iter().enumerate() {
            for other in all.iter().skip(n + 1) {
                self.turn_all(&[*one, *other], modes)?;
            }
        }
        Ok(())
    }

    /// It is so already, or they may not, however it was filled in.
    fn is_plain(&self) -> bool {
        let sure = |no: &Refusal| matches!(no.kind, Kind::Conflict | Kind::Forbidden);
        self.answers.len() == 1 && self.heard.first.as_ref().is_some_and(sure)
    }

    fn turn_all(&mut self, fields: &[usize], modes: usize) -> Result<(), Over> {
        for mode in 0..modes {
            let mut turn = vec![0; self.ways.len()];
            loop {
                self.ask((mode, turn.clone()))?;
                if !self.next(fields, &mut turn) {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Which answer it is.
    fn ask(&mut self, way: Way) -> Result<usize, Over> {
        let Some(left) = self.left.checked_sub(1) else {
            return Err(Over(Came::Open));
        };
        self.left = left;
        let mode = self.modes.get(way.0).copied().unwrap_or(Mode::Full);
        let given = self.trial.give(body(self.form, self.ways, &way.1, mode));
        let Err(no) = given else {
            return Err(Over(Came::Taken));
        };
        let said = no.as_ref().map_or_else(String::new, |no| {
            let said = format!("{:?} {} {}", no.kind, no.waivable, no.sentence);
            self.without_choices(said, &way.1)
        });
        self.heard.hear(no);
        let known = self.answers.iter().position(|one| *one == said);
        Ok(known.unwrap_or_else(|| {
            self.answers.push(said);
            self.new.push((way, self.answers.len() - 1));
            self.answers.len() - 1
        }))
    }

    /// That Ann has no such role and that Bob has none is the same answer.
    fn without_choices(&self, said: String, turn: &[usize]) -> String {
        let chosen = self.ways.iter().zip(turn);
        let chosen = chosen.filter_map(|(ways, turn)| ways.get(*turn)?.as_ref()?.as_str());
        chosen.fold(said, |said, choice| without(&said, choice))
    }

    fn choices(&self, field: usize) -> usize {
        self.ways.get(field).map_or(0, |ways| ways.len())
    }

    fn matters(&self, field: usize) -> bool {
        self.matters.get(field).copied().unwrap_or_default()
    }

    fn mark(&mut self, field: usize, changed: bool) {
        if let Some(matters) = self.matters.get_mut(field) {
            *matters |= changed;
        }
    }

    /// Turns a field of a way; not where it says that already, or where its mode does not say the field.
    fn is_turned(&self, way: &mut Way, field: usize, choice: usize) -> bool {
        let mode = self.modes.get(way.0).copied().unwrap_or(Mode::Full);
        let said = self
            .form
            .fields
            .get(field)
            .is_some_and(|one| mode.says(one));
        match way.1.get_mut(field) {
            Some(stands) if said && *stands != choice => {
                *stands = choice;
                true
            }
            _ => false,
        }
    }

    /// The next of those fields together, the last first; none after all of them.
    fn next(&self, fields: &[usize], turn: &mut [usize]) -> bool {
        for field in fields.iter().rev() {
            let Some(stands) = turn.get_mut(*field) else {
                continue;
            };
            *stands += 1;
            if *stands < self.choices(*field) {
                return true;
            }
            *stands = 0;
        }
        false
    }
}

/// A sentence without a word.
fn without(said: &str, word: &str) -> String {
    let is_edge = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    let (mut kept, mut rest) = (String::new(), said);
    while let Some((before, after)) = rest.split_once(word).filter(|_| !word.is_empty()) {
        kept.push_str(before);
        let alone = is_edge(kept.chars().next_back()) && is_edge(after.chars().next());
        kept.push_str(if alone { "…" } else { word });
        rest = after;
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_out_of_a_sentence_and_out_of_no_other_word() {
        assert_eq!(
            without("ann cannot, and Bo is not ann.", "ann"),
            "… cannot, and Bo is not …."
        );
        assert_eq!(without("", "ann"), "");
    }
}
