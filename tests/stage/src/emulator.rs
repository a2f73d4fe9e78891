//! The emulator's process, and what is laid in it and read from it by boto3.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Mutex;

use crate::reader::Reader;
use crate::stage::StageError;

/// A running emulator. It ends with this value.
#[derive(Debug)]
pub struct Emulator {
    /// `http://127.0.0.1:…`
    pub endpoint: String,
    clock: TempDir,
    reader: Mutex<Option<Reader>>,
    _process: Child,
    // The emulator ends when this is closed, also when this process is killed.
    _stdin: Option<ChildStdin>,
}

/// What was laid: the base tier of an example.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Laid {
    /// Which example.
    pub example: String,
    /// Its environment's name.
    pub environment: String,
    /// Its region.
    pub region: String,
    /// The state bucket.
    pub bucket: String,
    /// The topic.
    pub topic: String,
    /// The parameter with the blueprint.
    pub parameter: String,
    /// The ECS cluster's ARN.
    pub cluster: String,
    /// The ids of the example's file, and those that were made in their stead.
    pub replacements: BTreeMap<String, String>,
    /// By function, the environment variables that a stack gave it.
    #[serde(default)]
    pub variables: BTreeMap<String, BTreeMap<String, String>>,
}

/// What an independent reader found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The runtime tier with every volatile id replaced by a name.
    pub runtime: Value,
    /// Everything else.
    pub base: Value,
    /// What of the runtime tier costs money now.
    pub billable: Value,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where.
    pub place: String,
    /// What was there.
    pub before: String,
    /// What is there.
    pub after: String,
}

/// A script of the emulator's.
fn of_emulator(name: &str) -> PathBuf {
    tests().join("emulator").join(name)
}

/// The folder that this package's own stands in.
fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("tests"))
}

impl Emulator {
    /// Starts an emulator on a free port, whose time passes `factor` times faster.
    ///
    /// # Errors
    /// If it does not get ready; what it said is on standard error.
    pub async fn start(factor: f64) -> Result<Self, StageError> {
        let clock = tempfile::tempdir()?;
        let mut process = Command::new(of_emulator("serve"))
            .args(["--port", "0", "--clock-factor", &factor.to_string(), "--until-stdin-closes", "--clock-file"])
            .arg(clock.path().join("clock"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdin = process.stdin.take();
        let said = process.stderr.take().map(|stderr| tokio::spawn(last_lines(BufReader::new(stderr))));
        let stdout = process.stdout.take().ok_or(StageError::NotReady(String::new()))?;
        let first = BufReader::new(stdout).lines().next_line().await?;
        match first.as_deref().and_then(|line| line.strip_prefix("ready ")) {
            Some(endpoint) => {
                let (endpoint, reader) = (endpoint.to_owned(), Mutex::new(None));
                Ok(Self { endpoint, clock, reader, _process: process, _stdin: stdin })
            }
            None => {
                let said = match said {
                    Some(task) => task.await.unwrap_or_default(),
                    None => String::new(),
                };
                Err(StageError::NotReady(said))
            }
        }
    }

    /// The file in which other processes read what time it is there.
    pub fn clock_file(&self) -> PathBuf {
        self.clock.path().join("clock")
    }

    /// Lays the base tier of an example.
    ///
    /// # Errors
    /// If the script fails.
    pub async fn lay(&self, example: &str) -> Result<Laid, StageError> {
        script(&of_emulator("lay"), &["--endpoint", &self.endpoint, "--example", example]).await
    }

    /// Deploys `template.yaml` with these parameters.
    ///
    /// # Errors
    /// If the script fails.
    pub async fn deploy(&self, parameters: &Value) -> Result<Laid, StageError> {
        let script_of_template = tests().join("template").join("lay");
        script(&script_of_template, &["--endpoint", &self.endpoint, "--parameters", &parameters.to_string()]).await
    }

    /// Changes something by hand, as people and pipelines do (`tests/emulator/hand`).
    ///
    /// # Errors
    /// If the script fails.
    pub async fn hand(&self, laid: &Laid, change: &str, details: &Value) -> Result<Value, StageError> {
        let laid = serde_json::to_string(laid).unwrap_or_default();
        script(&of_emulator("hand"), &["--endpoint", &self.endpoint, "--laid", &laid, change, &details.to_string()])
            .await
    }

    /// Asks the emulator about itself: `mishaps`, `notifications`, `calls`, `clock`.
    ///
    /// # Errors
    /// If it does not answer.
    pub async fn ask(&self, about: &str) -> Result<Value, StageError> {
        self.control("GET", about, Body::empty()).await
    }

    /// Tells the emulator something: `advance`, `tags`, `attachments`.
    ///
    /// # Errors
    /// If it does not answer.
    pub async fn tell(&self, about: &str, details: &Value) -> Result<Value, StageError> {
        self.control("POST", about, Body::from(details.to_string())).await
    }

    async fn control(&self, method: &str, about: &str, body: Body) -> Result<Value, StageError> {
        let failed = |problem: String| StageError::Script { name: about.to_owned(), problem };
        let uri = format!("{}/_emulator/{about}", self.endpoint);
        let request = Request::builder().method(method).uri(uri).header("content-type", "application/json").body(body);
        let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
        let answer = client.request(request.map_err(|error| failed(error.to_string()))?).await;
        let answer = answer.map_err(|error| failed(error.to_string()))?;
        let body = answer.into_body().collect().await.map_err(|error| failed(error.to_string()))?;
        serde_json::from_slice(&body.to_bytes()).map_err(|error| failed(error.to_string()))
    }

    /// Reads what is there.
    ///
    /// # Errors
    /// If the script fails.
    pub async fn read(&self, laid: &Laid) -> Result<Reading, StageError> {
        let mut running = self.reader.lock().await;
        let reader = match &mut *running {
            Some(reader) => reader,
            none => none.insert(Reader::start(&of_emulator("read"), &self.endpoint)?),
        };
        serde_json::from_value(reader.read(laid).await?)
            .map_err(|error| StageError::Script { name: "read".to_owned(), problem: error.to_string() })
    }
}

impl Reading {
    /// What differs between two readings of the runtime tier, leaf by leaf. Curfew's own tags are its own business.
    pub fn differences(&self, later: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        compare("", &self.runtime, &later.runtime, &mut differences, &OWN_TAGS);
        differences
    }

    /// What differs in the base tier.
    pub fn base_differences(&self, later: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        compare("", &self.base, &later.base, &mut differences, &OWN_TAGS);
        differences
    }

    /// What differs at all, tags of Curfew's own included: nothing between two looks at what nobody touched.
    pub fn all_differences(&self, later: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        compare("", &self.runtime, &later.runtime, &mut differences, &[]);
        compare("base", &self.base, &later.base, &mut differences, &[]);
        compare("billable", &self.billable, &later.billable, &mut differences, &[]);
        differences
    }
}

/// Curfew's and AWS's own: a morning adds the former and cannot give back the latter.
const OWN_TAGS: [&str; 2] = ["curfewTags", "awsTags"];

fn compare(place: &str, before: &Value, after: &Value, differences: &mut Vec<Difference>, but: &[&str]) {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys.into_iter().filter(|key| !but.contains(&key.as_str())) {
                let place = if place.is_empty() { key.clone() } else { format!("{place} / {key}") };
                compare(
                    &place,
                    one.get(key).unwrap_or(&Value::Null),
                    other.get(key).unwrap_or(&Value::Null),
                    differences,
                    but,
                );
            }
        }
        (one, other) if one == other => {}
        (one, other) => {
            differences.push(Difference { place: place.to_owned(), before: one.to_string(), after: other.to_string() });
        }
    }
}

async fn script<T: for<'de> Deserialize<'de>>(script: &Path, arguments: &[&str]) -> Result<T, StageError> {
    let output = Command::new(script).args(arguments).stdin(Stdio::null()).output().await?;
    let failed = |problem: String| StageError::Script { name: script.display().to_string(), problem };
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))
}

/// What the emulator said last, for when it does not get ready; read all the time, so that its pipe never fills.
async fn last_lines(stderr: BufReader<tokio::process::ChildStderr>) -> String {
    let mut lines = stderr.lines();
    let mut last: Vec<String> = Vec::new();
    while let Ok(Some(line)) = lines.next_line().await {
        last.push(line);
        if last.len() > 40 {
            last.remove(0);
        }
    }
    last.join("\n")
}
