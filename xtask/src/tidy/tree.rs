//! All files that tidy looks at, and which of them are tests from end to end.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::source::Source;

const FOLDERS: [&str; 6] = [".ci", ".config", "crates", "docs", "xtask", "packaging"];
const TEXT: [&str; 13] = [
    "css", "html", "js", "json", "md", "mjs", "py", "rs", "sh", "sql", "svg", "toml", "txt",
];

/// The repository's own files, as text.
pub struct Tree {
    sources: Vec<Source>,
    texts: BTreeMap<String, String>,
}

impl Tree {
    /// Reads the repository below `root`.
    ///
    /// # Errors
    /// If a folder or file cannot be read.
    pub fn read(root: &Path) -> Result<Tree> {
        let mut texts = BTreeMap::new();
        for entry in fs::read_dir(root)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_file() {
                keep(&mut texts, &entry.path(), name)?;
            } else if FOLDERS.contains(&name.as_str()) {
                walk(&mut texts, &entry.path(), &name)?;
            }
        }
        Ok(Tree::of(texts))
    }

    /// A tree of given files; `path -> text`.
    pub fn of(texts: BTreeMap<String, String>) -> Tree {
        let rust = texts.iter().filter(|(path, _)| path.ends_with(".rs"));
        let mut sources: Vec<Source> = rust.map(|(path, text)| Source::new(path, text)).collect();
        let tests: Vec<String> = sources.iter().flat_map(Source::test_modules).collect();
        for file in &mut sources {
            if tests.iter().any(|module| is_of(&file.path, module)) || in_tests_folder(&file.path) {
                file.all_tests();
            }
        }
        Tree { sources, texts }
    }

    /// The Rust files.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Every text file with its path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }
}

fn is_of(path: &str, module: &str) -> bool {
    path == format!("{module}.rs") || path.starts_with(&format!("{module}/"))
}

fn in_tests_folder(path: &str) -> bool {
    path.split('/')
        .nth(2)
        .is_some_and(|folder| folder == "tests" || folder == "benches")
}

fn walk(texts: &mut BTreeMap<String, String>, folder: &Path, name: &str) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(texts, &entry.path(), &path)?;
        } else {
            keep(texts, &entry.path(), path)?;
        }
    }
    Ok(())
}

fn keep(texts: &mut BTreeMap<String, String>, file: &Path, path: String) -> Result<()> {
    let ending = path.rsplit('.').next().unwrap_or_default();
    if (TEXT.contains(&ending) || path == ".ci/run")
        && let Ok(text) = String::from_utf8(fs::read(file)?)
    {
        texts.insert(path, text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_declared_for_tests_is_a_test_with_all_its_children() {
        let tree = Tree::of(BTreeMap::from([
            (
                "crates/a/src/store/mod.rs".to_owned(),
                "#[cfg(test)]\npub mod suite;\nmod model;\n".to_owned(),
            ),
            (
                "crates/a/src/store/suite.rs".to_owned(),
                "fn a() {}\n".to_owned(),
            ),
            (
                "crates/a/src/store/suite/more.rs".to_owned(),
                "fn a() {}\n".to_owned(),
            ),
            (
                "crates/a/src/store/model.rs".to_owned(),
                "fn a() {}\n".to_owned(),
            ),
            ("crates/a/tests/web.rs".to_owned(), "fn a() {}\n".to_owned()),
        ]));
        let tests: Vec<&str> = tree
            .sources()
            .iter()
            .filter(|file| file.is_test(1))
            .map(|file| file.path.as_str())
            .collect();
        assert_eq!(
            tests,
            [
                "crates/a/src/store/mod.rs",
                "crates/a/src/store/suite.rs",
                "crates/a/src/store/suite/more.rs",
                "crates/a/tests/web.rs"
            ]
        );
    }
}
