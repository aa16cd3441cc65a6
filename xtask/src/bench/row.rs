//! One row of the table, and the median of five.

use anyhow::Result;

/// How often each figure is measured.
const TIMES: usize = 5;

/// The head of the table.
pub const HEAD: &str = "figure                                    goal           measured (min to max)                   limit            ratio";

/// One figure.
pub struct Row {
    /// What is measured, in at most 40 letters, without the unit.
    pub figure: &'static str,
    /// The unit of figure, goal and limit, such as `writes/s`.
    pub unit: &'static str,
    /// What we want to reach, as a sentence part such as `>= 500`; empty for a bare limit.
    pub goal: &'static str,
    /// Measures it.
    pub measure: fn() -> Result<Outcome>,
    /// What this machine could do at most, measured in the same run and unit.
    pub limit: Option<fn() -> Result<f64>>,
}

/// What came of measuring.
pub enum Outcome {
    /// Five figures.
    Done(Measured),
    /// Why there is none.
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "rows of the product use it while their part is missing"
        )
    )]
    NotMeasured(&'static str),
}

/// Five figures of the same thing, ordered.
pub struct Measured([f64; TIMES]);

impl Measured {
    /// Measures five times.
    ///
    /// # Errors
    /// The first error of `once`.
    pub fn five(once: impl Fn() -> Result<f64>) -> Result<Measured> {
        let mut figures = [0.0; TIMES];
        for figure in &mut figures {
            *figure = once()?;
        }
        figures.sort_by(f64::total_cmp);
        Ok(Measured(figures))
    }

    /// The one in the middle.
    pub fn median(&self) -> f64 {
        self.0[TIMES / 2]
    }
}

impl Row {
    /// The row as it is printed.
    pub fn line(&self, outcome: &Outcome, limit: Option<&Measured>) -> String {
        let goal = if self.goal.is_empty() { "-" } else { self.goal };
        let measured = match outcome {
            Outcome::Done(five) => five,
            Outcome::NotMeasured(why) => {
                return format!("{:<42}{goal:<15}not measured, because {why}", self.figure);
            }
        };
        let spread = format!(
            "{} ({} to {}) {}",
            short(measured.median()),
            short(measured.0[0]),
            short(measured.0[TIMES - 1]),
            self.unit
        );
        let beside = limit.map_or_else(
            || format!("{:<17}-", "-"),
            |limit| {
                format!(
                    "{:<17}{:.2}",
                    short(limit.median()),
                    measured.median() / limit.median()
                )
            },
        );
        format!("{:<42}{goal:<15}{spread:<40}{beside}", self.figure)
    }
}

/// Three figures that count: `0.0123`, `4.56`, `789`, `12,345`.
fn short(figure: f64) -> String {
    if figure >= 1000.0 {
        let digits = format!("{figure:.0}");
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        return grouped;
    }
    match figure {
        _ if figure >= 100.0 => format!("{figure:.0}"),
        _ if figure >= 1.0 => format!("{figure:.2}"),
        _ => format!("{figure:.4}"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at once")]

    use std::cell::Cell;

    use super::*;

    fn row() -> Row {
        Row {
            figure: "reports kept",
            unit: "reports/s",
            goal: ">= 500",
            measure: || Ok(Outcome::NotMeasured("x")),
            limit: None,
        }
    }

    fn five() -> Measured {
        let next = Cell::new(6.0);
        Measured::five(|| {
            next.set(next.get() - 1.0);
            Ok(next.get() * 1000.0)
        })
        .unwrap()
    }

    #[test]
    fn a_row_shows_median_spread_limit_and_ratio() {
        let limit = Measured::five(|| Ok(6000.0)).unwrap();
        let line = row().line(&Outcome::Done(five()), Some(&limit));
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(
            words.join(" "),
            "reports kept >= 500 3,000 (1,000 to 5,000) reports/s 6,000 0.50"
        );
    }

    #[test]
    fn what_was_not_measured_shows_no_figure() {
        let line = row().line(&Outcome::NotMeasured("there is no server yet"), None);
        assert!(line.ends_with("not measured, because there is no server yet"));
    }

    #[test]
    fn figures_are_short() {
        let all: Vec<String> = [0.01234, 4.561, 789.4, 12_345.6, 1_234_567.0]
            .map(short)
            .into();
        assert_eq!(all, ["0.0123", "4.56", "789", "12,346", "1,234,567"]);
    }
}
