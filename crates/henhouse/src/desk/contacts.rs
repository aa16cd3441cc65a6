//! Whether what stands in the directory can reach anybody: an address that mail could go to, a number
//! that a telephone could dial from anywhere (ITU-T E.164). What stood there before is left alone, so
//! that an old mistake of one person keeps nobody else from being changed.

use procedure::decide::WrongField;
use procedure::project::{By, Contact, Directory, Route};
use procedure::{Refusal, Text};

use crate::report::routes;

/// The longest address (RFC 5321), in bytes.
const MAIL_LIMIT_BYTES: usize = 254;

/// Refuses what reaches nobody, all of it at once, by its place in the request. The desk does this and
/// not the engine, which never reads a sealed text.
///
/// # Errors
/// A refusal that names each field with what would do.
pub(super) fn reachable(before: &Directory, after: &Directory) -> Result<(), Refusal> {
    let mut found = Vec::new();
    for (id, contact) in &after.people {
        let place = format!("/directory/people/{id}");
        contact_wrong(&place, contact, before.people.get(id), &mut found);
    }
    for (id, contact) in &after.stakeholders {
        let place = format!("/directory/stakeholders/{id}");
        contact_wrong(&place, contact, before.stakeholders.get(id), &mut found);
    }
    if after.pager != before.pager {
        found.extend(mail("/directory/pager".to_owned(), after.pager.as_ref()));
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(Refusal::wrong(found)),
    }
}

fn contact_wrong(place: &str, now: &Contact, was: Option<&Contact>, found: &mut Vec<WrongField>) {
    if was.is_none_or(|was| was.mail != now.mail) {
        found.extend(mail(format!("{place}/mail"), now.mail.as_ref()));
    }
    if was.is_none_or(|was| was.phone != now.phone) {
        found.extend(phone(format!("{place}/phone"), now.phone.as_ref()));
    }
    if was.is_none_or(|was| was.routes != now.routes) {
        let detail = wrong_routes(now);
        found.extend(detail.map(|detail| WrongField {
            field: format!("{place}/routes"),
            detail,
        }));
    }
}

/// What is wrong with how a person would be reached: the part of the contact (`mail`, `phone`, `routes`) and what would do.
#[must_use]
pub fn wrong_contact(contact: &Contact) -> Vec<(&'static str, String)> {
    let plain = |text: &Option<Text>| text.as_ref().and_then(Text::plain).map(str::to_owned);
    let mail = plain(&contact.mail).and_then(|said| wrong_mail(&said));
    let phone = plain(&contact.phone).and_then(|said| wrong_phone(&said));
    let wrong = [
        ("mail", mail),
        ("phone", phone),
        ("routes", wrong_routes(contact)),
    ]
    .into_iter();
    wrong
        .filter_map(|(part, wrong)| Some((part, wrong?)))
        .collect()
}

/// Whether this can be the name of a channel in the settings: small letters, digits, - and _.
#[must_use]
pub fn is_route_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    (1..=40).contains(&name.len()) && name.chars().all(fits)
}

/// What is wrong with the list of routes: the first mistake.
fn wrong_routes(contact: &Contact) -> Option<String> {
    let all = &contact.routes;
    if all.len() > routes::MOST {
        return Some(format!(
            "At most {} routes are tried; leave out the last ones.",
            routes::MOST
        ));
    }
    let twice = all
        .iter()
        .enumerate()
        .any(|(n, route)| all[..n].contains(route));
    if twice {
        return Some("One route stands there twice; leave one out.".to_owned());
    }
    all.iter()
        .find_map(|route| wrong_route(route, contact.mail.is_some(), contact.phone.is_some()))
}

/// Why mail cannot go there, and what would do.
#[must_use]
pub fn wrong_mail(said: &str) -> Option<String> {
    (!is_mail(said)).then(|| {
        format!("{said:?} is no mail address. Write the address alone, such as jane@example.org.")
    })
}

/// Why this cannot be dialled, and what would do.
#[must_use]
pub fn wrong_phone(said: &str) -> Option<String> {
    (!is_phone(said)).then(|| {
        format!(
            "{said:?} cannot be dialled from everywhere. Write it with + and the country code, such as \
             +1 555 0100."
        )
    })
}

/// Why a route leads nowhere, and what would do. `mail` and `phone` say whether the person has an address and a number of
/// their own.
#[must_use]
pub fn wrong_route(route: &Route, mail: bool, phone: bool) -> Option<String> {
    // A text that was erased says nothing, and is not judged.
    let to = route.to.as_ref().map(|to| to.plain());
    match (route.by, to) {
        (_, Some(None)) => None,
        (By::Mail, None) => (!mail).then(|| {
            "A mail goes to the address of the person, and none is there. Write it behind the word, or into its own field."
                .to_owned()
        }),
        (By::Mail, Some(Some(to))) => wrong_mail(to),
        (By::Push, to) => to.is_some().then(|| {
            "Push goes to the devices on which the person has turned it on, on their own page. Write the word alone."
                .to_owned()
        }),
        (By::Sms | By::Voice, None) => (!phone).then(|| {
            "A text message or a call goes to the number of the person, and none is there. Write it behind the word, or into its own field."
                .to_owned()
        }),
        (By::Sms | By::Voice, Some(Some(to))) => wrong_phone(to),
        (By::Webhook | By::Command | By::Gotify | By::Pagerduty | By::Opsgenie, to) => {
            let (to, by) = (to.flatten().unwrap_or_default(), route.by.word());
            (!is_route_name(to)).then(|| {
                format!("{to:?} is no {by}. Write its name in the settings, such as \"{by} ops\".")
            })
        }
        (By::Ntfy, to) => {
            let to = to.flatten().unwrap_or_default();
            let fits = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            let is_topic = (1..=64).contains(&to.len()) && to.chars().all(fits);
            (!is_topic).then(|| {
                format!(
                    "{to:?} is no topic of ntfy. Write letters, digits, - and _, at most 64, such as \"ntfy jane-pager-x7\"."
                )
            })
        }
    }
}

/// Texts that were erased or are withheld say nothing, and are not judged.
fn mail(field: String, text: Option<&Text>) -> Option<WrongField> {
    let detail = wrong_mail(text?.plain()?)?;
    Some(WrongField { field, detail })
}

fn phone(field: String, text: Option<&Text>) -> Option<WrongField> {
    let detail = wrong_phone(text?.plain()?)?;
    Some(WrongField { field, detail })
}

/// One mailbox and one host, and nothing around them. A host without a dot is one of this network.
fn is_mail(said: &str) -> bool {
    let Some((mailbox, host)) = said.rsplit_once('@') else {
        return false;
    };
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c);
    let in_host = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    let literal = host.starts_with('[') && host.ends_with(']');
    let ends_well =
        |part: &str| !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    !mailbox.is_empty()
        && said.len() <= MAIL_LIMIT_BYTES
        && !mailbox.contains(odd)
        && ends_well(mailbox)
        && (literal || (!host.is_empty() && host.chars().all(in_host) && ends_well(host)))
}

/// `+`, country code and number: 7 to 15 digits, with whatever people put between them.
fn is_phone(said: &str) -> bool {
    let Some(number) = said.trim().strip_prefix('+') else {
        return false;
    };
    let between = |c: char| " -./()\u{a0}".contains(c);
    let digits: String = number.chars().filter(|c| !between(*c)).collect();
    (7..=15).contains(&digits.len())
        && digits.chars().all(|c| c.is_ascii_digit())
        && !digits.starts_with('0')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;
    use crate::report::routes::from_words;

    #[test]
    fn an_address_is_one_that_mail_can_go_to() {
        for good in [
            "jane@example.org",
            "jane.doe+hen@mail.example.org",
            "root@localhost",
            "jürgen@bücher.example",
            "a@[192.0.2.1]",
        ] {
            assert!(is_mail(good), "{good}");
        }
        for bad in [
            "jane",
            "jane@",
            "@example.org",
            "jane@example..org",
            "Jane <jane@example.org>",
            "jane@example.org, bob@example.org",
            "jane doe@example.org",
            "jane@exa mple.org",
            "jane@.org",
            "a@b@c",
            "jane@example.org.",
        ] {
            assert!(!is_mail(bad), "{bad}");
        }
    }

    #[test]
    fn a_number_can_be_dialled_from_everywhere() {
        for good in [
            "+1 555 0100",
            "+49 (30) 1234-567",
            "+442079460000",
            "+1.555.010.0999",
        ] {
            assert!(is_phone(good), "{good}");
        }
        for bad in [
            "555 0100",
            "0049 30 123456",
            "+0 555 0100",
            "+12",
            "+1 555 0100 ext 3",
            "+1234567890123456",
            "",
        ] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn a_topic_is_a_topic_and_mail_needs_an_address() {
        let said = |words: &str, mail| wrong_route(&from_words(words).unwrap()[0], mail, mail);
        assert_eq!(said("ntfy jane_X7-1", false), None);
        assert_eq!(said("webhook ops-2", false), None);
        assert_eq!(said("command siren", false), None);
        for bad in [
            "command /bin/sh",
            "webhook",
            "webhook https://x",
            "webhook Ops",
        ] {
            assert!(said(bad, true).is_some(), "{bad}");
        }
        for bad in ["ntfy", "ntfy a/b", "ntfy http://x", "ntfy é", "ntfy a b"] {
            assert!(said(bad, true).is_some(), "{bad}");
        }
        assert_eq!(said("mail", true), None);
        assert!(said("mail", false).is_some() && said("mail jane", true).is_some());
    }
}
