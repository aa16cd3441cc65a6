//! What a call says in Vonage's own language (NCCO), so that no word of a message becomes part of it.

use serde_json::{Value, json};

/// The longest words that it says, in characters.
const LONGEST: usize = 1_500;
/// So long it waits for a key, in seconds.
const WAITS_SECONDS: u32 = 8;

/// Words that are said.
#[must_use]
pub fn talk(text: &str) -> Value {
    // What begins with a tag would be read as one.
    let plain = |c: char| match c {
        '<' | '>' | '&' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    let text: String = text.trim().chars().map(plain).take(LONGEST).collect();
    json!({ "action": "talk", "text": text })
}

/// Words that are said twice, and where a key is told, if one is waited for.
#[must_use]
pub fn said_twice(text: &str, key: Option<&str>) -> Value {
    let mut talk = talk(text);
    talk["loop"] = json!(2);
    key.map_or_else(|| json!([talk]), |key| asks(talk.clone(), key))
}

/// Words during which a key may be pressed, which is told there.
#[must_use]
pub fn asks(mut talk: Value, key: &str) -> Value {
    talk["bargeIn"] = json!(true);
    json!([talk, { "action": "input", "type": ["dtmf"], "eventUrl": [key], "eventMethod": "POST",
        "dtmf": { "maxDigits": 1, "timeOut": WAITS_SECONDS } }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_a_message_is_read_as_its_language() {
        let said = talk("<speak>Fox & hen\n</speak>")["text"].clone();
        assert_eq!(said, " speak Fox   hen  /speak ");
        assert_eq!(
            talk(&"a".repeat(9_000))["text"].as_str().map(str::len),
            Some(LONGEST)
        );
    }
}
