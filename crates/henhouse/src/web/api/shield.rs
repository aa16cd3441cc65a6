//! How to reach a reporter is for the team, and so is the name of one who asked for that (R105,
//! R116): whoever else may read the case reads it without.

use serde_json::Value;

/// Takes out of every report in this value what is for the team alone; answers whether one of
/// them asked that its reporter is not named.
pub(super) fn reports(value: &mut Value) -> bool {
    let fields = match value {
        Value::Array(items) => {
            return items
                .iter_mut()
                .fold(false, |hidden, v| reports(v) | hidden);
        }
        Value::Object(fields) => fields,
        _ => return false,
    };
    let mut hidden = false;
    if let Some(hide) = fields.get("hide_name").and_then(Value::as_bool) {
        for field in ["contact", "phone"] {
            fields.remove(field);
        }
        if hide {
            fields.remove("name");
            hidden = true;
        }
    }
    for inner in fields.values_mut() {
        hidden |= reports(inner);
    }
    if hidden && fields.contains_key("reporter") {
        fields.insert("reporter".to_owned(), Value::Null);
    }
    hidden
}
