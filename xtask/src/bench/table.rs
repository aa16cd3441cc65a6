//! The table: one row per figure, printed as soon as it is known.

use std::time::Duration;

use anyhow::{Result, ensure};

/// What we want to reach, in the row's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Goal {
    /// None: a limit, or a figure that explains another.
    #[default]
    None,
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
}

/// One figure.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What is measured, in at most 52 letters, without the unit.
    pub figure: String,
    /// The unit of figure, goal and limit, such as `/s`.
    pub unit: &'static str,
    /// The figure.
    pub value: f64,
    /// What we want to reach.
    pub goal: Goal,
    /// What this machine could do at most, in the same unit, measured in the same run.
    pub limit: Option<f64>,
    /// Half of the answers came within so many milliseconds.
    pub p50_ms: Option<f64>,
    /// 99 of 100 answers came within so many milliseconds.
    pub p99_ms: Option<f64>,
    /// What one request cost the server, in milliseconds of CPU time.
    pub cpu_ms: Option<f64>,
}

/// Rows printed so far.
pub struct Table {
    rows: usize,
    failed: usize,
    missed: Vec<String>,
}

impl Table {
    /// Prints the head.
    pub fn begin() -> Table {
        println!(
            "{:<52} {:>16} {:>14} {:>14} {:>7} {:>9} {:>9} {:>8}",
            "figure", "measured", "goal", "limit here", "ratio", "p50 ms", "p99 ms", "CPU ms"
        );
        Table {
            rows: 0,
            failed: 0,
            missed: Vec::new(),
        }
    }

    /// Prints a row.
    pub fn row(&mut self, row: &Row) {
        self.rows += 1;
        if !row.is_met() {
            self.missed.push(row.figure.clone());
        }
        println!("{}", row.line());
    }

    /// Says why a group of rows ends here.
    pub fn failed(&mut self, group: &str, why: &anyhow::Error) {
        self.failed += 1;
        println!("{group:<52} not measured: {why:#}");
    }

    /// Prints what missed its goal.
    ///
    /// # Errors
    /// Some rows could not be measured.
    pub fn end(&self, took: Duration) -> Result<()> {
        println!(
            "\n{} figures in {:.0} s. A ratio is the figure divided by this machine's limit; ! marks a missed goal.",
            self.rows,
            took.as_secs_f64()
        );
        for figure in &self.missed {
            println!("missed: {figure}");
        }
        ensure!(self.failed == 0, "{} groups were not measured", self.failed);
        Ok(())
    }
}

impl Row {
    /// A figure with its unit, and nothing beside it.
    pub fn new(figure: impl Into<String>, value: f64, unit: &'static str) -> Row {
        Row {
            figure: figure.into(),
            value,
            unit,
            ..Row::default()
        }
    }

    /// With this goal.
    pub fn goal(mut self, goal: Goal) -> Row {
        self.goal = goal;
        self
    }

    /// Beside this limit.
    pub fn limit(mut self, limit: f64) -> Row {
        self.limit = Some(limit);
        self
    }

    fn is_met(&self) -> bool {
        match self.goal {
            Goal::None => true,
            Goal::AtLeast(goal) => self.value >= goal,
            Goal::AtMost(goal) => self.value <= goal,
        }
    }

    fn line(&self) -> String {
        let goal = match self.goal {
            Goal::None => "-".to_owned(),
            Goal::AtLeast(goal) => format!(">= {}", short(goal)),
            Goal::AtMost(goal) => format!("<= {}", short(goal)),
        };
        let mark = if self.is_met() { "" } else { "!" };
        let measured = format!("{mark}{} {}", short(self.value), self.unit);
        let maybe = |figure: Option<f64>| figure.map_or_else(|| "-".to_owned(), short);
        format!(
            "{:<52} {measured:>16} {goal:>14} {:>14} {:>7} {:>9} {:>9} {:>8}",
            self.figure,
            maybe(self.limit),
            maybe(self.limit.map(|limit| self.value / limit)),
            maybe(self.p50_ms),
            maybe(self.p99_ms),
            maybe(self.cpu_ms),
        )
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
        _ if figure >= 10.0 => format!("{figure:.1}"),
        _ if figure >= 1.0 => format!("{figure:.2}"),
        _ if figure == 0.0 => "0".to_owned(),
        _ => format!("{figure:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(row: &Row) -> String {
        row.line().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_row_shows_goal_limit_ratio_and_cost() {
        let row = Row {
            p99_ms: Some(3.5),
            cpu_ms: Some(0.25),
            ..Row::new("reports kept", 3000.0, "/s")
                .goal(Goal::AtLeast(500.0))
                .limit(6000.0)
        };
        let line = "reports kept 3,000 /s >= 500 6,000 0.500 - 3.50 0.250";
        assert_eq!(words(&row), line);
    }

    #[test]
    fn a_missed_goal_is_marked() {
        let row = Row::new("idle memory", 40.0, "MiB").goal(Goal::AtMost(30.0));
        assert!(words(&row).contains("!40.0 MiB <= 30.0"), "{}", words(&row));
    }

    #[test]
    fn figures_are_short() {
        let all: Vec<String> = [0.01234, 4.561, 45.61, 789.4, 12_345.6, 1_234_567.0]
            .map(short)
            .into();
        let said = ["0.012", "4.56", "45.6", "789", "12,346", "1,234,567"];
        assert_eq!(all, said);
    }
}
