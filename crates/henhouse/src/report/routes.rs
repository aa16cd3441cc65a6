//! By what a person is paged, as people type and read it: `ntfy jane-pager-x7, mail`.

use procedure::Text;
use procedure::project::{By, Route};

use super::phone::is_by_phone;

/// So many routes of one person.
pub const MOST: usize = 5;

/// The channel that carries what goes this way. Each webhook and each program is a channel of its own, with its own health.
#[must_use]
pub fn channel(by: By, to: &str) -> String {
    match by {
        By::Mail | By::Ntfy | By::Sms | By::Voice | By::Push => by.word().to_owned(),
        By::Webhook | By::Command | By::Gotify | By::Pagerduty | By::Opsgenie => {
            format!("{}:{to}", by.word())
        }
    }
}

/// The channel to the browsers of people.
pub const PUSH: &str = By::Push.word();

/// Whether this channel hears later of each message whether it arrived: from a gateway, or from the device itself.
#[must_use]
pub fn is_told_later(channel: &str) -> bool {
    channel == PUSH || is_by_phone(channel)
}

/// PagerDuty's word.
pub const PAGERDUTY: &str = By::Pagerduty.word();
/// Opsgenie's word.
pub const OPSGENIE: &str = By::Opsgenie.word();

/// Whether this channel is a pager of another vendor, where pages become alerts and nothing else goes.
#[must_use]
pub fn is_forward(channel: &str) -> bool {
    let vendor = channel.split_once(':').map(|(vendor, _)| vendor);
    vendor.is_some_and(|vendor| [PAGERDUTY, OPSGENIE].contains(&vendor))
}

/// The routes in words, in order; empty where there is only mail to the person's own address.
#[must_use]
pub fn in_words(routes: &[Route]) -> String {
    let one = |route: &Route| match route.to.as_ref().and_then(Text::plain) {
        Some(to) => format!("{} {to}", route.by.word()),
        None => route.by.word().to_owned(),
    };
    routes.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The routes behind these words.
///
/// # Errors
/// A sentence that says what would do.
pub fn from_words(words: &str) -> Result<Vec<Route>, String> {
    let all = words.split([',', ';', '\n']).map(str::trim);
    all.filter(|one| !one.is_empty()).map(one).collect()
}

fn one(words: &str) -> Result<Route, String> {
    let (by, to) = words.split_once([' ', ':']).unwrap_or((words, ""));
    let known = By::ALL
        .into_iter()
        .find(|known| known.word().eq_ignore_ascii_case(by));
    let by = known.ok_or_else(|| {
        let known = By::ALL.map(By::word).join(", ");
        format!("{words:?} is no route. Begin with one of {known}, such as \"ntfy jane-pager-x7, mail\".")
    })?;
    let to = to.trim();
    let to = (!to.is_empty()).then(|| Text::from(to));
    Ok(Route { by, to })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn what_is_typed_is_read_and_shown_again() {
        for words in [
            "ntfy jane-x7, mail",
            "mail jane@home.example, ntfy x",
            "push, mail",
            "",
        ] {
            assert_eq!(in_words(&from_words(words).unwrap()), words);
        }
        assert_eq!(
            in_words(&from_words("NTFY: jane-x7;mail").unwrap()),
            "ntfy jane-x7, mail"
        );
        assert!(from_words("pigeon 7").unwrap_err().contains(
            "one of mail, ntfy, webhook, command, sms, voice, gotify, pagerduty, opsgenie, push"
        ));
    }
}
