//! Where a resource stands in a Terraform configuration.

use std::fmt;

use serde::Deserialize;

/// Which of several instances: `[0]`, `["a"]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// Of `count`.
    Number(u64),
    /// Of `for_each`.
    Text(String),
}

/// A resource's address: `module.network["dev"].aws_nat_gateway.this[0]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The path of its module, with keys; empty for the root.
    pub module: String,
    /// Its type: `aws_nat_gateway`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Which of several.
    pub key: Option<Key>,
}

impl Address {
    /// The block that declares it, for which a configuration has no keys: `module.network.aws_nat_gateway.this`. A
    /// `removed` block takes no other address.
    pub fn block(&self) -> String {
        let module = without_keys(&self.module);
        let path = if module.is_empty() { module } else { module + "." };
        format!("{path}{}.{}", self.kind, self.name)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_empty() {
            write!(f, "{}.", self.module)?;
        }
        write!(f, "{}.{}", self.kind, self.name)?;
        match &self.key {
            Some(Key::Number(number)) => write!(f, "[{number}]"),
            Some(Key::Text(text)) => write!(f, "[{text:?}]"),
            None => Ok(()),
        }
    }
}

/// A path without what stands in brackets; a quoted key may have brackets of its own.
fn without_keys(path: &str) -> String {
    let mut kept = String::new();
    let (mut within, mut quoted, mut escaped) = (false, false, false);
    for c in path.chars() {
        match c {
            '"' if within && !escaped => quoted = !quoted,
            '[' if !quoted => within = true,
            ']' if !quoted => within = false,
            _ if !within => kept.push(c),
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    kept
}
