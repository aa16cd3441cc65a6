//! Mails: which words for which notice.

use procedure::{Body as Entry, Notice, Recipient, Telling};

use super::{Links, Scene, Words};
use super::{
    assessed, closing, disruption, general, handover, hold, outside, page, prompt, reporter,
    sitrep, standdown, thanks, warning,
};

/// What the mail about this notice says. Whoever is outside gets no link to the case, whatever it is about: it opens
/// only to those who sign in.
#[must_use]
pub fn words(scene: &Scene, notice: &Notice) -> Words {
    if !sitrep::is_outside(scene, &notice.to) {
        return chosen(scene, notice);
    }
    let links = Links {
        case: String::new(),
        ..scene.links.clone()
    };
    let scene = Scene {
        links: &links,
        ..*scene
    };
    chosen(&scene, notice)
}

fn chosen(scene: &Scene, notice: &Notice) -> Words {
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
        Entry::SitrepPublished(said) => sitrep::words(scene, to, said),
        Entry::Confirmed(_) | Entry::SeveritySet(_) => assessed::words(scene),
        Entry::FalseAlarmCalled(called) => assessed::false_alarm(scene, to, called),
        Entry::HandoverOffered(offered) => handover::offered(scene, offered),
        Entry::TakeOverAsked(asked) => handover::take_over(scene, asked),
        Entry::CalledIn(called) => handover::called_in(scene, called),
        Entry::ColleaguesWarned(warned) if matches!(to, Recipient::Person(_)) => {
            warning::of_a_case(scene, warned)
        }
        Entry::HoldPlaced(placed) => hold::placed(scene, placed),
        Entry::HoldReleased(_) => hold::released(scene),
        Entry::DisruptionRequested(asked) => disruption::requested(scene, to, asked),
        Entry::DisruptionNoticeSent(sent) => disruption::notice(scene, sent),
        Entry::DeciderContacted(contacted) => disruption::in_your_name(scene, contacted),
        Entry::DisruptionAnswered(_)
        | Entry::TeamVoted(_)
        | Entry::DisruptionSettled(_)
        | Entry::DisruptionStarted(_)
        | Entry::DisruptionEnded(_) => disruption::goes_on(scene),
        Entry::CustomerNoticeDrafted(drafted) => outside::drafted(scene, drafted),
        Entry::CustomerNoticeSent(sent) if matches!(to, Recipient::Stakeholder(_)) => {
            outside::sent(scene, sent)
        }
        Entry::OutageCounted(_) | Entry::ContingencyActivated(_) | Entry::RecoveryDeclared(_) => {
            outside::recovery(scene, to)
        }
        Entry::SpunDown(_)
        | Entry::QaAccepted(_)
        | Entry::QaSentBack(_)
        | Entry::Reopened(_)
        | Entry::Closed(_) => closing::words(scene, to),
        Entry::LeaderAppointed(_) | Entry::FollowUpAdded(_) | Entry::ReportPublished(_) => {
            closing::retrospective(scene)
        }
        Entry::Thanked(thanked) => thanks::words(scene, thanked),
        _ => general::words(scene, to),
    }
}
