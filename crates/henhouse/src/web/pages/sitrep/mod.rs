//! `/cases/{number}/sitrep`: a sitrep is begun from the record, changed, looked at once more as each audience reads it,
//! and sent; then it is shown where it went. That nothing has changed is two taps.

mod compose;
mod preview;
mod sent;

use procedure::Command;
use procedure::basis::Marking;
use procedure::chapters::sitreps::PublishSitrep;

pub(super) use self::compose::{send, show, times};
pub(super) use self::preview::{Sends, page as look};
pub(super) use self::sent::show as sent;
use super::frame::{self, Frame};
use crate::desk::CaseView;
use crate::report::people;
use crate::report::spoken::{self, Lies};
use crate::report::status::status;
use crate::web::fields::Fields;
use crate::web::readings::AUDIENCES;
use crate::web::{Call, Problem};

/// A sitrep as it was typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub summary: String,
    pub known: String,
    pub doing: String,
    pub need: String,
    /// What people outside read.
    pub outside: String,
    pub next: String,
    /// The groups that get it; a form with none ticked is asked again.
    pub audiences: Vec<String>,
    pub is_final: bool,
}

impl Typed {
    pub(super) fn read(fields: &Fields) -> Self {
        Self {
            summary: frame::typed(fields, "summary"),
            known: frame::typed(fields, "known"),
            doing: frame::typed(fields, "doing"),
            need: frame::typed(fields, "need"),
            outside: frame::typed(fields, "outside"),
            next: frame::typed(fields, "next"),
            audiences: fields.all("audiences"),
            is_final: fields.get("final").is_some(),
        }
    }

    /// Nobody was ticked, which is no way to say everybody.
    fn asks_who(&self, call: &Call) -> Result<(), Problem> {
        match self.audiences.is_empty() {
            true => Err(Problem::field(
                "/audiences",
                &*call.words().say("sitrep-nobody-ticked"),
            )),
            false => Ok(()),
        }
    }

    /// As the engine takes it.
    fn command(&self, call: &Call, view: &CaseView) -> Result<Command, Problem> {
        let next = match self.next.is_empty() {
            true => None,
            false => {
                let zone = view.basis.project.calendar.rules();
                let read = spoken::time(&self.next, call.app.desk.now(), zone, Lies::Ahead);
                Some(read.ok_or_else(|| {
                    Problem::field("/next", &*call.words().say("frame-time-works"))
                })?)
            }
        };
        self.asks_who(call)?;
        let ticked = |word: &str| self.audiences.iter().any(|one| one == word);
        let all = AUDIENCES.iter().all(|(_, word)| ticked(word));
        let some = AUDIENCES.iter().filter(|(_, word)| !all && ticked(word));
        let sitrep = PublishSitrep {
            summary: frame::text(&self.summary),
            known: frame::text(&self.known),
            doing: frame::text(&self.doing),
            need: frame::text(&self.need),
            outside: frame::text(&self.outside),
            is_final: self.is_final,
            audiences: some.map(|(audience, _)| *audience).collect(),
            next,
            ..PublishSitrep::default()
        };
        Ok(sitrep.into())
    }

    /// Each field with what stands in it, as hidden fields carry them.
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("summary", self.summary.clone()),
            ("known", self.known.clone()),
            ("doing", self.doing.clone()),
            ("need", self.need.clone()),
            ("outside", self.outside.clone()),
            ("next", self.next.clone()),
        ];
        let audiences = self.audiences.iter();
        pairs.extend(audiences.map(|one| ("audiences", one.clone())));
        pairs.extend(self.is_final.then(|| ("final", "true".to_owned())));
        pairs
    }
}

/// The address of the status page that people outside can open, where one shows this case: by the link that the team gave
/// away, else the project's own.
async fn status_page(call: &Call, view: &CaseView) -> Result<Option<String>, Problem> {
    let base = call.app.desk.site().base_url.trim_end_matches('/');
    let shows = |most| status(&view.case, most).is_some();
    if let Some(token) = call.app.desk.status_link(view).await?
        && shows(Marking::Amber)
    {
        return Ok(Some(format!("{base}/status/{token}")));
    }
    let public = view.basis.project.public_status && shows(Marking::Clear);
    Ok(public.then(|| format!("{base}/public/{}", view.project.slug)))
}

/// What is typed for people outside, without such an address: it is no secret that slipped in.
fn without_status_page(base: &str, typed: &str) -> String {
    let base = base.trim_end_matches('/');
    let pages = ["status", "public"].map(|page| format!("{base}/{page}/"));
    let words = typed.split_inclusive(char::is_whitespace);
    words
        .filter(|word| !pages.iter().any(|page| word.starts_with(page.as_str())))
        .collect()
}

fn around(call: &Call, view: &CaseView, title: &str) -> Frame {
    let title = format!("{}: {title}", view.row.number);
    let mut frame = Frame::new(call, title)
        .counting_once(call)
        .worded("sitrep")
        .unhurried(view.case.part.assess.severity);
    frame.lines = people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    frame
}

#[cfg(test)]
mod tests;
