//! Every path that a file names (`use` trees and `a::b::c` in code), resolved as far as
//! plain text allows: `crate::`, `self::`, `super::` and what `use` brought in.

use std::collections::BTreeMap;

use super::source::{Source, in_name, line_of, words_at};

/// A path with the line that names it, such as `crate::store::sqlite::Writer`.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// From 1.
    pub line: usize,
    /// Its parts, resolved.
    pub parts: Vec<String>,
}

impl Named {
    /// Whether the path is `prefix` or lies below it.
    pub fn is_below(&self, prefix: &str) -> bool {
        let mut parts = self.parts.iter();
        prefix
            .split("::")
            .all(|part| parts.next().is_some_and(|own| own == part))
    }
}

/// The paths outside tests.
pub fn named(file: &Source) -> Vec<Named> {
    let module = module_of(&file.path);
    let (code, uses) = split_uses(&file.code);
    let mut all: Vec<Named> = Vec::new();
    let mut brought = BTreeMap::new();
    for (line, tree) in uses.into_iter().filter(|(line, _)| !file.is_test(*line)) {
        for parts in expand(&tree) {
            let parts = resolve(&module, parts);
            if let Some(last) = parts.last() {
                brought.insert(last.clone(), parts.clone());
            }
            all.push(Named { line, parts });
        }
    }
    for (line, mut parts) in chains(&code)
        .into_iter()
        .filter(|(line, _)| !file.is_test(*line))
    {
        if let Some(full) = brought.get(&parts[0]) {
            parts.splice(..1, full.iter().cloned());
        }
        all.push(Named {
            line,
            parts: resolve(&module, parts),
        });
    }
    all.sort_by_key(|one| one.line);
    all
}

/// `crates/henhouse/src/store/sqlite/writer.rs` is the module `store::sqlite::writer`.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside);
    let mut parts: Vec<String> = inside
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    if parts
        .last()
        .is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main"))
    {
        parts.pop();
    }
    parts
}

/// Cuts the `use` items out of the code; a captured lifetime list (`use<'a>`) is none.
fn split_uses(code: &str) -> (String, Vec<(usize, String)>) {
    let mut rest = code.to_owned();
    let mut uses = Vec::new();
    for at in words_at(code, "use") {
        let after = at + "use".len();
        let Some(length) = code[after..].find(';') else {
            continue;
        };
        if code[after..].trim_start().starts_with('<') {
            continue;
        }
        uses.push((line_of(code, at), code[after..after + length].to_owned()));
        let blank: String = code[at..after + length]
            .chars()
            .map(|letter| if letter == '\n' { '\n' } else { ' ' })
            .collect();
        if blank.len() == after + length - at {
            rest.replace_range(at..after + length, &blank);
        }
    }
    (rest, uses)
}

/// `a::{b, c::{d, self}} ` gives `a::b`, `a::c::d`, `a::c`.
fn expand(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim().trim_start_matches("::");
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![parts_of(path)];
    };
    let prefix = parts_of(&tree[..open]);
    let inside = tree[open + 1..].trim_end().trim_end_matches('}');
    let mut all = Vec::new();
    for branch in branches(inside) {
        for mut tail in expand(branch) {
            tail.retain(|part| part != "self");
            all.push(prefix.iter().cloned().chain(tail).collect());
        }
    }
    all
}

fn parts_of(path: &str) -> Vec<String> {
    path.split("::")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Cuts at the commas that stand outside inner braces.
fn branches(inside: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut start = 0;
    let mut all = Vec::new();
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                all.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    all.push(&inside[start..]);
    // A trailing comma leaves an empty branch; a lone brace of an outer tree may too.
    all.retain(|branch| !branch.trim().is_empty());
    all
}

/// Every `a::b` outside `use`, with its line.
fn chains(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut all = Vec::new();
    for (index, line) in code.lines().enumerate() {
        for chain in line.split(|letter: char| !in_name(letter) && letter != ':') {
            let parts = parts_of(chain);
            if chain.contains("::") && !parts.is_empty() && !chain.starts_with("::") {
                all.push((index + 1, parts));
            }
        }
    }
    all
}

fn resolve(module: &[String], parts: Vec<String>) -> Vec<String> {
    let ups = parts.iter().take_while(|part| *part == "super").count();
    match parts.first().map(String::as_str) {
        Some("super") => {
            let above = &module[..module.len().saturating_sub(ups)];
            from_top(above, &parts[ups..])
        }
        Some("self") => from_top(module, &parts[1..]),
        Some("henhouse") => from_top(&[], &parts[1..]),
        _ => parts,
    }
}

fn from_top(module: &[String], rest: &[String]) -> Vec<String> {
    std::iter::once("crate".to_owned())
        .chain(module.iter().cloned())
        .chain(rest.iter().cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(path: &str, text: &str) -> Vec<String> {
        named(&Source::new(path, text))
            .into_iter()
            .map(|one| one.parts.join("::"))
            .collect()
    }

    #[test]
    fn a_use_tree_is_expanded() {
        let text = "use crate::{store::{self, model::CaseRow}, web as page};\nuse std::fmt;\n";
        assert_eq!(
            all("crates/henhouse/src/desk/mod.rs", text),
            [
                "crate::store",
                "crate::store::model::CaseRow",
                "crate::web",
                "std::fmt"
            ]
        );
    }

    #[test]
    fn above_and_own_are_resolved() {
        let text = "use super::super::web::Page;\nfn a() { self::inner::b(); super::c::d(); }\n";
        assert_eq!(
            all("crates/henhouse/src/desk/take.rs", text),
            [
                "crate::web::Page",
                "crate::desk::take::inner::b",
                "crate::desk::c::d"
            ]
        );
    }

    #[test]
    fn a_path_over_something_brought_in_is_followed() {
        let text = "use crate::store;\nfn a() -> store::sqlite::Row { todo() }\n";
        assert_eq!(
            all("crates/henhouse/src/web/mod.rs", text),
            ["crate::store", "crate::store::sqlite::Row"]
        );
    }

    #[test]
    fn tests_are_not_read() {
        let text = "#[cfg(test)]\nmod tests {\n    use std::collections::HashMap;\n}\n";
        assert!(all("crates/procedure/src/lib.rs", text).is_empty());
    }
}
