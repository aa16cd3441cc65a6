//! `cargo xtask tidy`: reads the sources as text and keeps the rules that the compiler
//! does not: the import table, the budgets, where things may stand, how they are named.
//!
//! It knows no Rust grammar beyond comments, strings and braces; a rule that would need
//! more belongs into clippy.

mod budgets;
mod imports;
mod names;
mod paths;
mod places;
mod scripts;
mod source;
mod tree;

use anyhow::{Result, bail};

use crate::shell;
use tree::Tree;

/// One thing to say about one line.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    words: String,
    /// A file or function near its budget is listed, not refused.
    listed_only: bool,
}

/// Reads every source and prints what is found.
///
/// # Errors
/// If there is a finding that is more than listed.
pub fn main() -> Result<()> {
    let tree = Tree::read(&shell::root()?)?;
    let (listed, refused): (Vec<_>, Vec<_>) =
        findings(&tree).into_iter().partition(|one| one.listed_only);
    for one in &listed {
        println!("listed: {}:{}: {}", one.path, one.line, one.words);
    }
    if !refused.is_empty() {
        let lines: Vec<String> = refused
            .iter()
            .map(|one| format!("  {}:{}: {}", one.path, one.line, one.words))
            .collect();
        bail!("tidy: {} findings\n{}", refused.len(), lines.join("\n"));
    }
    println!(
        "tidy: {} files, {} listed, nothing refused",
        tree.len(),
        listed.len()
    );
    Ok(())
}

fn findings(tree: &Tree) -> Vec<Finding> {
    let mut all = Vec::new();
    for file in tree.sources() {
        all.extend(imports::check(file));
        all.extend(budgets::check(file));
        all.extend(places::check(file));
        all.extend(names::check_source(file));
    }
    for (path, text) in tree.texts() {
        all.extend(names::check_text(path, text));
    }
    all.extend(scripts::check(tree.texts()));
    all.sort();
    all
}

/// What a rule finds in one small file: for the rules' own tests.
#[cfg(test)]
fn found(rule: fn(&source::Source) -> Vec<Finding>, path: &str, text: &str) -> Vec<String> {
    let file = source::Source::new(path, text);
    rule(&file)
        .into_iter()
        .map(|one| format!("{}: {}", one.line, one.words))
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at once")]

    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        main().unwrap();
    }
}
