//! Where a sitrep is written: the head from the record, three boxes begun by rule, and the two taps that say that
//! nothing has changed.

use askama::Template;
use procedure::at::At;
use procedure::chapters::commander::may_speak_outside;
use procedure::chapters::sitreps::{self, PublishSitrep};

use super::{Typed, around, preview, status_page};
use crate::desk::CaseView;
use crate::report::draft::{self, Sitrep};
use crate::report::status::followed_at;
use crate::report::{self, Names, Times};
use crate::web::fields::Fields;
use crate::web::pages::deed::{self, No};
use crate::web::pages::frame::{self, Due, Frame, Mark};
use crate::web::readings::AUDIENCES;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "sitrep.html")]
struct ComposePage {
    frame: Frame,
    number: String,
    case_title: String,
    /// Which it will be: what was typed is kept until that one is out.
    nth: usize,
    severity: Mark,
    ic: String,
    responders: String,
    /// When it is due.
    due: Option<Due>,
    overdue: bool,
    /// What can be said to be unchanged: since when.
    unchanged: Option<String>,
    /// It was said too often in a row.
    too_often: bool,
    /// Something has changed since the last one.
    news: bool,
    typed: Typed,
    /// Who outside gets it, where whoever writes may write to them.
    outsiders: String,
    /// There is a status page that they can open, and its address is not among the words yet.
    offers_link: bool,
    /// Who gets it: the word, whether it is ticked.
    audiences: [(&'static str, bool); 3],
    /// It may be the last one.
    may_end: bool,
    zone: String,
}

/// Shows what could go out now.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let draft = draft::sitrep(at, &times(at));
    let typed = begun(&call.page_query(), &draft);
    let frame = around(&call, &view, &call.words().say("sitrep-write"));
    let offers = Offers::of(&call, &view, draft.news).await?;
    page(200, frame, &view, at, typed, offers)
}

/// What a link says stands before what is begun by rule.
fn begun(query: &Fields, draft: &Sitrep) -> Typed {
    let mut typed = Typed::read(query);
    for (field, words) in [
        (&mut typed.summary, &draft.summary),
        (&mut typed.known, &draft.known),
        (&mut typed.doing, &draft.doing),
        (&mut typed.need, &draft.need),
    ] {
        if field.is_empty() {
            field.clone_from(words);
        }
    }
    if typed.audiences.is_empty() {
        typed.audiences = AUDIENCES.map(|(_, word)| word.to_owned()).into();
    }
    typed
}

/// Looks at it once more, sends it, goes back to writing, or says that nothing has changed.
pub(in crate::web::pages) async fn send(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let view = call.case().await?;
    let typed = Typed::read(&fields);
    let offers = Offers::of(&call, &view, true).await?;
    if fields.get("act") == Some("edit") {
        let at = At::new(&view.case, &view.basis, call.app.desk.now());
        let frame = around(&call, &view, &call.words().say("sitrep-write"));
        return page(200, frame, &view, at, typed, offers);
    }
    if fields.get("act") == Some("link") {
        let at = At::new(&view.case, &view.basis, call.app.desk.now());
        let frame = around(&call, &view, &call.words().say("sitrep-write"));
        return page(200, frame, &view, at, typed.with_link(&offers), offers);
    }
    let given = match fields.get("act") {
        Some("unchanged") => {
            let unchanged = PublishSitrep {
                no_change: true,
                ..PublishSitrep::default()
            };
            deed::give(&call, &view, unchanged, (&fields, 0)).await
        }
        None => {
            let words = call.words().say("sitrep-choose-first");
            Err(No::Other(Problem::field("/act", &*words)))
        }
        act => match typed.command(&call, &view) {
            Ok(command) if act == Some("send") => {
                deed::give(&call, &view, command, (&fields, 0)).await
            }
            Ok(command) => match preview::page(
                &call,
                &view,
                &typed,
                preview::Sends::of(&typed, &view, command),
            ) {
                Ok(page) => return page,
                Err(no) => Err(no),
            },
            Err(problem) => Err(No::Other(problem)),
        },
    };
    let view = call.case().await?;
    match given {
        Ok(()) => {
            let sent = view.case.part.sitreps.sitreps.len();
            let number = &view.row.number;
            Ok(frame::lead_to(&format!("/cases/{number}/sitrep/{sent}")))
        }
        Err(no) => {
            let at = At::new(&view.case, &view.basis, call.app.desk.now());
            let frame = around(&call, &view, &call.words().say("sitrep-write"));
            let field = match &no {
                No::Other(problem) => {
                    let wrong = |name: &&str| {
                        let mut all = problem.wrong_fields().iter();
                        all.any(|one| one.field.strip_prefix('/') == Some(*name))
                    };
                    let mut boxes = ["next", "audiences"].into_iter();
                    boxes.find(wrong).unwrap_or_default()
                }
                No::Refused(refusal) if refusal.kind == procedure::RefusalKind::Rule => "summary",
                _ => "",
            };
            page(no.status(), no.at(frame, field), &view, at, typed, offers)
        }
    }
}

pub(in crate::web::pages) fn times(at: At) -> Times {
    Times::new(at.basis.project.calendar.rules().clone(), at.now)
}

/// What the page offers besides the boxes.
struct Offers {
    /// Something has changed since the last one.
    news: bool,
    /// The address of the status page, for people outside.
    status_page: Option<String>,
}

impl Offers {
    async fn of(call: &Call, view: &CaseView, news: bool) -> Result<Self, Problem> {
        let status_page = status_page(call, view).await?;
        Ok(Self { news, status_page })
    }
}

impl Typed {
    /// With the address of the status page below what people outside read.
    fn with_link(mut self, offers: &Offers) -> Self {
        let missing = |link: &&String| !self.outside.contains(link.as_str());
        if let Some(link) = offers.status_page.as_ref().filter(missing) {
            let line = followed_at(link);
            self.outside = format!("{}\n\n{line}", self.outside).trim().to_owned();
        }
        self
    }
}

fn page(
    status: u16,
    frame: Frame,
    view: &CaseView,
    at: At,
    typed: Typed,
    Offers { news, status_page }: Offers,
) -> Answer {
    let (case, names) = (at.case, Names::new(&view.directory));
    let times = times(at).in_words_of(frame.w.language());
    let due = sitreps::due(at);
    let past = &case.part.sitreps;
    let limit = at.basis.playbook.sitreps.no_change_limit as usize;
    let too_often = past.unchanged_in_a_row() >= limit;
    let ticked = |word: &str| typed.audiences.iter().any(|one| one == word);
    let others = case.part.commander.responders.keys();
    let others = others.filter(|person| Some(*person) != case.ic());
    let page = ComposePage {
        number: view.row.number.to_string(),
        case_title: report::title(case).unwrap_or_default(),
        nth: past.sitreps.len() + 1,
        severity: Mark::of(case.part.assess.severity),
        ic: case.ic().map(|ic| names.person(ic)).unwrap_or_default(),
        responders: names.people(others),
        overdue: due.is_some_and(|due| due.due <= at.now),
        due: due.map(|due| Due::of(&times, due.due)),
        unchanged: past
            .last()
            .filter(|_| !case.is_over())
            .map(|last| times.at(last.mark.at)),
        too_often,
        news,
        outsiders: outsiders(view, at, names),
        offers_link: status_page.is_some_and(|link| !typed.outside.contains(&link)),
        audiences: AUDIENCES.map(|(_, word)| (word, ticked(word))),
        typed,
        may_end: case.part.milestones.is_calm() || case.status() == procedure::Status::ReadyForQa,
        zone: times.zone_name(),
        frame,
    };
    frame::page(status, &page)
}

/// Who outside would get it, by name; nobody where whoever writes may not write to them (X5).
fn outsiders(view: &CaseView, at: At, names: Names) -> String {
    let writer = view.onlooker.actor.as_person();
    let speaks = writer.is_some_and(|person| may_speak_outside(at, person));
    let all = match speaks {
        true => sitreps::outsiders(at),
        false => Vec::new(),
    };
    let all: Vec<String> = all.iter().map(|to| names.recipient(to)).collect();
    all.join(", ")
}
