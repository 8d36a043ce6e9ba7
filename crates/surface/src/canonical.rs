use countersign_model::Digest;
use serde_json::Value;

/// Returns the canonical form of RFC 8785.
pub(crate) fn text(value: &Value) -> String {
    // Keys are strings and numbers are finite by construction, so that nothing is left to refuse.
    serde_json_canonicalizer::to_string(value).unwrap_or_default()
}

/// Returns the SHA-256 of the canonical form.
pub(crate) fn digest(value: &Value) -> Digest {
    Digest::of(text(value).as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::text;

    #[test]
    fn follows_the_sample_of_rfc_8785() {
        let value: serde_json::Value = serde_json::from_str(
            r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
                "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
        )
        .expect("is JSON");
        assert_eq!(
            text(&value),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
             \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
    }

    #[test]
    fn does_not_know_the_order_of_keys_nor_the_spelling_of_numbers() {
        assert_eq!(text(&json!({"b": 1.0, "a": 2})), r#"{"a":2,"b":1}"#);
    }
}
