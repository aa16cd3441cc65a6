//! What is typed on a command line, as the fields of a command: the same reading for the command line and for
//! whoever prints a line and wants to know that it is taken.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::spoken::{self, Lies};

/// What stands after it is for whoever reads the line.
pub const REMARK: &str = "#";

/// Fields that say when something happened, with how sure that is.
const CLAIMED: &[&str] = &["happened_at", "when", "aware", "started", "began", "ended"];
/// Fields that say when something is to be.
const PLANNED: &[&str] = &["from", "until", "due", "at", "next"];

/// A line as a shell parts it, without the remark at its end.
#[must_use]
pub fn parted(line: &str) -> Vec<String> {
    let mut quote = None;
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    without_remark(&words).to_vec()
}

/// The words before a remark: a shell that is told so leaves it out itself, another hands it on.
#[must_use]
pub fn without_remark(words: &[String]) -> &[String] {
    let end = words.iter().position(|word| word == REMARK);
    &words[..end.unwrap_or(words.len())]
}

/// Reads `name=value` words. A value that is JSON counts as JSON (`true`, `3`, `["a"]`, `{…}`),
/// anything else as text; `name:=text` is text always.
///
/// # Errors
/// The word without `=`.
pub fn fields(words: &[String]) -> Result<Map<String, Value>, &str> {
    let words = without_remark(words).iter();
    words.map(|word| field(word).ok_or(word.as_str())).collect()
}

fn field(word: &str) -> Option<(String, Value)> {
    let (name, value) = word.split_once('=')?;
    if let Some(name) = name.strip_suffix(':') {
        return Some((name.to_owned(), Value::String(value.to_owned())));
    }
    let json = serde_json::from_str(value).ok();
    let value = json.unwrap_or_else(|| Value::String(value.to_owned()));
    Some((name.to_owned(), value))
}

/// The fields of time that say something else than a time of the API; what is one is put into its form.
pub fn unread_times(body: &mut Map<String, Value>) -> Vec<String> {
    let said = |(name, value): (&String, &Value)| {
        let text = value.as_str().or_else(|| value.as_number().map(|_| ""))?;
        let known = CLAIMED.contains(&&**name) || PLANNED.contains(&&**name);
        (known && text.parse::<Timestamp>().is_err()).then(|| name.clone())
    };
    let names: Vec<String> = body.iter().filter_map(said).collect();
    // A field of that name which the API takes in full is put into its form all the same.
    let exact = |name: &&&str| {
        let text = body.get(**name).and_then(Value::as_str);
        text.is_some_and(|at| at.parse::<Timestamp>().is_ok())
    };
    let exact: Vec<&str> = CLAIMED.iter().filter(exact).copied().collect();
    for name in exact {
        body[name] = json!({ "at": body[name] });
    }
    names
}

/// What these fields of time say, as seen at `now` in this zone.
///
/// # Errors
/// The first field that says no time.
pub fn read_times(
    body: &mut Map<String, Value>,
    names: Vec<String>,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<(), String> {
    for name in names {
        let text = body[&name].as_str().map(str::to_owned);
        let text = text.unwrap_or_else(|| body[&name].to_string());
        let read = if CLAIMED.contains(&&*name) {
            let when = spoken::claim(&text, now, zone);
            when.and_then(|when| serde_json::to_value(when).ok())
        } else {
            let at = spoken::time(&text, now, zone, Lies::Ahead);
            at.map(|at| at.to_string().into())
        };
        match read {
            Some(read) => body[&name] = read,
            None => return Err(name),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_parted_as_a_shell_does_and_its_remark_is_left_out() {
        let line = r#"say text="two words" to='["a b"]' note="" # or note="else""#;
        let words = parted(line);
        assert_eq!(words, ["say", "text=two words", r#"to=["a b"]"#, "note="]);
    }

    #[test]
    fn a_value_is_json_where_it_is_json() {
        let words = ["a=1", "b=two words", "c=[\"x\"]", "d:=1", "#", "or", "a=2"];
        let words = words.map(str::to_owned);
        let read = fields(&words).map(Value::Object);
        let said = json!({ "a": 1, "b": "two words", "c": ["x"], "d": "1" });
        assert_eq!(read, Ok(said));
        assert_eq!(fields(&["x".to_owned()]), Err("x"));
    }
}
