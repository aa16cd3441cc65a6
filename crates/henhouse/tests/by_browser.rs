//! The stories told through the pages alone: a real browser with scripts off, and nothing but the links,
//! fields and buttons that it is shown. What cannot be reached that way fails here.
//!
//! `STORY=phished` tells one of them; `HENHOUSE_SHOTS=folder` keeps a picture of each form.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod browser;
mod hands;
mod peers;
mod served;
mod story;

use hands::Hands;
use story::server::Ground;

/// Tells the first story of a file: how it should go.
fn tell(file: &str) {
    if std::env::var("STORY").is_ok_and(|only| !file.contains(&only)) {
        return;
    }
    let stories = story::read(file);
    let told = stories.first().unwrap_or_else(|| panic!("{file} is empty"));
    story::play(told, Ground::Sqlite, |server| {
        Box::new(Hands::new(server, told))
    });
}

#[test]
fn the_chickens_are_brought_home_by_browser_without_script() {
    tell("chickens.txt");
}

#[test]
fn a_phished_employee_is_helped_by_browser_without_script() {
    tell("phished.txt");
}
