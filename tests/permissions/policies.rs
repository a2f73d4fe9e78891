//! The policies of the functions' roles, resolved.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::settings::Settings;

/// All roles of a stack.
#[derive(Debug, Clone, Deserialize)]
pub struct Policies {
    /// The role of each function of the template.
    pub functions: BTreeMap<String, String>,
    /// The policies of each role by name.
    pub roles: BTreeMap<String, BTreeMap<String, Value>>,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Of which policy.
    pub policy: String,
    /// Its name.
    pub sid: String,
    /// What it allows.
    pub actions: Vec<String>,
    /// On what.
    pub resources: Vec<String>,
    /// If what holds.
    pub condition: Value,
}

impl Policies {
    /// Resolves the template.
    pub fn of(settings: &Settings) -> Self {
        let template = folder().join("../../template.yaml");
        let output = script("resolve", &[template.to_str().unwrap()], &settings.to_json());
        serde_json::from_value(output).unwrap()
    }

    /// The statements of a role, in the template's order within each policy.
    pub fn statements(&self, role: &str) -> Vec<Statement> {
        let all = self.roles[role].iter();
        all.flat_map(|(policy, document)| {
            document["Statement"].as_array().unwrap().iter().map(move |statement| read(policy, statement))
        })
        .collect()
    }

    /// All that a role allows, on whatever and under whatever condition.
    pub fn actions(&self, role: &str) -> BTreeSet<String> {
        self.statements(role).into_iter().flat_map(|statement| statement.actions).collect()
    }
}

fn read(policy: &str, statement: &Value) -> Statement {
    assert_eq!(statement["Effect"], "Allow", "{policy}: nothing is denied, it is only not allowed");
    Statement {
        policy: policy.to_owned(),
        sid: statement["Sid"].as_str().expect("every statement has a name").to_owned(),
        actions: list(&statement["Action"]),
        resources: list(&statement["Resource"]),
        condition: statement.get("Condition").cloned().unwrap_or_else(|| json!({})),
    }
}

/// One text or several, as IAM writes them.
pub fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
        one => vec![one.as_str().unwrap().to_owned()],
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/permissions")
}

/// Runs one of the scripts beside this file.
pub fn script(name: &str, arguments: &[&str], input: &Value) -> Value {
    let mut child = Command::new(folder().join(name))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{name} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
