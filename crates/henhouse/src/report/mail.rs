//! Mails: which words for which notice.

use procedure::{Body, Notice, Recipient, Telling};

use super::{Scene, Words};
use super::{assessed, general, page, prompt, reporter, sitrep, standdown};

/// What the mail about this notice says.
#[must_use]
pub fn words(scene: &Scene, notice: &Notice) -> Words {
    match (&notice.what, &notice.to) {
        (Telling::Page { position, round }, _) => page::words(scene, *position, *round),
        (Telling::StandDown, _) => standdown::words(scene),
        (Telling::Received, _) => reporter::received(scene),
        (Telling::Taken, to) => reporter::taken(scene, to),
        (Telling::RoundEnded { round }, _) => reporter::round_ended(scene, *round),
        (Telling::Prompt { rule, what, level }, to) => {
            prompt::words(scene, to, *rule, what, *level)
        }
        (Telling::Entry, to) => about_the_entry(scene, to),
    }
}

/// The entry itself is the news.
fn about_the_entry(scene: &Scene, to: &Recipient) -> Words {
    if matches!(to, Recipient::Reporter(_)) {
        return reporter::news(scene);
    }
    match &scene.entry.body {
        Body::SitrepPublished(said) => sitrep::words(scene, to, said),
        Body::Confirmed(_) | Body::SeveritySet(_) => assessed::words(scene),
        Body::FalseAlarmCalled(called) => assessed::false_alarm(scene, to, called),
        _ => general::words(scene),
    }
}
