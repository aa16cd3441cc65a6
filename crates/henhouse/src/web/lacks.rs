//! What is still to be set up, in the reader's language.

use super::words::Words;
use crate::report::to_do::Lack;

/// What is lacking, in one or two sentences.
pub(super) fn said(w: Words, lack: &Lack) -> String {
    let of = match lack {
        Lack::NobodyOnSheet(project) => w.with("lacks-anybody", "project", project),
        Lack::NoResponder(project) => w.with("lacks-responder", "project", project),
        Lack::NoResponderMail(project) => w.with("lacks-responder-mail", "project", project),
        Lack::NoMail(who) => w.with("lacks-mail", "who", who),
        Lack::OneResponder(project) => w.with("lacks-second-responder", "project", project),
        Lack::NobodyDecides(project) => w.with("lacks-decider", "project", project),
        Lack::DeciderWithoutPhone(who) => w.with("lacks-decider-phone", "who", who),
        Lack::NobodySignsIn(project, asked) => {
            let said = w.with("lacks-sign-in", "project", project).to_string();
            return match asked {
                Some(who) => format!("{said} {}", w.with("lacks-sign-in-asked", "who", who)),
                None => said,
            };
        }
        Lack::Clock(project) => w.with("lacks-hours", "project", project),
        Lack::PlaybookUnread(project) => w.with("lacks-first-review", "project", project),
        Lack::EditionWaits(n, project) => w.with("lacks-review", "n", n).and("project", project),
        Lack::NoNumber(project) => w.with("lacks-number", "project", project),
        Lack::MailNotSet(file) => w.with("lacks-mail-server", "file", file),
        Lack::MailFailing(said, file) => {
            w.with("lacks-mail-answer", "said", said).and("file", file)
        }
        Lack::LinksHere(url) => w.with("lacks-address", "url", url),
        Lack::NoAdminYet => return w.say("lacks-admin-yet").into_owned(),
        Lack::NoAdmin => return w.say("lacks-admin").into_owned(),
        Lack::OneAdmin => return w.say("lacks-second-admin").into_owned(),
    };
    of.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::words::Language;

    #[test]
    fn what_is_lacking_is_said_in_either_language_with_whom_it_is_about() {
        let lack = Lack::NobodySignsIn("Farm".to_owned(), Some("Ann".to_owned()));
        let english = said(Words::default(), &lack);
        let german = said(Words::new(Language::German), &lack);
        assert!(
            english.starts_with("No responder of Farm can sign in"),
            "{english}"
        );
        assert!(english.ends_with("they can be asked again."), "{english}");
        assert!(
            german.starts_with("Noch kann sich kein Helfer von Farm"),
            "{german}"
        );
        assert!(german.contains(" Ann wurde gebeten"), "{german}");
    }
}
