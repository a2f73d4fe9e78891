//! A real bootstrap, as it would be deployed.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc::UnboundedSender;

use crate::proxy::Proxy;
use crate::runtime_api::RuntimeApi;

/// A function: its binary, its variables, and the API it is served by.
#[derive(Debug)]
pub struct Function {
    binary: PathBuf,
    variables: Vec<(String, String)>,
    process: Option<(Child, RuntimeApi)>,
    log: Option<UnboundedSender<Value>>,
}

/// How an invocation ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Invoked {
    /// With the run's report.
    Report(Value),
    /// With an error: its type and message.
    Error(Value),
    /// The process was killed.
    Killed,
}

impl Function {
    /// A function by its binary's name (`start`), which stands beside the tests' own. It has credentials of its own, as
    /// it has a role of its own.
    ///
    /// # Errors
    /// If it is not built.
    pub fn new(name: &str, mut variables: Vec<(String, String)>) -> std::io::Result<Self> {
        let binary = binary(name)?;
        variables.retain(|(variable, _)| variable != "AWS_ACCESS_KEY_ID");
        variables.push(("AWS_ACCESS_KEY_ID".to_owned(), access_key(name)));
        Ok(Self { binary, variables, process: None, log: None })
    }

    /// Sends what the function logs from now on somewhere.
    pub fn listen(&mut self, log: UnboundedSender<Value>) {
        self.log = Some(log);
    }

    /// Invokes it; a process that is not there is started first, as Lambda would.
    ///
    /// # Errors
    /// If it cannot be started.
    pub async fn invoke(&mut self, payload: Value, within: Duration, proxy: &Proxy) -> std::io::Result<Invoked> {
        if self.process.is_none() {
            self.process = Some(self.spawn().await?);
        }
        let Some((child, api)) = self.process.as_mut() else { return Ok(Invoked::Killed) };
        proxy.aim(child.id());
        let answer = api.invoke(payload, within);
        let invoked = tokio::select! {
            answer = answer => match answer {
                Ok(Ok(report)) => Invoked::Report(report),
                Ok(Err(error)) => Invoked::Error(error),
                Err(_) => Invoked::Killed,
            },
            _ = child.wait() => Invoked::Killed,
        };
        proxy.aim(None);
        if invoked == Invoked::Killed {
            self.process = None;
        }
        Ok(invoked)
    }

    async fn spawn(&self) -> std::io::Result<(Child, RuntimeApi)> {
        let api = RuntimeApi::start().await?;
        let mut child = Command::new(&self.binary)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .envs(api.variables())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(read_log(stdout, self.log.clone()));
        }
        Ok((child, api))
    }
}

/// A function's access key.
pub(crate) fn access_key(function: &str) -> String {
    format!("AKIDEXAMPLE{}", function.to_ascii_uppercase())
}

/// Reads all the time, so that the pipe never fills.
async fn read_log(stdout: ChildStdout, log: Option<UnboundedSender<Value>>) {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let (Some(log), Ok(entry)) = (&log, serde_json::from_str(&line)) {
            let _ = log.send(entry);
        }
    }
}

/// A binary of the workspace, beside the one that is running.
///
/// # Errors
/// If it is not built.
pub fn binary(name: &str) -> std::io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().unwrap_or(Path::new("."));
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    let binary = folder.join(name);
    if binary.exists() {
        return Ok(binary);
    }
    let message = format!("{} is not built; run `cargo build --workspace` first", binary.display());
    Err(std::io::Error::new(std::io::ErrorKind::NotFound, message))
}
