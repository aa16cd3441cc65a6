//! That nobody can be called, said to whoever believes that somebody is: mail is how people are called, and without a
//! mail server, or while it takes nothing, a report wakes nobody.

use super::words::Words;
use crate::report::to_do::MailReach;

/// To whoever reported: what is so, and what they do now. Nothing where people are called.
pub(super) fn to_reporter(
    w: Words,
    mail: &MailReach,
    public_numbers: &[(String, String)],
) -> Option<String> {
    let so = match mail {
        MailReach::NotSet => w.say("lacks-calls-no-mail"),
        MailReach::Failing(_) => w.say("lacks-calls-no-answer"),
        MailReach::Untried | MailReach::Reached => return None,
    };
    let numbers: Vec<String> = public_numbers
        .iter()
        .map(|(label, number)| format!("{number} ({label})"))
        .collect();
    let now = match numbers.is_empty() {
        true => w.say("lacks-calls-telephone").into_owned(),
        false => w
            .with("lacks-calls-numbers", "numbers", numbers.join(", "))
            .into(),
    };
    Some(format!("{so} {now}"))
}

/// To the team, on everybody's board: it stands there as long as it is so.
pub(super) fn to_team(w: Words, mail: &MailReach) -> Option<String> {
    let said = match mail {
        MailReach::NotSet => w.say("lacks-calls-team-no-mail"),
        MailReach::Failing(_) => w.say("lacks-calls-team-no-answer"),
        MailReach::Untried | MailReach::Reached => return None,
    };
    Some(said.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::words::Language;

    #[test]
    fn whoever_reports_hears_that_nobody_is_called_and_whom_to_telephone() {
        let numbers = [("on duty".to_owned(), "+1 555 0100".to_owned())];
        let said = |language, numbers: &[_]| {
            to_reporter(Words::new(language), &MailReach::NotSet, numbers).unwrap_or_default()
        };
        let english = said(Language::English, &numbers);
        assert!(english.contains("nobody is called"), "{english}");
        assert!(
            english.ends_with("Please telephone now: +1 555 0100 (on duty)."),
            "{english}"
        );
        let english = said(Language::English, &[]);
        assert!(
            english.contains("telephone somebody of the team"),
            "{english}"
        );
        let german = said(Language::German, &numbers);
        assert!(german.contains("niemand wird gerufen"), "{german}");
        assert!(german.contains("+1 555 0100"), "{german}");
        let w = Words::default();
        for fine in [MailReach::Untried, MailReach::Reached] {
            let said = (to_reporter(w, &fine, &numbers), to_team(w, &fine));
            assert_eq!(said, (None, None));
        }
    }
}
