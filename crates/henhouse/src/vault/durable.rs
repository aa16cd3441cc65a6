//! Names that survive a power cut: a file's name lives in its folder, which must be synced as well as the file.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

/// Puts the folder that holds `path` on disk, so that a new or removed name in it stays so.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

/// Makes a folder that only the service can enter, and those above it, unless they are there.
pub(crate) fn make_folders(path: &Path) -> io::Result<()> {
    let missing = |folder: &Path| !folder.as_os_str().is_empty() && !folder.exists();
    if let Some(above) = path.parent().filter(|above| missing(above)) {
        make_folders(above)?;
    }
    match make_folder(path) {
        // A folder that somebody else made, in one that they alone can read, was synced by nobody but them.
        Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Makes a folder that only the service can enter, unless it is there.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made?,
    }
    // Synced even if it was there: whoever made it a moment ago may not have come so far.
    sync_folder_of(path)
}
