//! The wall clock of one process, moved by libfaketime, and what the program's own clock makes of it (`clock.rs`): it never
//! goes back, and loses one part in two hundred until a clock that was set back has caught up.

use std::path::{Path, PathBuf};

use henhouse::clock::Clock;
use jiff::{SignedDuration, Timestamp};

/// A wall clock that is ahead of the real one, or behind, by what stands in a file.
pub struct Wall {
    file: PathBuf,
    real: Clock,
    /// Since when it is so far ahead.
    moves: Vec<(Timestamp, SignedDuration)>,
}

/// How finely the program's clock is followed.
const STEP: SignedDuration = SignedDuration::from_millis(5);

impl Wall {
    /// One that stands at `at` now.
    pub fn at(file: PathBuf, at: Timestamp) -> Self {
        let real = Clock::real();
        let ahead = at.duration_since(real.wall());
        let mut wall = Self {
            file,
            real,
            moves: Vec::new(),
        };
        wall.is_ahead(SignedDuration::from_secs(ahead.as_secs()));
        wall
    }

    /// Moves it.
    pub fn jumps(&mut self, by: SignedDuration) {
        let (_, ahead) = self.moves[self.moves.len() - 1];
        self.is_ahead(ahead + by);
    }

    fn is_ahead(&mut self, ahead: SignedDuration) {
        // In one piece: the process may read it at any moment.
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{:+}", ahead.as_secs())).unwrap();
        std::fs::rename(&new, &self.file).unwrap();
        self.moves.push((self.real.wall(), ahead));
    }

    /// What the process is told, so that its wall clock is this one and its steady clock is not touched.
    pub fn variables<'a>(&'a self, library: &'a Path) -> [(&'static str, &'a str); 4] {
        [
            ("LD_PRELOAD", library.to_str().unwrap()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.to_str().unwrap()),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ]
    }

    /// The real clock.
    pub fn real(&self) -> &Clock {
        &self.real
    }

    /// When, on the real clock, the program's clock came to `due`; nothing if it has not yet.
    pub fn reached(&self, due: Timestamp) -> Option<Timestamp> {
        let (mut real, now) = (self.moves[0].0, self.real.wall());
        let mut shown = real + self.ahead(real);
        while real <= now {
            let system = real + self.ahead(real);
            shown = if system >= shown {
                system
            } else {
                shown + STEP - STEP / 200
            };
            if shown >= due {
                return Some(real);
            }
            real += STEP;
        }
        None
    }

    fn ahead(&self, real: Timestamp) -> SignedDuration {
        let passed = self.moves.iter().rev().find(|(since, _)| *since <= real);
        passed.unwrap_or(&self.moves[0]).1
    }
}

/// Where Debian puts the library, if it is installed.
pub fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").unwrap();
    let found = folders.filter_map(|folder| {
        let library = folder.ok()?.path().join("faketime/libfaketimeMT.so.1");
        library.exists().then_some(library)
    });
    let mut found = found;
    found.next()
}
