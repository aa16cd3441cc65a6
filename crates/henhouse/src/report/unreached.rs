//! That nobody can be called, said to whoever believes that somebody is: mail is how people are called, and without a
//! mail server, or while it takes nothing, a report wakes nobody.

use super::to_do::MailReach;

/// To whoever reported: what is so, and what they do now. Nothing where people are called.
#[must_use]
pub fn to_reporter(mail: &MailReach, public_numbers: &[(String, String)]) -> Option<String> {
    let so = match mail {
        MailReach::NotSet => {
            "Your report is kept, and the team sees it when they look here. But nobody is called: no mail server is set \
             up yet."
        }
        MailReach::Failing(_) => {
            "Your report is kept, and the team sees it when they look here. But the mail server takes nothing just now, \
             so perhaps nobody has been called yet; it is tried again every minute."
        }
        MailReach::Untried | MailReach::Reached => return None,
    };
    let numbers: Vec<String> = public_numbers
        .iter()
        .map(|(label, number)| format!("{number} ({label})"))
        .collect();
    let now = match numbers.is_empty() {
        true => "Please telephone somebody of the team now, or go to them.".to_owned(),
        false => format!("Please telephone now: {}.", numbers.join(", ")),
    };
    Some(format!("{so} {now}"))
}

/// To the team, on everybody's board: it stands there as long as it is so.
#[must_use]
pub fn to_team(mail: &MailReach) -> Option<&'static str> {
    match mail {
        MailReach::NotSet => Some(
            "Nobody is called: no mail server is set. Reports wait here until somebody looks, so look often, telephone \
             each other, and ask an admin to set [mail].",
        ),
        MailReach::Failing(_) => Some(
            "The mail server takes nothing just now: calls and sitreps wait, and are tried again every minute. Telephone \
             each other, and tell an admin.",
        ),
        MailReach::Untried | MailReach::Reached => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_reports_hears_that_nobody_is_called_and_whom_to_telephone() {
        let numbers = [("on duty".to_owned(), "+1 555 0100".to_owned())];
        let said = to_reporter(&MailReach::NotSet, &numbers).unwrap_or_default();
        assert!(said.contains("nobody is called"), "{said}");
        assert!(
            said.ends_with("Please telephone now: +1 555 0100 (on duty)."),
            "{said}"
        );
        let said = to_reporter(&MailReach::NotSet, &[]).unwrap_or_default();
        assert!(said.contains("telephone somebody of the team"), "{said}");
        for fine in [MailReach::Untried, MailReach::Reached] {
            assert_eq!((to_reporter(&fine, &numbers), to_team(&fine)), (None, None));
        }
    }
}
