//! What a rule asks of a request.

use super::{no_longer, no_more};
use crate::blueprint::check::is_range;
use crate::blueprint::problems::Problems;
use crate::limits::*;
use crate::model::*;

pub(super) fn conditions(place: &str, conditions: &[Condition], problems: &mut Problems) {
    no_more(CONDITION_VALUES, conditions.iter().map(number_of_values).sum(), place, problems);
    for (index, condition) in conditions.iter().enumerate() {
        let place = format!("{place}[{index}]");
        if number_of_values(condition) == 0 {
            problems.add(&place, "at least one value is wanted");
        }
        self::condition(&place, condition, problems);
    }
}

fn number_of_values(condition: &Condition) -> usize {
    match condition {
        Condition::HostHeader { values, regex_values }
        | Condition::PathPattern { values, regex_values }
        | Condition::HttpHeader { values, regex_values, .. } => values.len() + regex_values.len(),
        Condition::QueryString { values } => values.len(),
        Condition::HttpRequestMethod { values } | Condition::SourceIp { values } => values.len(),
    }
}

fn condition(place: &str, condition: &Condition, problems: &mut Problems) {
    match condition {
        Condition::HostHeader { values, regex_values } => {
            each(place, values, is_host_pattern, "a host name has letters, digits and - . * ? only", problems);
            lengths(&format!("{place}.regexValues"), regex_values, problems);
        }
        Condition::PathPattern { values, regex_values } => {
            let wanted = "a path pattern has letters, digits and _ - . $ / ~ \" ' @ : + & * ? only";
            each(place, values, is_path_pattern, wanted, problems);
            lengths(&format!("{place}.regexValues"), regex_values, problems);
        }
        Condition::HttpHeader { name, values, regex_values } => {
            let place_of_name = format!("{place}.name");
            no_longer(HEADER_NAME_LENGTH, name, &place_of_name, problems);
            if !is_header_name(name) {
                let message = format!("`{name}` is not a header's name, or is the host's, which has `host-header`");
                problems.add(place_of_name, message);
            }
            each(place, values, |_| true, "", problems);
            lengths(&format!("{place}.regexValues"), regex_values, problems);
        }
        Condition::QueryString { values } => {
            for (index, QueryPair { key, value }) in values.iter().enumerate() {
                let place = format!("{place}.values[{index}]");
                no_longer(CONDITION_VALUE_LENGTH, value, &format!("{place}.value"), problems);
                if let Some(key) = key {
                    no_longer(CONDITION_VALUE_LENGTH, key, &format!("{place}.key"), problems);
                }
            }
        }
        Condition::HttpRequestMethod { values } => {
            each(place, values, is_method, "a method has A to Z, - and _ only", problems);
            for (index, method) in values.iter().enumerate() {
                no_longer(METHOD_LENGTH, method, &format!("{place}.values[{index}]"), problems);
            }
        }
        Condition::SourceIp { values } => {
            each(place, values, is_range, "it is not a range such as 10.0.0.0/8", problems)
        }
    }
}

/// Each value has what AWS takes, and is not too long.
fn each(place: &str, values: &[String], takes: impl Fn(&str) -> bool, wanted: &str, problems: &mut Problems) {
    let place = format!("{place}.values");
    lengths(&place, values, problems);
    for (index, value) in values.iter().enumerate() {
        if !takes(value) {
            problems.add(format!("{place}[{index}]"), format!("`{value}`: {wanted}"));
        }
    }
}

fn lengths(place: &str, values: &[String], problems: &mut Problems) {
    for (index, value) in values.iter().enumerate() {
        no_longer(CONDITION_VALUE_LENGTH, value, &format!("{place}[{index}]"), problems);
    }
}
