//! The file of a snapshot: for whoever made it alone, and refused when it was changed.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use casefile::canonical;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::failure::{Failure, Outcome};
use super::Pager;

/// The longest file, in bytes, and the most objects of one kind in it: no account has so many.
const LARGEST: u64 = 512 << 20;
const MOST: usize = 100_000;

/// The SHA-256 of the objects in their canonical form.
pub(super) fn hash(objects: &Value) -> Outcome<String> {
    let bytes = canonical::bytes(objects).map_err(Failure::failed)?;
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    Ok(casefile::Hash::from(digest).to_string())
}

pub(super) fn read(file: &Path, pager: &Pager) -> Outcome<Value> {
    let unread = |error: &dyn std::fmt::Display| {
        Failure::Usage(format!("{} cannot be read: {error}", file.display()))
    };
    let open = std::fs::File::open(file).map_err(|error| unread(&error))?;
    let mut text = String::new();
    open.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| unread(&error))?;
    if text.len() as u64 > LARGEST {
        return Err(unread(&"it is larger than any snapshot"));
    }
    let whole: Value = serde_json::from_str(&text).map_err(|error| unread(&error))?;
    let file = file.display();
    if whole["format"] != pager.format {
        return Err(Failure::Usage(format!(
            "{file} is no snapshot of {}. Make one: henhouse {} snapshot {file}",
            pager.name, pager.command,
        )));
    }
    if whole["sha256"].as_str() != Some(&hash(&whole["objects"])?) {
        return Err(Failure::Usage(format!(
            "{file} was changed since it was made: its hash does not fit."
        )));
    }
    let kinds = whole["objects"].as_object().into_iter().flatten();
    for (kind, all) in kinds {
        if all.as_array().is_some_and(|all| all.len() > MOST) {
            return Err(Failure::Usage(format!(
                "{file} has more than {MOST} {}, which no account has.",
                kind.replace('_', " ")
            )));
        }
    }
    Ok(whole)
}

/// Names, telephone numbers and settings: for whoever made it alone, even where the file was there before.
pub(super) fn write(file: &Path, whole: &Value) -> Outcome {
    let unwritten = |error: std::io::Error| {
        Failure::Usage(format!("{} cannot be written: {error}", file.display()))
    };
    write_text(file, &format!("{whole:#}\n")).map_err(unwritten)
}

fn write_text(file: &Path, text: &str) -> std::io::Result<()> {
    let mut open = std::fs::OpenOptions::new();
    let open = open.write(true).create(true).truncate(true).mode(0o600);
    let mut file = open.open(file)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use super::super::plan::Plan;
    use super::*;

    const PAGER: Pager = Pager {
        name: "Pager",
        command: "pager",
        format: "pager-1",
        covers: "p-",
        convert: |_, _, _| Plan::default(),
    };

    #[test]
    fn a_file_that_is_hostile_is_refused_with_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let said = |text: String| {
            let at = folder.path().join("file.json");
            std::fs::write(&at, text).unwrap();
            match read(&at, &PAGER) {
                Ok(_) => "taken".to_owned(),
                Err(failure) => failure.to_string(),
            }
        };
        let of = |objects: Value| {
            let hash = hash(&objects).unwrap();
            json!({ "format": "pager-1", "sha256": hash, "objects": objects }).to_string()
        };
        assert_eq!(said(of(json!({ "users": [{ "id": "1" }] }))), "taken");
        let many = vec![json!(0); MOST + 1];
        assert!(said(of(json!({ "schedules": many }))).contains("which no account has"));
        assert!(said("[".repeat(100_000)).contains("cannot be read"));
        assert!(
            said(r#"{"format": "pager-1", "sha256": "0", "objects": {}}"#.to_owned())
                .contains("was changed")
        );
    }
}
