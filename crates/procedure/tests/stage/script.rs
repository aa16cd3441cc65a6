//! Scenario files: `== R26 kept: title` begins a scenario, each line below it is a step.

use std::fs;
use std::path::{Path, PathBuf};

use super::Stage;
use super::line;
use super::project;

/// One scenario.
pub struct Scenario {
    /// Its title line, without the `==`.
    pub title: String,
    /// Where it stands: file and line.
    pub place: String,
    /// Its steps with their line numbers.
    pub steps: Vec<(usize, String)>,
}

impl Scenario {
    /// The rules that the title names: `R26`, or `R26 R27` for several.
    pub fn rules(&self) -> Vec<&str> {
        let head = self.title.split(':').next().unwrap_or_default();
        let is_rule = |word: &&str| {
            word.strip_prefix(['R', 'X'])
                .is_some_and(|n| n.parse::<u32>().is_ok())
        };
        head.split_whitespace().filter(is_rule).collect()
    }
}

/// Every scenario under `crates/procedure/scenarios`, for whichever crate plays them.
pub fn all() -> Vec<Scenario> {
    let mut files = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    collect(&folder, &mut files);
    files.sort();
    files.iter().flat_map(|file| read(file, &folder)).collect()
}

const FOLDER: &str = "../procedure/scenarios";

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let listing = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for item in listing {
        let path = item.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "txt") {
            files.push(path);
        }
    }
}

fn read(file: &Path, folder: &Path) -> Vec<Scenario> {
    let text = fs::read_to_string(file).expect("a scenario file");
    let within = file.strip_prefix(folder).unwrap_or(file);
    let name = format!("scenarios/{}", within.display());
    let mut scenarios: Vec<Scenario> = Vec::new();
    for (n, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(title) = line.strip_prefix("==") {
            let (title, place) = (title.trim().to_string(), format!("{name}:{n}"));
            scenarios.push(Scenario {
                title,
                place,
                steps: Vec::new(),
            });
        } else if !line.is_empty() && !line.starts_with('#') {
            let scenario = scenarios.last_mut();
            let steps = &mut scenario
                .unwrap_or_else(|| panic!("{name}:{n}: no == line yet"))
                .steps;
            steps.push((n, line.to_string()));
        }
    }
    scenarios
}

/// Plays a scenario. An `Err` says which line did not come true.
pub fn play(scenario: &Scenario) -> Result<Stage, String> {
    let start = "2026-03-02T03:00Z".parse().expect("a time");
    let mut player = line::Player::new(Stage::new(project::basis(), start));
    for (n, step) in &scenario.steps {
        let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| player.play(step)));
        let outcome = played.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().cloned();
            Err(said.unwrap_or_else(|| "panicked".into()))
        });
        outcome.map_err(|why| format!("{} line {n}: {step}\n    {why}", scenario.place))?;
    }
    player
        .leftovers()
        .map_err(|why| format!("{}: {why}", scenario.place))?;
    player.stage.check_at_the_end();
    Ok(player.stage)
}
