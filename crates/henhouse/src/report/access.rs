//! What somebody is told of how they sign in: a factor put on or taken off, a recovery code used.

use super::Words;
use super::letter::Bare;
use super::time::count;

/// To the person: their factors changed. `what` is the journal's word for it; `own` says that they did it.
#[must_use]
pub fn factors_changed(login: &str, what: &str, own: bool) -> Words {
    let what = match what {
        "app_on" => "Signing in now asks for a code of your app after the password.",
        "app_off" => "Signing in no longer asks for a code: the password is enough.",
        "new_codes" => "There is a new set of recovery codes; the codes before work no more.",
        _ => {
            "An admin removed your app for codes and your recovery codes, because they were lost. The \
             password is enough until you put them on again."
        }
    };
    let who = if own {
        "From a browser in which you are signed in"
    } else {
        "By an admin"
    };
    let text = format!(
        "How you sign in to Henhouse as {login} has changed. {who}:\n\n{what}\n\nEvery other session of yours has \
         ended.\n\n{ALARM}\n"
    );
    words("Henhouse: how you sign in has changed", text)
}

/// To the person: one of their recovery codes let somebody in; so many are left.
#[must_use]
pub fn recovery_used(login: &str, left: usize) -> Words {
    let left = match left {
        0 => "None is left: make a new set now.".to_owned(),
        n => format!(
            "{} left.",
            count(i64::try_from(n).unwrap_or(i64::MAX), "code")
        ),
    };
    let text = format!(
        "Somebody signed in to Henhouse as {login} with the password and one of your recovery codes. {left}\n\n{ALARM}\n"
    );
    words("Henhouse: a recovery code was used", text)
}

/// To the person: the password is another one.
#[must_use]
pub fn password_changed(login: &str) -> Words {
    let text = format!(
        "The password of {login} in Henhouse was changed, from a browser in which you are signed in. Every other session \
         of yours and every token of yours has ended.\n\n{ALARM}\n"
    );
    words("Henhouse: your password was changed", text)
}

/// To the person themselves, who asked for it.
#[must_use]
pub fn test_message(name: &str) -> Words {
    let text = format!(
        "{name}, you asked for this message: it shows that Henhouse reaches you here. Nothing has happened, and nothing is \
         asked of you.\n"
    );
    words("Henhouse: this reaches you", text)
}

/// To everybody who must know: somebody came in by the break-glass account.
#[must_use]
pub fn break_glass_used(who: &str, why: &str, at: &str) -> Words {
    let text = format!(
        "Somebody opened the break-glass account of your Henhouse at {at}. It manages everything for an hour.\n\nThey say \
         they are: {who}\nThey say why: {why}\n\nCall them now and ask. If nobody knows of it, have an admin end it: \
         henhouse admin break-glass --end\nIt stands in the log and cannot be taken back. When it is over, make new \
         halves: those on paper have been seen.\n"
    );
    words("Henhouse: the break-glass account was opened", text)
}

/// To everybody who must know: there are new halves.
#[must_use]
pub fn break_glass_made() -> Words {
    let text = "The break-glass account of your Henhouse has two new halves, printed on the server. Two people should \
                keep one each, sealed. Those before work no more.\n\nIf nobody on your team did this, somebody else has \
                the server.\n";
    words(
        "Henhouse: the break-glass account has new halves",
        text.to_owned(),
    )
}

/// To everybody who must know: it opens no more.
#[must_use]
pub fn break_glass_ended() -> Words {
    let text = "The break-glass account of your Henhouse was ended: it opens no more, and whoever was in by it is out.\n";
    words(
        "Henhouse: the break-glass account was ended",
        text.to_owned(),
    )
}

const ALARM: &str = "If that was not you, tell your team at once by another way than mail, and ask an admin to lock your \
                     account: somebody may be acting in your name.";

pub(super) fn words(subject: &str, text: String) -> Words {
    Words {
        subject: subject.to_owned(),
        bare: Bare {
            subject: subject.to_owned(),
            text: text.clone(),
        },
        text,
    }
}
