//! The independent reader: a process of its own for as long as its emulator, because its clients take a second to make.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::emulator::Laid;
use crate::stage::StageError;

/// A running reader. It ends with this value; what it complains of is on this process's standard error.
#[derive(Debug)]
pub(crate) struct Reader {
    _process: Child,
    questions: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Reader {
    /// Starts the reader of an endpoint.
    pub(crate) fn start(script: &Path, endpoint: &str) -> Result<Self, StageError> {
        let mut process = Command::new(script)
            .args(["--endpoint", endpoint, "--until-stdin-closes"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(questions), Some(answers)) => {
                Ok(Self { _process: process, questions, answers: BufReader::new(answers).lines() })
            }
            _ => Err(failed("has no standard input or output")),
        }
    }

    /// What is there now.
    pub(crate) async fn read(&mut self, laid: &Laid) -> Result<Value, StageError> {
        let question = json!({ "region": laid.region, "environment": laid.environment });
        self.questions.write_all(format!("{question}\n").as_bytes()).await?;
        let answer = self.answers.next_line().await?.ok_or_else(|| failed("ended without an answer"))?;
        serde_json::from_str(&answer).map_err(|error| failed(&error.to_string()))
    }
}

fn failed(problem: &str) -> StageError {
    StageError::Script { name: "read".to_owned(), problem: problem.to_owned() }
}
