//! The handbook's chickens and our own stories, told by API and by command line, each once as
//! it should go and once sloppily.

mod peers;
mod story;

use story::ways::{Api, Cli};

fn tell(file: &str) {
    let stories = story::read(file);
    assert!(stories.len() >= 2, "{file}: a story and its sloppy twin");
    for told in &stories {
        story::play(told, |_| Box::new(Api));
        story::play(told, |_| Box::new(Cli));
    }
}

#[test]
fn the_chickens_escape() {
    tell("chickens.txt");
}

#[test]
fn a_disk_gets_full() {
    tell("disk.txt");
}

#[test]
fn an_employee_is_phished_at_night() {
    tell("phished.txt");
}
