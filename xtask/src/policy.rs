//! `cargo xtask policy`: what we may depend on. Licences, banned crates, one registry,
//! and the workspace's lints in every own crate.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell;

/// Never in the graph, on any platform, each with its reason.
const BANNED: [(&str, &str); 4] = [
    (
        "openssl-sys",
        "TLS is rustls with ring; no C library has to be found",
    ),
    ("native-tls", "TLS is rustls with ring"),
    (
        "aws-lc-rs",
        "a second rustls provider makes rustls refuse to choose",
    ),
    ("aws-lc-sys", "a second rustls provider, and it needs cmake"),
];

/// Never named by a crate of ours. A library that is the best kept for its job may bring it.
const NOT_OURS: [(&str, &str); 2] = [("chrono", "time is jiff"), ("time", "time is jiff")];

/// Licences that an Apache-2.0 program may carry without further duty than a notice; under MPL-2.0 also the place of its
/// source, which for an unchanged crate is the registry.
const LICENCES: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

/// Reads the dependency graph and checks it.
///
/// # Errors
/// Lists every finding.
pub fn main() -> Result<()> {
    let text = shell::read(&["cargo", "metadata", "--locked", "--format-version", "1"])?;
    let graph: Value = serde_json::from_str(&text).context("cargo metadata wrote no JSON")?;
    let packages = graph["packages"]
        .as_array()
        .context("cargo metadata lists packages")?;
    let mut findings = check(packages);
    for package in packages
        .iter()
        .filter(|package| package["source"].is_null())
    {
        let manifest = package["manifest_path"]
            .as_str()
            .context("a package has a manifest")?;
        if !takes_workspace_lints(&fs::read_to_string(Path::new(manifest))?) {
            findings.push(format!(
                "{} does not take the workspace's lints",
                name(package)
            ));
        }
    }
    if !findings.is_empty() {
        bail!("dependency policy:\n  {}", findings.join("\n  "));
    }
    println!("policy: {} packages, nothing to say", packages.len());
    Ok(())
}

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap_or("?")
}

fn check(packages: &[Value]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut registries = BTreeSet::new();
    for package in packages {
        let name = name(package);
        if let Some((_, why)) = BANNED.iter().find(|(banned, _)| *banned == name) {
            findings.push(format!("{name} is banned: {why}"));
        }
        match package["license"].as_str() {
            Some(words) if licence_allowed(words) => {}
            Some(words) => findings.push(format!(
                "{name} has the licence `{words}`, which is not on the list"
            )),
            None => findings.push(format!("{name} names no licence")),
        }
        match package["source"].as_str() {
            Some(source) if source.starts_with("registry+") => {
                registries.insert(source);
            }
            Some(source) => {
                findings.push(format!("{name} comes from {source}, not from the registry"))
            }
            None => findings.extend(not_ours(name, &package["dependencies"])),
        }
    }
    if registries.len() > 1 {
        findings.push(format!("more than one registry: {registries:?}"));
    }
    findings
}

/// What a crate of ours names and should not.
fn not_ours(ours: &str, dependencies: &Value) -> Vec<String> {
    let named = dependencies.as_array().into_iter().flatten().map(name);
    let why = |named: &str| NOT_OURS.iter().find(|(not, _)| *not == named);
    named
        .filter_map(why)
        .map(|(not, why)| format!("{ours} names {not}: {why}"))
        .collect()
}

fn takes_workspace_lints(manifest: &str) -> bool {
    manifest
        .split("[lints]")
        .nth(1)
        .is_some_and(|rest| rest.trim_start().starts_with("workspace = true"))
}

/// Whether an SPDX expression can be met with listed licences. An exception (`WITH`)
/// only ever gives more rights, so it is read past. The old `/` means `OR`.
fn licence_allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let allowed = any_of(&mut words);
    allowed && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words) -> bool {
    let mut allowed = all_of(words);
    while words.next_if_eq(&"OR").is_some() {
        allowed |= all_of(words);
    }
    allowed
}

fn all_of(words: &mut Words) -> bool {
    let mut allowed = one(words);
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words);
    }
    allowed
}

fn one(words: &mut Words) -> bool {
    let allowed = match words.next() {
        Some("(") => {
            let inner = any_of(words);
            inner && words.next() == Some(")")
        }
        Some(licence) => LICENCES.contains(&licence),
        None => false,
    };
    if words.next_if_eq(&"WITH").is_some() {
        words.next();
    }
    allowed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_licence_expression_is_read_as_spdx_means_it() {
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        ] {
            assert!(licence_allowed(good), "{good}");
        }
        for bad in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR ISC) AND AGPL-3.0",
            "",
            "MIT MIT",
            "(MIT",
        ] {
            assert!(!licence_allowed(bad), "{bad}");
        }
    }

    #[test]
    fn a_banned_crate_a_strange_source_and_a_missing_licence_are_all_named() {
        let packages = [
            json!({"name": "native-tls", "license": "MIT", "source": "registry+one"}),
            json!({"name": "forked", "license": "MIT", "source": "git+somewhere"}),
            json!({"name": "bare", "license": null, "source": "registry+two"}),
        ];
        let findings = check(&packages);
        assert_eq!(findings.len(), 4, "{findings:#?}");
        assert!(findings[0].contains("native-tls is banned"));
        assert!(findings[1].contains("not from the registry"));
        assert!(findings[2].contains("names no licence"));
        assert!(findings[3].contains("more than one registry"));
    }

    #[test]
    fn what_others_may_bring_is_not_named_by_ours() {
        let chrono = json!({"name": "chrono", "license": "MIT", "source": "registry+one"});
        assert!(check(&[chrono]).is_empty());
        let ours = json!({"name": "hen", "license": "MIT", "source": null, "dependencies": [{"name": "chrono"}]});
        let findings = check(&[ours]);
        assert!(findings[0].contains("hen names chrono"), "{findings:?}");
    }

    #[test]
    fn own_crates_and_the_one_registry_pass() {
        let packages = [
            json!({"name": "procedure", "license": "Apache-2.0", "source": null}),
            json!({"name": "serde", "license": "MIT OR Apache-2.0", "source": "registry+one"}),
        ];
        assert!(check(&packages).is_empty());
    }

    #[test]
    fn a_manifest_without_the_workspace_lints_is_seen() {
        assert!(takes_workspace_lints("[lints]\nworkspace = true\n"));
        assert!(!takes_workspace_lints("[package]\nname = \"x\"\n"));
    }
}
