//! What somebody is told when another made, or replaced, the password of their account.

use super::Words;
use super::letter::Bare;

/// To the person: choose a password, by this link.
#[must_use]
pub fn choose(by: &str, login: &str, link: &str) -> Words {
    let text = format!(
        "{by} asks you to choose a password for Henhouse. You sign in as {login}.\n\nChoose it here; the link works once, \
         for a week:\n{link}\n\nNobody else can choose it for you. If you did not expect this, do not open the link, and \
         tell your team: somebody may want to act in your name.\n"
    );
    words("Henhouse: choose your password", text)
}

/// To the person's other addresses: it was asked for, elsewhere.
#[must_use]
pub fn hear(by: &str, login: &str) -> Words {
    let text = format!(
        "{by} asked for a new password for your account {login} in Henhouse. The link to choose it went to another \
         address of yours.\n\nIf you did not expect this, tell your team: somebody may want to act in your name.\n"
    );
    words("Henhouse: your password is to change", text)
}

fn words(subject: &str, text: String) -> Words {
    Words {
        subject: subject.to_owned(),
        bare: Bare {
            subject: subject.to_owned(),
            text: text.clone(),
        },
        text,
    }
}
