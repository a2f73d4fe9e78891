//! What a scalar means, by YAML 1.2's core schema; what other readers of YAML take for something else is refused.

use serde_json::{Number, Value};

/// Reads a scalar that stands without quotes.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn plain(text: &str) -> Result<Value, String> {
    match text {
        "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "true" | "True" | "TRUE" => Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => Ok(Value::Bool(false)),
        _ if is_infinite_or_none(text) => Err(format!("`{text}` is not a number; put it in quotes if it is a text")),
        _ if is_ambiguous(text) => Err(format!(
            "`{text}` is one number to some readers of YAML and another one, or a text, to others: write a plain decimal number, \
             or put it in quotes if it is a text"
        )),
        _ if is_whole(text) => whole(text),
        _ if text.bytes().any(|byte| byte.is_ascii_digit()) => Ok(fraction(text)),
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn is_infinite_or_none(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// Whether a text is a whole number in another notation than the plain decimal one: `010` is 8 by YAML 1.1 and 10 by 1.2.
fn is_ambiguous(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let of = |prefix: &str, digit: fn(char) -> bool| {
        unsigned.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c == '_' || digit(c)))
    };
    let decimal =
        unsigned.starts_with(|c: char| c.is_ascii_digit()) && unsigned.chars().all(|c| c.is_ascii_digit() || c == '_');
    let is_plain = !text.starts_with('+') && !unsigned.contains('_') && (unsigned == "0" || !unsigned.starts_with('0'));
    (decimal && !is_plain)
        || of("0x", |c| c.is_ascii_hexdigit())
        || of("0o", |c| c.is_digit(8))
        || of("0b", |c| c.is_digit(2))
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn whole(text: &str) -> Result<Value, String> {
    let number = text.parse::<u64>().map(Number::from).or_else(|_| text.parse::<i64>().map(Number::from));
    number
        .map(Value::Number)
        .map_err(|_| format!("`{text}` is too large for a number; put it in quotes if it is a text"))
}

fn fraction(text: &str) -> Value {
    let number = text.parse::<f64>().ok().and_then(Number::from_f64);
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}
