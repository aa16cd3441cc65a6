//! The end of a response: Ready for QA, the review, the retrospective.

use procedure::{Body as Entry, Recipient};

use super::body::{self, Body};
use super::subject::fixed;
use super::{Scene, Words};

/// Spun down, reviewed, sent back, reopened, closed.
pub(super) fn words(scene: &Scene, to: &Recipient) -> Words {
    let subject = fixed(scene, "{number}: closing - {title}");
    finish(scene, &subject, wanted(scene, to))
}

/// The retrospective: who leads it, what follows from it, its report.
pub(super) fn retrospective(scene: &Scene) -> Words {
    let subject = fixed(scene, &scene.basis.playbook.messages.subjects.retrospective);
    let days = scene.basis.playbook.retrospective.due_business_days;
    let wanted = match &scene.entry.body {
        Entry::LeaderAppointed(_) => format!(
            "You lead the retrospective: what happened, how it came to be, what we learn. It looks for \
             causes, not for somebody to blame. It is due {days} business days after Ready for QA."
        ),
        Entry::FollowUpAdded(added) => format!(
            "It is yours, by {}. Say when it is done, or early if it will not be.",
            scene.times().dated(added.due)
        ),
        Entry::ReportPublished(_) => "Please read it, and say what is missing.".to_owned(),
        _ => String::new(),
    };
    finish(scene, &subject, wanted)
}

fn wanted(scene: &Scene, to: &Recipient) -> String {
    match &scene.entry.body {
        Entry::SpunDown(down) => match to {
            Recipient::Person(person) if down.reviewer.as_ref() == Some(person) => {
                "You are the reviewer. Please look whether what was done is right and complete, then \
                 accept it or send it back."
            }
            _ => "The response is over; nobody is paged any more. What is left goes on at business pace.",
        },
        Entry::QaSentBack(_) => "The response goes on. Please look at what is open again.",
        Entry::QaAccepted(_) => "What is left is the retrospective, and then the close.",
        Entry::Reopened(_) => "The response goes on under the same number. Clocks run again.",
        Entry::Closed(_) => "Nothing more is asked of you. Follow-ups keep their owners and dates.",
        _ => "",
    }
    .to_owned()
}

fn finish(scene: &Scene, subject: &str, wanted: String) -> Words {
    let link = &scene.links.case;
    let (what, where_to) = match &scene.entry.body {
        Entry::ReportPublished(_) => ("The report".to_owned(), format!("{link}/report")),
        _ => (format!("The {}", scene.case.noun()), link.clone()),
    };
    let text = Body::new(scene)
        .say(scene.log().sentence(scene.entry))
        .say(wanted)
        .link(&what, &where_to);
    let bare_subject = format!("{}: news", body::number(scene));
    let news = format!("There is news about {}.", scene.number);
    let bare = body::bare(scene, &bare_subject, &news, link);
    text.finish(subject.to_owned(), bare)
}
