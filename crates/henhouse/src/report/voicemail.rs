//! What a number says to whoever calls it to report something, and what the report of such a call says.

use super::phone::by_letters;

/// So long somebody may speak, in seconds: Twilio writes down no longer recordings.
pub const LONGEST: u32 = 120;
/// No address of a recording is longer.
const LONGEST_ADDRESS: usize = 300;

/// Before the tone.
#[must_use]
pub fn greeting(drill: bool) -> String {
    let drill = if drill { "This is a drill. " } else { "" };
    format!(
        "This is Henhouse. {drill}You are not in trouble. After the tone, say what happened, and how to reach you. \
         You have two minutes. Press hash or hang up when you are done."
    )
}

/// Nothing was said.
#[must_use]
pub fn silence() -> String {
    "Nothing was heard, so nothing is kept. Please call again. Goodbye.".to_owned()
}

/// It is kept under this number.
#[must_use]
pub fn kept(number: &str) -> String {
    format!(
        "Thank you. Your report is kept as {}. Do not delete anything, and do not switch anything off. Goodbye.",
        by_letters(number)
    )
}

/// It could not be kept.
#[must_use]
pub fn not_kept() -> String {
    "This could not be kept. Please call somebody of the team, or use the form. Goodbye.".to_owned()
}

/// What the report says: from where, and where it can be heard.
#[must_use]
pub fn report(from: Option<&str>, recording: &str) -> String {
    let from = from.unwrap_or("a number that is not shown");
    let heard = match is_recording(recording) {
        true => format!(" Listen to it at Twilio: {recording}"),
        false => " Its recording lies with Twilio, below this call.".to_owned(),
    };
    format!("A voice message from {from}. Its words follow once they are written down.{heard}")
}

/// What was said, or that nobody knows.
#[must_use]
pub fn words(said: Option<&str>) -> String {
    match said.map(str::trim).filter(|said| !said.is_empty()) {
        Some(said) => format!("What Twilio understood of the voice message: {said}"),
        None => "Twilio could not write the voice message down: listen to it.".to_owned(),
    }
}

/// An address of Twilio's own and of nobody else.
fn is_recording(address: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
    let path = address.strip_prefix("https://api.twilio.com/");
    address.len() <= LONGEST_ADDRESS && path.is_some_and(|path| path.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_twilios_is_led_to() {
        let own = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1";
        assert!(report(None, own).contains(own));
        for other in [
            "https://api.twilio.com.evil.example/x",
            "https://api.twilio.com/x\nClick here",
            "http://api.twilio.com/x",
            "",
        ] {
            assert!(!report(Some("+1"), other).contains("://"), "{other}");
        }
        assert!(words(Some(" ")).contains("could not"));
    }
}
