//! Whether the bare handler really gives the JSON that the API gives.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Fields whose content the API works out and the bare handler does not.
const EXTRAS: [&str; 1] = ["allowed_actions"];

/// The fields, by name, in which two answers differ apart from the extras: of the record itself, or of any row of a
/// list.
pub(crate) fn differences(api: &Value, bare: &Value) -> Vec<String> {
    let (ours, theirs) = (rows(api), rows(bare));
    let mut fields = BTreeSet::new();
    if ours.len() != theirs.len() {
        fields.insert(format!("rows ({} and {})", ours.len(), theirs.len()));
    }
    for (our, their) in ours.iter().zip(&theirs) {
        let names = our.keys().chain(their.keys());
        fields.extend(
            names
                .filter(|name| our.get(*name) != their.get(*name))
                .cloned(),
        );
    }
    fields.retain(|field| !EXTRAS.contains(&field.as_str()));
    fields.into_iter().collect()
}

fn rows(answer: &Value) -> Vec<&Map<String, Value>> {
    match answer.get("items").and_then(Value::as_array) {
        Some(items) => items.iter().filter_map(Value::as_object).collect(),
        None => answer.as_object().into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_rows_differ_in_nothing() {
        let api = json!({ "items": [{ "id": 1, "allowed_actions": ["a"] }], "next_cursor": "x" });
        let bare = json!({ "items": [{ "id": 1, "allowed_actions": [] }], "next_cursor": null });
        assert_eq!(differences(&api, &bare), [""; 0]);
    }

    #[test]
    fn every_field_that_differs_is_named_once() {
        let api = json!({ "items": [{ "id": 1, "a": 1, "b": 1 }, { "id": 2, "a": 1 }] });
        let bare = json!({ "items": [{ "id": 1, "a": 2, "c": 1 }, { "id": 2, "a": 2 }] });
        assert_eq!(differences(&api, &bare), ["a", "b", "c"]);
    }

    #[test]
    fn a_missing_row_is_a_difference() {
        let bare = json!({ "items": [] });
        assert_eq!(
            differences(&json!({ "items": [{}] }), &bare),
            ["rows (1 and 0)"]
        );
    }

    #[test]
    fn single_records_are_compared_too() {
        assert_eq!(
            differences(&json!({ "id": 1 }), &json!({ "id": 2 })),
            ["id"]
        );
    }
}
