//! Canonical JSON (RFC 8785): one value, one sequence of bytes.
//!
//! Two limits beyond the RFC keep the bytes unambiguous for every reader: no number beyond ±(2⁵³ − 1), because
//! RFC 8785 writes numbers as IEEE doubles and would round it; and no nesting deeper than [`DEPTH_LIMIT`], because
//! readers differ in how deep they go. Numbers that are not finite are refused here as well: the JSON library would
//! write them as `null`.

mod guard;
pub(crate) mod write;

use serde::Serialize;

/// The deepest nesting of arrays and objects that canonical bytes may have.
pub const DEPTH_LIMIT: usize = 64;

/// The largest whole number that every reader of JSON understands alike: 2⁵³ − 1.
pub const NUMBER_LIMIT: u64 = (1 << 53) - 1;

/// Why a value has no canonical bytes.
#[derive(Debug, thiserror::Error)]
pub enum NotCanonical {
    /// Infinity or not-a-number.
    #[error("a number is not finite, and JSON cannot write it")]
    NotFinite,
    /// A number whose digits a reader could round.
    #[error(
        "the number {0} is beyond ±9007199254740991 and would be rounded; write it as a string"
    )]
    TooLarge(String),
    /// Nested deeper than [`DEPTH_LIMIT`].
    #[error("arrays and objects are nested deeper than {DEPTH_LIMIT} levels")]
    TooDeep,
    /// The value's own `Serialize` failed, or a map has keys that are not strings.
    #[error("the value cannot be written as JSON: {0}")]
    Unwritable(String),
}

/// The canonical bytes of `value`.
///
/// # Errors
/// [`NotCanonical`] for a number that is not finite or too large, nesting that is too deep, or a value that JSON
/// cannot hold.
pub fn bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    guard::check(value)?;
    serde_json_canonicalizer::to_vec(&value)
        .map_err(|error| NotCanonical::Unwritable(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn text(value: &impl Serialize) -> String {
        String::from_utf8(bytes(value).unwrap()).unwrap()
    }

    #[test]
    fn keys_sort_by_utf16_units_as_in_the_rfc() {
        let keys = [
            "\u{20ac}",
            "\r",
            "\u{fb33}",
            "1",
            "\u{1f600}",
            "\u{80}",
            "\u{f6}",
        ];
        let value: Value = keys
            .iter()
            .map(|key| ((*key).to_owned(), json!(0)))
            .collect();
        assert_eq!(
            text(&value),
            "{\"\\r\":0,\"1\":0,\"\u{80}\":0,\"\u{f6}\":0,\"\u{20ac}\":0,\"\u{1f600}\":0,\"\u{fb33}\":0}"
        );
    }

    #[test]
    fn strings_escape_only_what_must_be() {
        assert_eq!(
            text(&"\u{20ac}$\u{f}\nA'B\"\\/\u{7f}\u{2028}"),
            "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\/\u{7f}\u{2028}\""
        );
    }

    #[test]
    fn numbers_are_written_as_in_the_rfc() {
        for (value, written) in [
            (json!(0), "0"),
            (json!(-0.0), "0"),
            (json!(4.50), "4.5"),
            (json!(2e-3), "0.002"),
            (json!(1e-27), "1e-27"),
            (json!(1.0), "1"),
            (json!(9_007_199_254_740_991_u64), "9007199254740991"),
            (json!(-9_007_199_254_740_991_i64), "-9007199254740991"),
        ] {
            assert_eq!(text(&value), written);
        }
    }

    #[test]
    fn a_number_that_is_not_finite_is_refused_at_any_depth() {
        #[derive(Serialize)]
        struct Measured {
            value: Option<f64>,
        }
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(bytes(&bad), Err(NotCanonical::NotFinite)));
            assert!(matches!(bytes(&[[bad]]), Err(NotCanonical::NotFinite)));
            let measured = BTreeMap::from([("m", (1, Measured { value: Some(bad) }))]);
            assert!(matches!(bytes(&measured), Err(NotCanonical::NotFinite)));
        }
        assert!(matches!(bytes(&[f32::NAN]), Err(NotCanonical::NotFinite)));
    }

    #[test]
    fn a_number_that_would_be_rounded_is_refused() {
        for bad in [
            json!(9_007_199_254_740_992_u64),
            json!([-9_007_199_254_740_992_i64]),
            json!({"a": u64::MAX}),
            json!(1e16),
            json!(1e300),
        ] {
            assert!(
                matches!(bytes(&bad), Err(NotCanonical::TooLarge(_))),
                "{bad}"
            );
        }
        assert!(matches!(bytes(&u128::MAX), Err(NotCanonical::TooLarge(_))));
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert!(bytes(&nested(DEPTH_LIMIT)).is_ok());
        assert!(matches!(
            bytes(&nested(DEPTH_LIMIT + 1)),
            Err(NotCanonical::TooDeep)
        ));
    }

    #[test]
    fn keys_that_are_not_strings_of_json_are_refused_or_written_as_strings() {
        assert_eq!(
            text(&BTreeMap::from([(10, 'a'), (9, 'b')])),
            r#"{"10":"a","9":"b"}"#
        );
        assert!(matches!(
            bytes(&BTreeMap::from([(vec![1], 1)])),
            Err(NotCanonical::Unwritable(_))
        ));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-9_007_199_254_740_991_i64..9_007_199_254_740_991).prop_map(Value::from),
            (-1e12..1e12_f64).prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..6).prop_map(Value::from_iter),
            ]
        })
    }

    fn written(value: &Value) -> String {
        let mut out = Vec::new();
        write::value(value, 0, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn both_ways_of_writing_refuse_the_same() {
        for depth in [DEPTH_LIMIT, DEPTH_LIMIT + 1] {
            let nested = (0..depth).fold(json!(1), |inner, _| json!({ "a": inner }));
            let direct = write::value(&nested, 0, &mut Vec::new());
            assert_eq!(direct.is_ok(), bytes(&nested).is_ok(), "{depth}");
        }
        for number in [
            json!(NUMBER_LIMIT),
            json!(NUMBER_LIMIT + 1),
            json!(-9_007_199_254_740_992_i64),
            json!(1e15),
            json!(1e16),
        ] {
            let direct = write::value(&number, 0, &mut Vec::new());
            assert_eq!(direct.is_ok(), bytes(&number).is_ok(), "{number}");
        }
    }

    #[test]
    fn both_ways_of_writing_sort_keys_alike() {
        let keys = ["\u{fb33}", "\u{1f600}", "a\u{e9}", "b", "\r"];
        let value: Value = keys
            .iter()
            .map(|key| ((*key).to_owned(), json!({ "z": 0.5, "a": 1e-7 })))
            .collect();
        assert_eq!(written(&value), text(&value));
    }

    proptest! {
        #[test]
        fn both_ways_of_writing_agree(value in any_json()) {
            prop_assert_eq!(written(&value), text(&value));
        }

        #[test]
        fn every_string_is_written_alike(string in "[\\x00-\\x7f\u{80}-\u{ffff}]{0,20}") {
            prop_assert_eq!(written(&Value::from(string.clone())), text(&string));
        }

        #[test]
        fn canonical_bytes_read_back_and_are_a_fixed_point(value in any_json()) {
            let first = bytes(&value).unwrap();
            let read: Value = serde_json::from_slice(&first).unwrap();
            prop_assert_eq!(bytes(&read).unwrap(), first);
        }
    }
}
