//! What somebody is told when another made, or replaced, the password of their account.

use super::Words;
use super::letter::Bare;

/// To the person: choose a password, by this link. So many tokens ended with the one before.
#[must_use]
pub fn choose(by: &str, login: &str, link: &str, ended_tokens: usize) -> Words {
    let ended = match ended_tokens {
        0 => String::new(),
        n => format!(
            "Your password until now works no more, and with it ended {}: make new ones when you have signed in.\n\n",
            super::time::count(i64::try_from(n).unwrap_or(i64::MAX), "token")
        ),
    };
    let text = format!(
        "{by} asks you to choose a password for Henhouse. You sign in as {login}.\n\nChoose it here; the link works once, \
         for a week:\n{link}\n\n{ended}Nobody else can choose it for you. If you did not expect this, do not open the \
         link, and tell your team: somebody may want to act in your name.\n"
    );
    words("Henhouse: choose your password", text)
}

/// To the person: somebody will hand them a link.
#[must_use]
pub fn handed(by: &str, login: &str) -> Words {
    let text = format!(
        "{by} made a link with which you choose the password of your account {login} in Henhouse, and hands it to you \
         in another way.\n\nIf you did not expect this, tell your team: somebody may want to act in your name.\n"
    );
    words("Henhouse: your password is to change", text)
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

/// To an address that was the person's until lately: a password was asked for where another stands now.
#[must_use]
pub fn hear_at_the_old(by: &str, login: &str) -> Words {
    let text = format!(
        "{by} asked for a new password for the account {login} in Henhouse. This address stood on its contact sheet until \
         lately and was replaced there; the new password is asked for elsewhere.\n\nIf the account is yours and you did \
         not have your address changed, tell your team at once, by telephone or face to face: somebody may be about to \
         act in your name.\n"
    );
    words("Henhouse: a password is to change", text)
}

fn words(subject: &str, text: String) -> Words {
    Words {
        subject: subject.to_owned(),
        bare: Bare {
            subject: subject.to_owned(),
            text: text.clone(),
            ..Bare::default()
        },
        text,
    }
}
