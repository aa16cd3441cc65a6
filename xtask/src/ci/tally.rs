//! Counting tests from the closing lines of their runners.

use std::fmt;
use std::iter::Sum;

/// Tests that ran, by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ended well.
    pub passed: u64,
    /// Failed, timed out, or could not be started.
    pub failed: u64,
    /// Known to the runner but not run.
    pub skipped: u64,
}

impl Tally {
    /// The sum after a second run of nothing but tests that were skipped before: it knew the others
    /// too and skipped them, which says nothing.
    pub fn with_skipped_ones_run(self, after: Self) -> Self {
        let ran = after.passed + after.failed - self.passed - self.failed;
        Self {
            skipped: self.skipped.saturating_sub(ran),
            ..after
        }
    }

    /// All that the runner knew of.
    pub fn sum(self) -> u64 {
        self.passed + self.failed + self.skipped
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Tally>>(tallies: I) -> Tally {
        tallies.fold(Tally::default(), |all, one| Tally {
            passed: all.passed + one.passed,
            failed: all.failed + one.failed,
            skipped: all.skipped + one.skipped,
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Which program ran the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// `cargo nextest run`: one closing line.
    Nextest,
    /// `cargo test`: one closing line per test binary.
    CargoTest,
}

impl Runner {
    /// The runner's own closing lines. Nextest shows the output of failed tests, which
    /// may hold lines that look like `cargo test`'s; only the last `Summary` counts.
    pub fn closing_lines(self, lines: &[String]) -> Vec<&str> {
        let mut lines = lines.iter().map(String::as_str);
        match self {
            Runner::Nextest => lines
                .rfind(|line| line.trim_start().starts_with("Summary ["))
                .into_iter()
                .collect(),
            Runner::CargoTest => lines
                .filter(|line| line.starts_with("test result:"))
                .collect(),
        }
    }

    /// The counts in one closing line.
    pub fn read(self, line: &str) -> Tally {
        let counts = match self {
            Runner::Nextest => line.split_once(" run:").map_or("", |(_, counts)| counts),
            Runner::CargoTest => line.split_once(". ").map_or("", |(_, counts)| counts),
        };
        let plain = without_parentheses(counts);
        let mut tally = Tally::default();
        for part in plain.split([',', ';']) {
            let Some((number, word)) = part.trim().split_once(' ') else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match word.trim() {
                "passed" => tally.passed += number,
                "failed" | "timed out" | "exec failed" => tally.failed += number,
                "skipped" | "ignored" => tally.skipped += number,
                _ => {}
            }
        }
        tally
    }
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|letter| {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_was_skipped_and_then_run_is_counted_once() {
        let tally = |passed, failed, skipped| Tally {
            passed,
            failed,
            skipped,
        };
        let sum = tally(100, 0, 7).with_skipped_ones_run(tally(105, 1, 7 + 100));
        assert_eq!(sum, tally(105, 1, 1));
    }

    #[test]
    fn the_summary_of_nextest_is_read() {
        let line = "     Summary [   0.8s] 12 tests run: 9 passed (1 slow, 1 leaky), 2 failed, 1 timed out, 4 skipped";
        assert_eq!(
            Runner::Nextest.read(line),
            Tally {
                passed: 9,
                failed: 3,
                skipped: 4
            }
        );
        let one = "     Summary [   0.005s] 1 test run: 1 passed, 0 skipped";
        assert_eq!(
            Runner::Nextest.read(one),
            Tally {
                passed: 1,
                failed: 0,
                skipped: 0
            }
        );
    }

    #[test]
    fn a_line_inside_the_output_of_a_failed_test_is_not_counted() {
        let lines = [
            "    test result: FAILED. 0 passed; 1 failed; 0 ignored".to_owned(),
            "test result: ok. 50 passed; 0 failed; 0 ignored".to_owned(),
            "     Summary [   0.1s] 2 tests run: 1 passed, 1 failed, 0 skipped".to_owned(),
        ];
        assert_eq!(Runner::Nextest.closing_lines(&lines).len(), 1);
    }

    #[test]
    fn the_lines_of_cargo_test_are_summed() {
        let lines = [
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out".to_owned(),
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out"
                .to_owned(),
        ];
        let closing = Runner::CargoTest.closing_lines(&lines);
        let all: Tally = closing
            .iter()
            .map(|line| Runner::CargoTest.read(line))
            .sum();
        assert_eq!(
            all,
            Tally {
                passed: 5,
                failed: 1,
                skipped: 1
            }
        );
    }

    #[test]
    fn the_tally_names_skipped_tests_only_if_there_are_any() {
        assert_eq!(
            Tally {
                passed: 2,
                failed: 0,
                skipped: 0
            }
            .to_string(),
            "2 passed, 0 failed"
        );
        assert_eq!(
            Tally {
                passed: 2,
                failed: 1,
                skipped: 3
            }
            .to_string(),
            "2 passed, 1 failed, 3 skipped"
        );
    }
}
