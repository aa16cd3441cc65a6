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
    /// So often everything is measured.
    runs: usize,
    rows: usize,
    failed: usize,
    missed: Vec<String>,
    /// The rows of the group that is being measured, for each of its runs.
    group: Vec<Vec<Row>>,
}

impl Table {
    /// Prints the head of a table in which each figure is the median of so many runs.
    pub fn begin(runs: usize) -> Table {
        println!(
            "{:<52} {:>28} {:>14} {:>14} {:>7} {:>9} {:>9} {:>8}",
            "figure", "measured", "goal", "limit here", "ratio", "p50 ms", "p99 ms", "CPU ms"
        );
        Table {
            runs,
            rows: 0,
            failed: 0,
            missed: Vec::new(),
            group: Vec::new(),
        }
    }

    /// A group of rows is measured, once more.
    pub fn run(&mut self) {
        self.group.push(Vec::new());
    }

    /// Takes a row; prints it, if it is measured only once.
    pub fn row(&mut self, row: &Row) {
        if self.runs > 1 {
            self.group
                .last_mut()
                .expect("a run was begun")
                .push(row.clone());
        } else {
            self.print(row, None);
        }
    }

    /// All runs of a group are over: prints the middle of its figures.
    pub fn group_ends(&mut self) {
        let runs = std::mem::take(&mut self.group);
        let longest = runs.iter().map(Vec::len).max().unwrap_or_default();
        for at in 0..longest {
            let same: Vec<&Row> = runs.iter().filter_map(|run| run.get(at)).collect();
            let (row, spread) = middle(&same);
            self.print(&row, Some(spread));
        }
    }

    fn print(&mut self, row: &Row, spread: Option<Spread>) {
        self.rows += 1;
        if !row.is_met() {
            self.missed.push(row.figure.clone());
        }
        println!("{}", row.line(spread));
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
        let of = match self.runs {
            1 => String::new(),
            runs => format!(", each the median of {runs} runs (least-most)"),
        };
        println!(
            "\n{} figures in {:.0} s{of}. A ratio is the figure divided by this machine's limit; ! marks a missed goal.",
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

/// How far the runs lie apart, and the middle of their ratios, each to the limit measured in its own run.
#[derive(Clone, Copy, Debug)]
struct Spread {
    least: f64,
    most: f64,
    ratio: Option<f64>,
}

/// The middle of the same row in several runs, each of its figures by itself.
fn middle(same: &[&Row]) -> (Row, Spread) {
    let of = |figure: fn(&Row) -> Option<f64>| {
        let mut all: Vec<f64> = same.iter().filter_map(|row| figure(row)).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let values = of(|row| Some(row.value));
    let median = |all: Vec<f64>| all.get(all.len() / 2).copied();
    let value = median(values.clone()).unwrap_or(f64::NAN);
    let goes_with = same.iter().find(|row| row.value.total_cmp(&value).is_eq());
    let row = Row {
        value,
        limit: median(of(|row| row.limit)),
        p50_ms: median(of(|row| row.p50_ms)),
        p99_ms: median(of(|row| row.p99_ms)),
        cpu_ms: median(of(|row| row.cpu_ms)),
        ..goes_with.map_or_else(Row::default, |row| (*row).clone())
    };
    let spread = Spread {
        least: values.first().copied().unwrap_or(f64::NAN),
        most: values.last().copied().unwrap_or(f64::NAN),
        ratio: median(of(|row| row.limit.map(|limit| row.value / limit))),
    };
    (row, spread)
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

    fn line(&self, spread: Option<Spread>) -> String {
        let goal = match self.goal {
            Goal::None => "-".to_owned(),
            Goal::AtLeast(goal) => format!(">= {}", short(goal)),
            Goal::AtMost(goal) => format!("<= {}", short(goal)),
        };
        let mark = if self.is_met() { "" } else { "!" };
        let apart = spread.map(|s| format!(" ({}-{})", short(s.least), short(s.most)));
        let apart = apart.unwrap_or_default();
        let measured = format!("{mark}{}{apart} {}", short(self.value), self.unit);
        let ratio = self.limit.map(|limit| self.value / limit);
        let ratio = spread.map_or(ratio, |spread| spread.ratio);
        let maybe = |figure: Option<f64>| figure.map_or_else(|| "-".to_owned(), short);
        format!(
            "{:<52} {measured:>28} {goal:>14} {:>14} {:>7} {:>9} {:>9} {:>8}",
            self.figure,
            maybe(self.limit),
            maybe(ratio),
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
        row.line(None)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
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
    fn of_several_runs_the_middle_is_shown_with_how_far_they_lie_apart() {
        let run = |value: f64, limit: f64| Row::new("reports kept", value, "/s").limit(limit);
        let runs = [run(30.0, 100.0), run(10.0, 20.0), run(20.0, 80.0)];
        let (row, spread) = middle(&runs.iter().collect::<Vec<_>>());
        let said: String = row.line(Some(spread));
        let said: Vec<&str> = said.split_whitespace().collect();
        let line = "reports kept 20.0 (10.0-30.0) /s - 80.0 0.300 - - -";
        assert_eq!(said.join(" "), line);
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
