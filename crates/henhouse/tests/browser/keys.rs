//! Keys as a keyboard sends them.

use serde_json::{Value, json};

/// To the next thing that can be used.
pub const TAB: &str = "\u{E004}";
/// And back: a tabulator with the other key held.
pub const SHIFT_TAB: &str = "\u{F004}";
/// The key that presses a button.
pub const ENTER: &str = "\u{E007}";
/// The key that ticks a box.
pub const SPACE: &str = " ";
/// Away from here.
pub const ESCAPE: &str = "\u{E00C}";
/// Takes away what is chosen.
pub const DELETE: &str = "\u{E017}";
/// The first of a list.
pub const HOME: &str = "\u{E011}";
/// The last of a list.
pub const END: &str = "\u{E010}";
/// The next of a list.
pub const ARROW_DOWN: &str = "\u{E015}";
/// The one before.
pub const ARROW_UP: &str = "\u{E013}";

/// The bits of keys that are held meanwhile.
pub(super) const CONTROL: u8 = 2;
const SHIFT: u8 = 8;

/// What a keyboard sends for a key: down, and up again.
pub(super) fn events(key: char, held: u8) -> [Value; 2] {
    let (name, code, text, held) = match key {
        '\u{E004}' => ("Tab".to_owned(), 9, None, held),
        '\u{F004}' => ("Tab".to_owned(), 9, None, held | SHIFT),
        '\u{E007}' => ("Enter".to_owned(), 13, Some("\r".to_owned()), held),
        '\u{E00C}' => ("Escape".to_owned(), 27, None, held),
        '\u{E017}' => ("Delete".to_owned(), 46, None, held),
        '\u{E011}' => ("Home".to_owned(), 36, None, held),
        '\u{E010}' => ("End".to_owned(), 35, None, held),
        '\u{E015}' => ("ArrowDown".to_owned(), 40, None, held),
        '\u{E013}' => ("ArrowUp".to_owned(), 38, None, held),
        letter => {
            let code = u32::from(letter.to_ascii_uppercase());
            let text = (held & CONTROL == 0).then(|| letter.to_string());
            (letter.to_string(), code, text, held)
        }
    };
    // What writes nothing is only a key.
    let down = if text.is_some() {
        "keyDown"
    } else {
        "rawKeyDown"
    };
    [down, "keyUp"].map(|what| {
        let mut event =
            json!({ "type": what, "key": name, "windowsVirtualKeyCode": code, "modifiers": held });
        if let (Some(text), "keyDown") = (&text, what) {
            event["text"] = json!(text);
        }
        event
    })
}
