//! Held against the engine: every command has a form or a reason, and every form the fields of its payload.

use procedure::Command;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::*;

/// The schema, with references followed.
struct Schema(Value);

impl Schema {
    fn of_commands() -> Self {
        let settings = SchemaSettings::draft2020_12();
        Self(
            settings
                .into_generator()
                .into_root_schema_for::<Command>()
                .to_value(),
        )
    }

    /// What a schema says, behind its references and its "or nothing".
    fn plain<'a>(&'a self, schema: &'a Value) -> &'a Value {
        if let Some(at) = schema["$ref"].as_str() {
            let at = at.trim_start_matches('#');
            return self.plain(self.0.pointer(at).unwrap_or(&Value::Null));
        }
        let some = schema["anyOf"].as_array();
        let some = some.and_then(|some| some.iter().find(|one| one["type"] != "null"));
        some.map_or(schema, |some| self.plain(some))
    }

    fn command(&self, name: &str) -> (Vec<(&'_ str, &'_ Value)>, Vec<&'_ str>) {
        let variants = self.0["oneOf"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let is_it = |variant: &&Value| variant["properties"]["command"]["const"] == name;
        let variant = variants
            .iter()
            .find(is_it)
            .expect("a command of the schema");
        let payload = self.plain(variant);
        let parts = [variant, payload];
        let fields = parts
            .iter()
            .filter_map(|part| part["properties"].as_object())
            .flatten();
        let mut fields: Vec<(&str, &Value)> = fields
            .map(|(name, of)| (name.as_str(), of))
            .filter(|(name, _)| *name != "command")
            .collect();
        fields.dedup_by_key(|(name, _)| *name);
        let required = parts
            .iter()
            .filter_map(|part| part["required"].as_array())
            .flatten();
        let required = required
            .filter_map(Value::as_str)
            .filter(|name| *name != "command")
            .collect();
        (fields, required)
    }
}

#[test]
fn every_command_has_a_form_or_a_reason() {
    for name in Command::NAMES {
        let reason = WITHOUT.iter().any(|(without, _)| without == name);
        assert!(find(name).is_some() != reason, "{name}");
    }
    for form in CHAPTERS.iter().flat_map(|chapter| chapter.forms) {
        assert!(Command::NAMES.contains(&form.command), "{}", form.command);
    }
}

#[test]
fn the_fields_of_a_form_are_those_of_its_command() {
    let schema = Schema::of_commands();
    for form in CHAPTERS.iter().flat_map(|chapter| chapter.forms) {
        let (fields, required) = schema.command(form.command);
        let tops: Vec<&str> = form
            .fields
            .iter()
            .map(|field| field.name.split('.').next().unwrap_or_default())
            .collect();
        for (name, _) in &fields {
            assert!(
                tops.contains(name),
                "{}: {name} cannot be filled in",
                form.command
            );
        }
        for field in form.fields {
            let mut at = fields
                .iter()
                .find(|(name, _)| Some(*name) == field.name.split('.').next());
            let (_, top) = at
                .take()
                .unwrap_or_else(|| panic!("{}: there is no {}", form.command, field.name));
            let mut of = schema.plain(top);
            for part in field.name.split('.').skip(1) {
                let variants = of["oneOf"]
                    .as_array()
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let places = std::iter::once(of).chain(variants);
                let place = places
                    .map(|place| &place["properties"][part])
                    .find(|place| !place.is_null());
                let place =
                    place.unwrap_or_else(|| panic!("{}: there is no {}", form.command, field.name));
                of = schema.plain(place);
            }
            fits(&schema, form.command, field, of);
        }
        for name in required {
            let field = form.fields.iter().find(|field| {
                field.name.split('.').next() == Some(name) && field.wanted == Wanted::Always
            });
            assert!(field.is_some(), "{}: {name} must be asked", form.command);
        }
    }
}

#[test]
fn nothing_that_is_left_out_of_a_form_means_yes() {
    let schema = Schema::of_commands();
    for form in CHAPTERS.iter().flat_map(|chapter| chapter.forms) {
        let (fields, _) = schema.command(form.command);
        for field in form.fields {
            let asked = field.wanted == Wanted::Always;
            let at = format!("{} {}", form.command, field.name);
            assert!(
                asked || field.control != Control::YesNo,
                "{at} is left open"
            );
            let of = fields.iter().find(|(name, _)| *name == field.name);
            let yes = of.is_some_and(|(_, of)| of["default"] == true || of["default"] == "tested");
            assert!(asked || !yes, "{at} is a yes where nobody says so");
            assert!(
                !yes || field.control != Control::Tick,
                "{at} cannot be a no"
            );
        }
    }
}

/// The control makes what the schema takes.
fn fits(schema: &Schema, command: &str, field: &Field, of: &Value) {
    let at = format!("{command} {}: {of}", field.name);
    let kind = |of: &Value| match &of["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or_default()
            .to_owned(),
        _ => String::new(),
    };
    let words = |of: &Value| -> Vec<String> {
        let words = of["oneOf"].as_array().into_iter().flatten();
        words
            .filter_map(|word| word["const"].as_str().map(str::to_owned))
            .collect()
    };
    let same = |set: Set, of: &Value| {
        let known = words(of);
        for word in set.words {
            assert!(known.iter().any(|known| known == word), "{at}: no {word}");
        }
        let left: Vec<_> = known
            .iter()
            .filter(|known| !set.words.contains(&known.as_str()))
            .collect();
        assert!(
            left.is_empty() || left == ["unknown"],
            "{at}: {left:?} cannot be chosen"
        );
    };
    let items = schema.plain(&of["items"]);
    match field.control {
        Control::Choice(set) => same(set, of),
        Control::Choices(set) => same(set, items),
        Control::Tick | Control::YesNo => assert_eq!(kind(of), "boolean", "{at}"),
        Control::Number | Control::Nth(_) | Control::Entry => {
            assert_eq!(kind(of), "integer", "{at}")
        }
        Control::Entries => assert_eq!(kind(items), "integer", "{at}"),
        Control::Words | Control::Some(_) => assert_eq!(kind(items), "string", "{at}"),
        Control::Line | Control::Long | Control::One(_) | Control::Time | Control::OtherCase => {
            assert_eq!(kind(of), "string", "{at}");
        }
        Control::Claim => assert!(!of["properties"]["certainty"].is_null(), "{at}"),
        Control::Blocks | Control::Criteria => {
            assert!(!of["additionalProperties"].is_null(), "{at}")
        }
        Control::Whose => assert_eq!(kind(of), "array", "{at}"),
    }
}

#[test]
fn a_pointer_leads_to_its_field() {
    let form = find("confirm").expect("a form");
    let name = |pointer: &str| form.field_at(pointer).map(|field| field.name);
    assert_eq!(name("/impact/privacy"), Some("impact.privacy"));
    assert_eq!(name("/impact/whose/0/client"), Some("impact.whose"));
    assert_eq!(name("/impact"), Some("impact.confidentiality"));
    assert_eq!(name("/nothing"), None);
}
