//! Lists about things: what the project runs and keeps, services of others, planned work, and where the team talks.

use std::collections::BTreeSet;

use procedure::basis::{Asset, Environment, Maintenance};
use procedure::id::AssetId;
use procedure::project::Dependency;
use procedure::{PersonId, Text};

use super::super::Opened;
use super::super::draft::{Draft, new_id};
use super::people::time;
use super::{Asked, Row, Wrong};
use crate::report::{Names, Times};
use crate::web::fields::Fields;
use crate::web::pages::input::{Input, Look};
use crate::web::words::{Language, Words, key};

/// Where something runs, each with its word and the name of its text.
const PLACES: [(Environment, &str, &str); 3] = [
    (
        Environment::Production,
        "production",
        key("project-production"),
    ),
    (Environment::Staging, "staging", key("project-staging")),
    (Environment::Test, "test", key("project-test")),
];

fn of(pairs: &[(&str, String)]) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in pairs {
        fields.push((*name).to_owned(), value.clone());
    }
    fields
}

fn plain(text: Option<&Text>) -> String {
    text.and_then(Text::plain).unwrap_or_default().to_owned()
}

/// A text, if something was typed.
fn text(asked: &Asked, name: &str) -> Option<Text> {
    let typed = asked.typed(name);
    (!typed.is_empty()).then(|| Text::from(typed.as_str()))
}

/// A short id that nobody has.
fn id_for(name: &str, taken: impl Fn(&str) -> bool) -> String {
    new_id(name, |id: &PersonId| taken(&id.0)).0
}

fn environment(environment: Environment) -> (&'static str, &'static str) {
    let mut all = PLACES.into_iter();
    let found = all.find(|(one, ..)| *one == environment);
    found.map_or(("test", key("project-test")), |(_, word, label)| {
        (word, label)
    })
}

/// The classes of asset that the playbook in force has a list of evidence for: the word, and what it is.
fn classes(opened: &Opened) -> Vec<(String, String)> {
    let lists = opened
        .state
        .in_force()
        .map(|edition| edition.playbook.evidence.iter());
    let lists = lists.into_iter().flatten();
    lists
        .map(|list| (list.class.clone(), list.label.clone()))
        .collect()
}

pub(super) fn assets(w: Words, opened: &Opened) -> Vec<Row> {
    let names = Names::new(&opened.state.directory);
    let classes = classes(opened);
    let row = |asset: &Asset| {
        let class = classes.iter().find(|(word, _)| *word == asset.class);
        let class = class.map_or(asset.class.clone(), |(_, words)| words.clone());
        let mut said = vec![class, w.say(environment(asset.environment).1).into_owned()];
        if asset.volatile {
            said.push(w.say("project-volatile-short").into_owned());
        }
        Row {
            id: asset.id.0.clone(),
            title: names.asset(&asset.id),
            said: said.join(". "),
        }
    };
    opened.facts.assets.iter().map(row).collect()
}

pub(super) fn filled_asset(opened: &Opened, id: &str) -> Option<Fields> {
    let asset = opened.facts.assets.iter().find(|asset| asset.id.0 == id)?;
    Some(of(&[
        ("name", plain(opened.state.directory.assets.get(&asset.id))),
        ("class", asset.class.clone()),
        ("environment", environment(asset.environment).0.to_owned()),
        (
            "volatile",
            if asset.volatile {
                "true".to_owned()
            } else {
                String::new()
            },
        ),
    ]))
}

pub(super) fn asset_fields(w: Words, opened: &Opened, with: &Fields) -> Vec<Input> {
    let value = |name| with.get(name).unwrap_or_default();
    let mut classes = classes(opened);
    if !classes.iter().any(|(word, _)| word == value("class")) && !value("class").is_empty() {
        classes.push((value("class").to_owned(), value("class").to_owned()));
    }
    let classes = classes.into_iter().map(|(word, words)| {
        let on = word == value("class");
        (word, words, on)
    });
    let chosen = match value("environment") {
        "" => "production",
        word => word,
    };
    let places =
        PLACES.map(|(_, word, label)| (word.to_owned(), w.say(label).into_owned(), word == chosen));
    vec![
        Input::line("name", w.say("project-called"), value("name"))
            .hint(w.say("project-asset-hint"))
            .needed(),
        Input::choice(
            "class",
            Look::Select,
            w.say("project-class"),
            classes.collect(),
        )
        .hint(w.say("project-class-hint"))
        .needed(),
        Input::choice(
            "environment",
            Look::Radios,
            w.say("project-environment"),
            places.into(),
        ),
        Input::tick(
            "volatile",
            w.say("project-volatile"),
            !value("volatile").is_empty(),
        ),
    ]
}

pub(super) fn put_asset(asked: &Asked, draft: &mut Draft, id: Option<&str>) -> Wrong {
    let mut wrong = Wrong::new();
    let name = asked.needed("name", &mut wrong);
    let class = asked.needed("class", &mut wrong);
    let taken = |id: &str| draft.directory.assets.contains_key(&AssetId::from(id));
    let id = id.map_or_else(|| id_for(&name, taken), str::to_owned);
    let place = PLACES
        .into_iter()
        .find(|(_, word, _)| *word == asked.typed("environment"));
    let asset = Asset {
        id: id.as_str().into(),
        class,
        environment: place.map_or(Environment::Production, |(place, ..)| place),
        volatile: asked.ticked("volatile"),
    };
    draft
        .directory
        .assets
        .insert(asset.id.clone(), Text::from(name.as_str()));
    let all = &mut draft.project.assets;
    match all.iter_mut().find(|one| one.id == asset.id) {
        Some(one) => *one = asset,
        None => all.push(asset),
    }
    wrong
}

pub(super) fn remove_asset(draft: &mut Draft, id: &str) {
    let id = AssetId::from(id);
    draft.project.assets.retain(|asset| asset.id != id);
    for window in &mut draft.project.maintenance {
        window.assets.remove(&id);
    }
}

pub(super) fn dependencies(opened: &Opened) -> Vec<Row> {
    let names = Names::new(&opened.state.directory);
    let row = |id: &procedure::id::DependencyId| {
        let known = opened.state.directory.dependencies.get(id);
        let parts = known.map(|known| [&known.status_page, &known.effect, &known.fallback]);
        let parts = parts.into_iter().flatten().map(|part| plain(part.as_ref()));
        Row {
            id: id.0.clone(),
            title: names.dependency(id),
            said: parts
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(". "),
        }
    };
    opened.facts.dependencies.iter().map(row).collect()
}

pub(super) fn filled_dependency(opened: &Opened, id: &str) -> Option<Fields> {
    let id = opened
        .facts
        .dependencies
        .iter()
        .find(|known| known.0 == id)?;
    let known = opened.state.directory.dependencies.get(id)?;
    Some(of(&[
        ("name", plain(Some(&known.name))),
        ("status_page", plain(known.status_page.as_ref())),
        ("effect", plain(known.effect.as_ref())),
        ("fallback", plain(known.fallback.as_ref())),
    ]))
}

pub(super) fn dependency_fields(w: Words, with: &Fields) -> Vec<Input> {
    let value = |name| with.get(name).unwrap_or_default();
    vec![
        Input::line("name", w.say("project-called"), value("name")).needed(),
        Input::line(
            "status_page",
            w.say("project-status-page"),
            value("status_page"),
        )
        .of_kind("url", "off"),
        Input::line("effect", w.say("project-effect"), value("effect")),
        Input::line("fallback", w.say("project-fallback"), value("fallback"))
            .hint(w.say("project-fallback-hint")),
    ]
}

pub(super) fn put_dependency(asked: &Asked, draft: &mut Draft, id: Option<&str>) -> Wrong {
    let mut wrong = Wrong::new();
    let name = asked.needed("name", &mut wrong);
    let page = asked.typed("status_page");
    if !page.is_empty() && !page.starts_with("https://") && !page.starts_with("http://") {
        wrong.push((
            "status_page",
            asked.w.say("project-address-wrong").into_owned(),
        ));
    }
    let taken = |id: &str| draft.directory.dependencies.contains_key(&id.into());
    let id = id.map_or_else(|| id_for(&name, taken), str::to_owned);
    let known = Dependency {
        name: Text::from(name.as_str()),
        status_page: text(asked, "status_page"),
        effect: text(asked, "effect"),
        fallback: text(asked, "fallback"),
    };
    draft
        .directory
        .dependencies
        .insert(id.as_str().into(), known);
    if !draft.project.dependencies.iter().any(|one| one.0 == id) {
        draft.project.dependencies.push(id.as_str().into());
    }
    wrong
}

fn times(opened: &Opened) -> Times {
    let zone = opened.facts.calendar.rules().clone();
    Times::new(zone, jiff::Timestamp::UNIX_EPOCH)
}

pub(super) fn maintenance(w: Words, opened: &Opened) -> Vec<Row> {
    let names = Names::new(&opened.state.directory);
    let times = times(opened).in_words_of(w.language());
    let row = |window: &Maintenance| {
        let what = plain(opened.state.directory.maintenance.get(&window.id));
        let mut said = format!(
            "{} – {}",
            times.dated(window.from),
            times.dated(window.until)
        );
        if !window.assets.is_empty() {
            said.push_str(&format!(". {}", names.assets(&window.assets)));
        }
        Row {
            id: window.id.0.clone(),
            title: if what.is_empty() {
                window.id.0.clone()
            } else {
                what
            },
            said,
        }
    };
    opened.facts.maintenance.iter().map(row).collect()
}

pub(super) fn filled_window(opened: &Opened, id: &str, language: Language) -> Option<Fields> {
    let window = opened
        .facts
        .maintenance
        .iter()
        .find(|window| window.id.0 == id)?;
    let times = times(opened).in_words_of(language);
    let mut fields = of(&[
        (
            "what",
            plain(opened.state.directory.maintenance.get(&window.id)),
        ),
        ("from", times.typed(window.from)),
        ("until", times.typed(window.until)),
    ]);
    for asset in &window.assets {
        fields.push("assets".to_owned(), asset.0.clone());
    }
    Some(fields)
}

pub(super) fn window_fields(w: Words, opened: &Opened, with: &Fields) -> Vec<Input> {
    let value = |name| with.get(name).unwrap_or_default();
    let names = Names::new(&opened.state.directory);
    let chosen = with.all("assets");
    let assets = opened.facts.assets.iter().map(|asset| {
        let id = &asset.id;
        (id.0.clone(), names.asset(id), chosen.contains(&id.0))
    });
    let assets: Vec<_> = assets.collect();
    let hint = w.with("project-time-hint", "zone", opened.facts.calendar.zone());
    let mut fields = vec![
        Input::line("what", w.say("project-what"), value("what")).needed(),
        Input::line("from", w.say("project-from"), value("from"))
            .hint(hint)
            .needed(),
        Input::line("until", w.say("project-until"), value("until")).needed(),
    ];
    if !assets.is_empty() {
        let on_what = Input::choice("assets", Look::Checks, w.say("project-on-what"), assets);
        fields.push(on_what.hint(w.say("project-on-what-hint")));
    }
    fields
}

pub(super) fn put_window(asked: &Asked, draft: &mut Draft, id: Option<&str>) -> Wrong {
    let mut wrong = Wrong::new();
    let what = asked.needed("what", &mut wrong);
    let (from, until) = (
        time(asked, "from", &mut wrong),
        time(asked, "until", &mut wrong),
    );
    let (Some(from), Some(until)) = (from, until) else {
        return wrong;
    };
    if from >= until {
        wrong.push(("until", asked.w.say("project-backwards").into_owned()));
    }
    let taken = |id: &str| draft.directory.maintenance.contains_key(&id.into());
    let id = id.map_or_else(|| id_for(&what, taken), str::to_owned);
    let assets: BTreeSet<AssetId> = asked.sent.all("assets").into_iter().map(AssetId).collect();
    let window = Maintenance {
        id: id.as_str().into(),
        from,
        until,
        assets,
    };
    draft
        .directory
        .maintenance
        .insert(window.id.clone(), Text::from(what.as_str()));
    let all = &mut draft.project.maintenance;
    match all.iter_mut().find(|one| one.id == window.id) {
        Some(one) => *one = window,
        None => all.push(window),
    }
    wrong
}

pub(super) fn places(opened: &Opened) -> Vec<Row> {
    let row = |name: &String| Row {
        id: name.clone(),
        title: name.clone(),
        said: plain(opened.state.directory.places.get(name)),
    };
    opened.facts.places.iter().map(row).collect()
}

pub(super) fn filled_place(opened: &Opened, id: &str) -> Option<Fields> {
    let name = opened.facts.places.iter().find(|name| *name == id)?;
    let place = plain(opened.state.directory.places.get(name));
    Some(of(&[("name", name.clone()), ("place", place)]))
}

pub(super) fn place_fields(w: Words, with: &Fields) -> Vec<Input> {
    let value = |name| with.get(name).unwrap_or_default();
    vec![
        Input::line("name", w.say("project-called"), value("name"))
            .hint(w.say("project-place-hint"))
            .needed(),
        Input::line("place", w.say("project-place"), value("place")).needed(),
    ]
}

pub(super) fn put_place(asked: &Asked, draft: &mut Draft, id: Option<&str>) -> Wrong {
    let mut wrong = Wrong::new();
    let name = asked.needed("name", &mut wrong);
    let place = asked.needed("place", &mut wrong);
    let all = &mut draft.project.places;
    match all.iter_mut().find(|one| Some(one.as_str()) == id) {
        Some(one) => one.clone_from(&name),
        None => all.push(name.clone()),
    }
    draft
        .directory
        .places
        .insert(name, Text::from(place.as_str()));
    wrong
}
