//! What somebody is told of how they sign in: a factor put on or taken off, a recovery code used.

use super::Words;
use super::letter::Bare;
use super::time::count;

/// To the person: their factors changed. `what` is the journal's word for it; `own` says that they did it.
#[must_use]
pub fn factors_changed(login: &str, what: &str, own: bool) -> Words {
    let what = match what {
        "app_on" => "Signing in now asks for a code of your app after the password.",
        "app_off" if own => "Signing in no longer asks for a code: the password is enough.",
        "app_off" => {
            "An admin took off your app for codes and its recovery codes, because the app was lost. The password is \
             enough until you put an app on again; your passkeys go on."
        }
        "new_codes" => "There is a new set of recovery codes; the codes before work no more.",
        _ => {
            "An admin removed your app for codes, your recovery codes and your passkeys, because they were lost. \
             The password is enough until you put them on again."
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

/// To the person: they have another passkey.
#[must_use]
pub fn passkey_added(login: &str, name: &str) -> Words {
    let text = format!(
        "There is a new passkey with which one signs in to Henhouse as {login}, without the password: {name}. It was made \
         from a browser in which you are signed in. Every other session of yours has ended.\n\n{ALARM}\n"
    );
    words("Henhouse: you have a new passkey", text)
}

/// To the person: one of their passkeys signs them in no more. `own` says that they ended it, else an admin took it off.
#[must_use]
pub fn passkey_ended(login: &str, name: &str, own: bool) -> Words {
    let (by, sessions, alarm) = match own {
        true => (
            "was ended, from a browser in which you are signed in",
            "Every other session of yours has ended.",
            ALARM,
        ),
        false => (
            "was taken off by an admin, because it was lost",
            "Every session of yours has ended: sign in again.",
            LOST_ALARM,
        ),
    };
    let text = format!(
        "A passkey of {login} in Henhouse {by}: {name}. It signs nobody in any more. {sessions}\n\n{alarm}\n"
    );
    words("Henhouse: a passkey of yours was ended", text)
}

/// To the person: one of their passkeys counted no further than before, when somebody at this address used it.
#[must_use]
pub fn passkey_suspected(login: &str, name: &str, address: &str) -> Words {
    let text = format!(
        "Somebody at {address} tried to sign in to Henhouse as {login} with your passkey {name}, and was refused: the \
         device counts how often it signs, and it counted no further than before. Somebody may have a copy of it. Sign in \
         with your password, end this passkey and make another.\n\n{ALARM}\n"
    );
    words("Henhouse: a passkey of yours may have been copied", text)
}

/// To the person: what they are called for is shown on another device.
#[must_use]
pub fn push_on(login: &str, name: &str) -> Words {
    let text = format!(
        "A device was turned on for notifications of {login} in Henhouse, from a browser in which you are signed in: {name}. \
         It shows what you are called for, with the link by which you take it.\n\n{ALARM}\n"
    );
    words("Henhouse: a device of yours was turned on", text)
}

/// To the person: a device of theirs does not take notifications any more.
#[must_use]
pub fn push_gone(login: &str, name: &str) -> Words {
    let text = format!(
        "A device of {login} takes no notifications of Henhouse any more: {name}. Its browser ended them, or was removed. Pages \
         reach you by your other ways alone until you turn it on again: sign in there, and open Notifications on your own \
         page.\n"
    );
    words("Henhouse: a device of yours is gone", text)
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

/// To the person, where they were reached until now: their address was changed.
#[must_use]
pub fn address_changed(by: &str, login: &str) -> Words {
    let text = format!(
        "{by} changed the address at which Henhouse reaches you; you sign in as {login}. This is the last message to this \
         address: pages and links to choose your password go to the new one.\n\nIf you know of it, there is nothing to \
         do. {ALARM}\n"
    );
    words("Henhouse: your address was changed", text)
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

const LOST_ALARM: &str = "If you did not lose it and asked nobody for this, tell your team at once by another way than mail: \
                          somebody may be acting in your name.";

const ALARM: &str = "If that was not you, tell your team at once by another way than mail, and ask an admin to lock your \
                     account: somebody may be acting in your name.";

pub(super) fn words(subject: &str, text: String) -> Words {
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
