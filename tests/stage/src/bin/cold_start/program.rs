//! A function that is measured.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::str::FromStr;
use std::time::{Duration, Instant};

use curfew_stage::RuntimeApi;
use serde_json::Value;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::aws::Aws;

/// Whatever takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Lambda's system has all root certificates in one file as well; Debian has one for each besides, which takes longer.
const ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// A function by name and command.
#[derive(Debug, Clone)]
pub struct Program {
    /// What it is called in the table.
    pub name: String,
    binary: PathBuf,
    arguments: Vec<String>,
}

/// One round: a start that is answered at once, and one for which AWS is asked.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The event is not understood, so AWS is not asked.
    pub at_once: Start,
    /// A dry run: all clients are built, and the blueprint is read.
    pub asking: Start,
}

/// How one process started.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// From its start until it asked for the first event.
    pub ready: Duration,
    /// From its start until the first answer.
    pub answered: Duration,
    /// The most memory it has held until then, in bytes.
    pub memory: u64,
}

impl FromStr for Program {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, command) = text.split_once('=').ok_or("write it as `name=command`")?;
        let mut words = command.split_whitespace().map(str::to_owned);
        let binary = words.next().ok_or("the command is missing")?.into();
        Ok(Self { name: name.to_owned(), binary, arguments: words.collect() })
    }
}

impl Program {
    /// What would be deployed; nothing of an interpreter's function, which is text.
    pub fn bootstrap(&self) -> Option<&Path> {
        self.arguments.is_empty().then_some(self.binary.as_path())
    }

    /// Starts it, invokes it once, and ends it.
    ///
    /// # Errors
    /// It cannot be started, or does not answer.
    pub async fn start(&self, aws: &Aws, event: &Value) -> std::io::Result<Start> {
        let api = RuntimeApi::start().await?;
        let mut command = self.command(aws, &api);
        #[allow(clippy::disallowed_methods, reason = "this measures time")]
        let begin = Instant::now();
        let mut child = command.spawn()?;
        timeout(PATIENCE, api.polled()).await.map_err(|_| self.silent())?;
        let ready = begin.elapsed();
        let answer = timeout(PATIENCE, api.invoke(event.clone(), PATIENCE)).await.map_err(|_| self.silent())?;
        let answered = begin.elapsed();
        answer.map_err(|_| self.silent())?.ok();
        let memory = peak_memory(&child)?;
        child.kill().await?;
        Ok(Start { ready, answered, memory })
    }

    /// With what Lambda tells a function, and nothing else.
    fn command(&self, aws: &Aws, api: &RuntimeApi) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(api.variables())
            .env("AWS_REGION", "us-west-2")
            .env("AWS_DEFAULT_REGION", "us-west-2")
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_SESSION_TOKEN", "token")
            .env("AWS_ENDPOINT_URL", &aws.endpoint)
            .env("SSL_CERT_FILE", ROOTS)
            .env("CURFEW_ENVIRONMENT", "dev")
            .env("CURFEW_STATE_BUCKET", "state")
            .env("CURFEW_TOPIC_ARN", "arn:aws:sns:us-west-2:123456789012:curfew")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        command
    }

    fn silent(&self) -> std::io::Error {
        std::io::Error::other(format!("{} did not answer", self.name))
    }
}

/// The high-water mark of a process's resident set, as Linux keeps it.
fn peak_memory(child: &Child) -> std::io::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id().unwrap_or_default()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.map(|kibibytes| kibibytes * 1024).ok_or_else(|| std::io::Error::other(format!("no VmHWM in {status}")))
}
