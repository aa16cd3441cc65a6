//! The file of a snapshot: for whoever made it alone, and refused when it was changed.

use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use casefile::canonical;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::failure::{Failure, Outcome};
use super::Pager;

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
    let text = std::fs::read_to_string(file).map_err(|error| unread(&error))?;
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
