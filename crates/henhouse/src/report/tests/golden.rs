//! Golden files: what was said last time. `UPDATE_GOLDEN=1` writes them anew; read the
//! difference aloud before you commit it.

use std::path::PathBuf;

pub fn check(name: &str, said: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, said).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("no {}: run with UPDATE_GOLDEN=1", path.display()));
    assert_eq!(
        said, kept,
        "{name} differs; if it is meant, run with UPDATE_GOLDEN=1"
    );
}
