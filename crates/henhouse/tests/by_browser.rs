//! The stories told through the pages alone, from the report to the close, in a real browser: by mouse, by
//! keyboard alone, with scripts off and by thumb on a phone, and with nothing but the links, fields and
//! buttons that it is shown. What cannot be reached that way fails here.
//!
//! A plain run tells each story once and uses each way once; `cargo xtask chaos browser` tells every story in
//! every way. `STORY=phished` and `BY=keyboard` choose among them; `HENHOUSE_SHOTS=folder` keeps a picture of
//! each form.

#![expect(clippy::panic, reason = "a test may fail loudly")]

mod browser;
mod hands;
mod peers;
mod served;
mod story;

use hands::{By, Hands};
use story::server::Ground;

const WAYS: [By; 4] = [By::Keyboard, By::Mouse, By::NoScript, By::Thumb];

/// Tells the first story of a file, how it should go: in this way, and in as many more as are asked for.
fn tell(file: &str, first: By) {
    let asked = |name: &str| std::env::var(name).unwrap_or_default().to_lowercase();
    if !file.contains(&asked("STORY")) {
        return;
    }
    let stories = story::read(file);
    let told = stories.first().unwrap_or_else(|| panic!("{file} is empty"));
    let count = asked("HENHOUSE_WAYS").parse().unwrap_or(1);
    let begin = WAYS.iter().position(|by| *by == first).unwrap_or_default();
    let ways = WAYS.iter().cycle().skip(begin).take(count);
    let one = WAYS
        .iter()
        .find(|by| format!("{by:?}").to_lowercase() == asked("BY"));
    for by in one.map_or_else(|| ways.collect(), |one| vec![one]) {
        println!("{} by {by:?}", told.title);
        story::play(told, Ground::Sqlite, |server| {
            Box::new(Hands::new(server, told, *by))
        });
    }
}

#[test]
fn the_chickens_are_brought_home_by_keyboard_alone() {
    tell("chickens.txt", By::Keyboard);
}

#[test]
fn a_phished_employee_is_helped_by_mouse() {
    tell("phished.txt", By::Mouse);
}

#[test]
fn root_is_driven_out_without_a_script() {
    tell("rooted.txt", By::NoScript);
}

#[test]
fn a_full_disk_is_cleared_by_thumb_on_a_phone() {
    tell("disk.txt", By::Thumb);
}
