//! `cargo xtask script`: what the comments say of types in our JavaScript is true, and nothing is misspelt. TypeScript's
//! compiler reads it as it is served, each module in a block of its own, and writes nothing.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::npm::Package;
use crate::shell;

const COMPILER: Package = Package {
    name: "typescript",
    version: "5.9.3",
    file: "lib/tsc.js",
    needs: &[],
};
/// Where our script lies, and the module that all others stand behind.
const FOLDER: &str = "crates/henhouse/assets";
const FIRST: &str = "page.js";
/// The whole, for the compiler.
const WHOLE: &str = "target/ci/hen.js";
/// What is looked up in a page by its selector may be any element. An object that is written down in a script may have any
/// property, as the compiler sees it, unless it went through a function of this sort.
const TYPES: &str = "\
interface ParentNode { querySelector(css: string): any; querySelectorAll(css: string): NodeListOf<any> }
declare function only<T>(it: T): { [Name in keyof T]: T[Name] };
";
const TYPES_FILE: &str = "target/ci/hen-types.d.ts";
/// What a browser has, and how strictly it is read: what is looked up in a page may be missing.
const OPTIONS: [&str; 10] = [
    "--noEmit",
    "--allowJs",
    "--checkJs",
    "--target",
    "es2024",
    "--lib",
    "es2024,dom,dom.iterable",
    "--pretty",
    "false",
    "--noImplicitThis",
];

/// Fetches the compiler, once.
///
/// # Errors
/// There is no npm, or it reaches nothing.
pub fn fetch() -> Result<()> {
    COMPILER.fetch()
}

/// Why the script cannot be read here; nothing if it can.
pub fn why_not() -> Option<String> {
    COMPILER.why_not()
}

/// Reads it.
///
/// # Errors
/// Each finding with its file and line; there is no compiler.
pub fn main() -> Result<()> {
    fetch()?;
    let compiler = COMPILER.file().context("the compiler was fetched")?;
    let root = shell::root()?;
    let modules = modules(&root.join(FOLDER))?;
    fs::create_dir_all(root.join("target/ci"))?;
    fs::write(root.join(WHOLE), whole(&modules))?;
    fs::write(root.join(TYPES_FILE), TYPES)?;
    let compiler = compiler.display().to_string();
    let words = [
        &["node", &compiler],
        OPTIONS.as_slice(),
        &[WHOLE, TYPES_FILE],
    ]
    .concat();
    let output = shell::command(&words)?.output().context("node starts")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let findings: Vec<String> = said
        .lines()
        .map(|line| in_its_file(line, &modules))
        .collect();
    if !output.status.success() {
        bail!("{}", findings.join("\n"));
    }
    Ok(())
}

/// Each module's path and text, the one first that the others stand behind.
fn modules(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "js"))
        .collect();
    paths.sort_by_key(|path| (!path.ends_with(FIRST), path.clone()));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path)?;
        let name = path.file_name().unwrap_or_default();
        Ok((Path::new(FOLDER).join(name), text))
    };
    paths.into_iter().map(read).collect()
}

/// The modules behind each other: one line before each and one behind it, as [`in_its_file`] counts them.
fn whole(modules: &[(PathBuf, String)]) -> String {
    let block = |(path, text): &(PathBuf, String)| match path.ends_with(FIRST) {
        // What all share has these properties and no others.
        true => {
            let text = text.replacen("const page = {", "const page = only({", 1);
            let text = text.replacen("\n};\n", "\n});\n", 1);
            format!("//\n{text}//\n")
        }
        false => format!("try {{\n{text}}} catch {{}}\n"),
    };
    modules.iter().map(block).collect()
}

/// A finding (`…hen.js(12,3): error …`) with the file and line that it stands in.
fn in_its_file(finding: &str, modules: &[(PathBuf, String)]) -> String {
    let placed = finding.split_once(".js(").and_then(|(_, rest)| {
        let (line, rest) = rest.split_once(',')?;
        let mut line: usize = line.parse().ok()?;
        for (path, text) in modules {
            let lines = text.lines().count() + 2;
            if line <= lines {
                let (_, words) = rest.split_once("): ")?;
                return Some(format!(
                    "{}:{}: {words}",
                    path.display(),
                    line.checked_sub(1)?
                ));
            }
            line -= lines;
        }
        None
    });
    placed.unwrap_or_else(|| finding.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_stands_where_its_line_is_written() {
        let module = |name: &str, text: &str| (PathBuf::from(name), text.to_owned());
        let modules = [
            module("page.js", "one\ntwo\n"),
            module("live.js", "three\nfour\n"),
        ];
        let whole = whole(&modules);
        for (word, place) in [("two", "page.js:2"), ("four", "live.js:2")] {
            let line = whole
                .lines()
                .position(|line| line == word)
                .unwrap_or_default()
                + 1;
            let said = in_its_file(&format!("target/ci/hen.js({line},1): error: it"), &modules);
            assert_eq!(said, format!("{place}: error: it"));
        }
        assert_eq!(in_its_file("  more of it", &modules), "  more of it");
    }
}
