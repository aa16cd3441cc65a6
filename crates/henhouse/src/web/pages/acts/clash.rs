//! Two people at one text: a form carries the entry that stood last when it was shown. Where somebody else has
//! written the same text since, both are shown and the writer says which stands.

use procedure::{Body, Entry};

use super::given::Given;
use crate::desk::CaseView;
use crate::report::Names;
use crate::report::forms::Form;
use crate::web::fields::Fields;
use crate::web::{Call, Problem};

/// So many entries are looked through, at most: whoever sits before a form for longer starts anew anyway.
const LOOKED_THROUGH: u32 = 500;

/// What somebody else wrote meanwhile.
pub(super) struct Clash {
    /// The field that both wrote.
    pub field: &'static str,
    /// What stands there now.
    pub theirs: String,
    pub who: String,
    pub when: String,
}

/// What the writer says of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    Ask,
    Mine,
    Both,
}

impl Clash {
    /// What stands against the text of a form, if anything does and the writer has not said what becomes of it. Where
    /// they keep both, the other text is put before theirs.
    pub(super) async fn settle(
        call: &Call,
        view: &CaseView,
        form: &Form,
        fields: &Fields,
        given: &mut Given,
    ) -> Result<Option<Self>, Problem> {
        let Some(field) = text_of(form.command) else {
            return Ok(None);
        };
        let Some(saw) = fields.parsed::<u64>("saw", "").ok().flatten() else {
            return Ok(None);
        };
        let (keep, shown) = match fields.get("keep") {
            Some("both") => (Keep::Both, fields.get("theirs").unwrap_or_default()),
            Some("mine") => (Keep::Mine, ""),
            _ => (Keep::Ask, ""),
        };
        let entries = call.app.desk.entries(view, saw, LOOKED_THROUGH).await?;
        let readable = entries
            .iter()
            .rev()
            .filter(|entry| view.may_read(entry.seq));
        let mut written = readable.filter_map(|entry| Some((entry, text_in(entry, given)?)));
        let mine = given.text(field);
        if let Some((entry, theirs)) = written.next().filter(|(_, theirs)| *theirs != mine) {
            let names = Names::new(&view.directory);
            let zone = view.basis.project.calendar.rules().clone();
            let times = call.words().times(zone, call.app.desk.now());
            return Ok(Some(Self {
                field,
                theirs,
                who: names.who(&entry.actor.who),
                when: times.at(entry.recorded_at),
            }));
        }
        if keep == Keep::Both {
            let between = if field == "title" { " / " } else { "\n\n" };
            given.put(field, vec![format!("{shown}{between}{mine}")]);
        }
        Ok(None)
    }
}

/// The field of an act that replaces what stood there.
fn text_of(command: &str) -> Option<&'static str> {
    match command {
        "set_title" => Some("title"),
        "set_tags" => Some("tags"),
        "write_report_section" | "correct_note" => Some("text"),
        _ => None,
    }
}

/// What an entry put in the place of the text that the form is about.
fn text_in(entry: &Entry, given: &Given) -> Option<String> {
    let text = match &entry.body {
        Body::TitleSet(set) if !given.all("title").is_empty() => &set.title,
        Body::TagsSet(set) if !given.all("tags").is_empty() => {
            let tags: Vec<String> = set.tags.iter().cloned().collect();
            return Some(tags.join(", "));
        }
        Body::SectionWritten(written) if given.has("section", &written.section) => &written.text,
        Body::NoteCorrected(corrected) if given.has("note", &corrected.note.to_string()) => {
            &corrected.text
        }
        _ => return None,
    };
    text.plain().map(str::to_owned)
}
