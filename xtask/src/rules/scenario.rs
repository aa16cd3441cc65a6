//! The titles of the engine's scenario files: `== R26 kept: sentence`. A title may name
//! several rules (`== R34 R76 kept: …`); one that names none is a story of its own.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// What a scenario shows of its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// The procedure was followed.
    Kept,
    /// It was not, and the engine says so.
    Broken,
}

impl Shows {
    /// As it stands in a title.
    pub fn word(self) -> &'static str {
        match self {
            Shows::Kept => "kept",
            Shows::Broken => "broken",
        }
    }
}

/// One titled scenario.
#[derive(Debug)]
pub struct Scenario {
    /// From the top of the repository.
    pub path: String,
    /// Of the title, from 1.
    pub line: usize,
    /// Ids of the rules it shows.
    pub rules: Vec<String>,
    /// Kept or broken.
    pub shows: Shows,
    /// The rest of the title.
    pub sentence: String,
}

/// Every titled scenario below `folder`, ordered by path; none if there is no such folder.
///
/// # Errors
/// If a file cannot be read, or a title names a rule without saying kept or broken.
pub fn read(root: &Path, folder: &str) -> Result<Vec<Scenario>> {
    let mut all = Vec::new();
    if !root.join(folder).is_dir() {
        return Ok(all);
    }
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(root.join(folder))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    for name in names {
        let path = format!("{folder}/{name}");
        if root.join(&path).is_dir() {
            all.extend(read(root, &path)?);
        } else if path.ends_with(".txt") {
            let text = fs::read_to_string(root.join(&path)).with_context(|| path.clone())?;
            all.extend(in_file(&path, &text)?);
        }
    }
    Ok(all)
}

/// The titled scenarios of one file.
///
/// # Errors
/// As [`read`].
pub fn in_file(path: &str, text: &str) -> Result<Vec<Scenario>> {
    let mut all = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(title) = line.strip_prefix("== ") else {
            continue;
        };
        let (head, sentence) = title.split_once(':').unwrap_or((title, ""));
        let mut rules: Vec<String> = head
            .split_whitespace()
            .map(|word| word.trim_matches(',').to_owned())
            .collect();
        if !rules.first().is_some_and(|word| is_id(word)) {
            continue;
        }
        let shows = match rules.pop().as_deref() {
            Some("kept") => Shows::Kept,
            Some("broken") => Shows::Broken,
            _ => bail!(
                "{path}:{}: a title reads `== R26 kept: sentence` or `== R26 broken: sentence`",
                index + 1
            ),
        };
        if sentence.trim().is_empty() || !rules.iter().all(|word| is_id(word)) {
            bail!(
                "{path}:{}: a title names its rules and has a sentence",
                index + 1
            );
        }
        all.push(Scenario {
            path: path.to_owned(),
            line: index + 1,
            rules,
            shows,
            sentence: sentence.trim().to_owned(),
        });
    }
    Ok(all)
}

fn is_id(word: &str) -> bool {
    let digits = word.strip_prefix(['R', 'X']);
    digits.is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at once")]

    use super::*;

    #[test]
    fn a_title_gives_rules_kind_line_and_sentence() {
        let text =
            "words\n== R34, R76 broken: nobody wrote for a day\n+10m\n== The escaped chickens\n";
        let all = in_file("a.txt", text).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].rules, ["R34", "R76"]);
        assert_eq!((all[0].shows, all[0].line), (Shows::Broken, 2));
        assert_eq!(all[0].sentence, "nobody wrote for a day");
    }

    #[test]
    fn a_title_that_names_a_rule_must_say_what_it_shows() {
        for title in [
            "== R26: a",
            "== R26 keeps: a",
            "== R26 kept",
            "== R26 and R27 kept: a",
        ] {
            assert!(in_file("a.txt", title).is_err(), "{title}");
        }
    }
}
