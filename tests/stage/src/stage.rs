//! One environment with all that it takes to play a night and a morning in it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::authorization::Authorization;
use crate::emulator::{Emulator, Laid, Reading};
use crate::function::{Function, Invoked, access_key};
use crate::lambda_api::LambdaApi;
use crate::proxy::Proxy;

/// Why the play cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// A process could not be started.
    #[error(transparent)]
    Process(#[from] std::io::Error),
    /// The emulator did not get ready.
    #[error("the emulator did not get ready:\n{0}")]
    NotReady(String),
    /// A script failed.
    #[error("{name} failed:\n{problem}")]
    Script {
        /// Which.
        name: String,
        /// What it said.
        problem: String,
    },
    /// A function ended with an error.
    #[error("the function {function} ended with an error: {error}")]
    Function {
        /// Which.
        function: String,
        /// What it said.
        error: Value,
    },
    /// A run did not end as it had to.
    #[error("{function} ended {outcome}: {report:#}")]
    Outcome {
        /// Which function.
        function: String,
        /// How it ended.
        outcome: String,
        /// Its report.
        report: Value,
    },
}

/// The stage of one environment.
#[derive(Debug)]
pub struct Stage {
    /// The emulator.
    pub emulator: Emulator,
    /// What was laid in it.
    pub laid: Laid,
    /// Between it and the functions.
    pub proxy: Proxy,
    factor: f64,
    functions: [Function; 3],
}

const FUNCTIONS: [&str; 3] = ["start", "stop", "reconcile"];
/// All functions that have a role.
const ROLES: [&str; 4] = ["start", "stop", "reconcile", "budget"];

impl Stage {
    /// Starts an emulator, lays an example's base tier, and gets the functions ready.
    ///
    /// # Errors
    /// Whatever of it does not work.
    pub async fn set(example: &str, factor: f64) -> Result<Self, StageError> {
        let emulator = Emulator::start(factor).await?;
        let laid = emulator.lay(example).await?;
        Self::around(emulator, laid, factor).await
    }

    /// Starts an emulator, deploys `template.yaml` with these parameters, and gets the functions ready as the stack has
    /// configured them.
    ///
    /// # Errors
    /// Whatever of it does not work.
    pub async fn deploy(parameters: &Value, factor: f64) -> Result<Self, StageError> {
        let emulator = Emulator::start(factor).await?;
        let laid = emulator.deploy(parameters).await?;
        Self::around(emulator, laid, factor).await
    }

    async fn around(emulator: Emulator, laid: Laid, factor: f64) -> Result<Self, StageError> {
        let proxy = Proxy::start(&emulator.endpoint).await?;
        let variables = variables(&laid, &proxy, &emulator.clock_file());
        let of = |function: &'static str| Function::new(function, configured(&laid, function, &variables));
        let functions = [of(FUNCTIONS[0])?, of(FUNCTIONS[1])?, of(FUNCTIONS[2])?];
        Ok(Self { emulator, laid, proxy, factor, functions })
    }

    /// The environment variables that the functions, and the command, find this stage by.
    pub fn variables(&self) -> Vec<(String, String)> {
        variables(&self.laid, &self.proxy, &self.emulator.clock_file())
    }

    /// Invokes a function once. Lambda's 900 s pass as fast as the rest.
    ///
    /// # Errors
    /// If it cannot be started.
    pub async fn invoke(&mut self, function: &str, event: Value) -> Result<Invoked, StageError> {
        self.invoke_within(function, event, Duration::from_secs(900)).await
    }

    /// Invokes a function that has so much of the stage's time.
    ///
    /// # Errors
    /// If it cannot be started.
    pub async fn invoke_within(&mut self, function: &str, event: Value, time: Duration) -> Result<Invoked, StageError> {
        let within = time.div_f64(self.factor);
        let index = FUNCTIONS.iter().position(|name| *name == function).unwrap_or(2);
        Ok(self.functions[index].invoke(event, within, &self.proxy).await?)
    }

    /// Invokes a function and takes its report.
    ///
    /// # Errors
    /// If it ends with an error, or is killed.
    pub async fn report(&mut self, function: &str, event: Value) -> Result<Value, StageError> {
        match self.invoke(function, event).await? {
            Invoked::Report(report) => Ok(report),
            Invoked::Error(error) => Err(StageError::Function { function: function.to_owned(), error }),
            Invoked::Killed => Err(StageError::Function { function: function.to_owned(), error: json!("killed") }),
        }
    }

    /// Brings the environment up or down by hand, with ticks after it as EventBridge would send them, until it is done.
    ///
    /// # Errors
    /// If it does not get there.
    pub async fn bring(&mut self, function: &str) -> Result<Value, StageError> {
        let mut report = self.report(function, json!({ "hold": "forever" })).await?;
        for _ in 0..20 {
            match report["outcome"].as_str() {
                Some("Converged" | "Unchanged") => return Ok(report),
                Some("Busy" | "InProgress" | "Failed") => {
                    self.pass(Duration::from_secs(30)).await?;
                    report = self.report(function, json!({ "hold": "forever" })).await?;
                }
                _ => break,
            }
        }
        let outcome = report["outcome"].as_str().unwrap_or_default().to_owned();
        Err(StageError::Outcome { function: function.to_owned(), outcome, report })
    }

    /// A text that shows this stage's ids, with the example's in their stead, and those that AWS made up cut to their
    /// kind: the same on every stage.
    pub fn named(&self, text: &str) -> String {
        let replace = |text: String, (stand_in, real): (&String, &String)| text.replace(real.as_str(), stand_in);
        let text = self.laid.replacements.iter().fold(text.to_owned(), replace);
        let is_of_arn = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/');
        let text = cut(&text, "loadbalancer/app/", is_of_arn);
        ["nat-", "igw-"].iter().fold(text, |text, kind| cut(&text, kind, |c| c.is_ascii_hexdigit()))
    }

    /// Lets the stage's time pass.
    ///
    /// # Errors
    /// If the emulator does not answer.
    #[allow(clippy::disallowed_methods, reason = "the emulator's time passes by the machine's")]
    pub async fn pass(&self, time: Duration) -> Result<(), StageError> {
        let until = self.now().await? + time.as_secs_f64();
        loop {
            let left = until - self.now().await?;
            if left <= 0.0 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_secs_f64(left / self.factor)).await;
        }
    }

    /// What time it is on the stage, in seconds since 1970.
    async fn now(&self) -> Result<f64, StageError> {
        Ok(self.emulator.ask("clock").await?["now"].as_f64().unwrap_or_default())
    }

    /// Sends what the functions log from now on somewhere.
    pub fn listen(&mut self, log: &tokio::sync::mpsc::UnboundedSender<Value>) {
        self.functions.iter_mut().for_each(|function| function.listen(log.clone()));
    }

    /// Runs the real `curfew` command in this stage.
    ///
    /// # Errors
    /// If it is not built or cannot be started.
    pub async fn command(&self, arguments: &[&str]) -> Result<std::process::Output, StageError> {
        self.command_with(arguments, &[]).await
    }

    /// The same with variables besides, or instead.
    ///
    /// # Errors
    /// If it is not built or cannot be started.
    pub async fn command_with(
        &self,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Result<std::process::Output, StageError> {
        let mut command = tokio::process::Command::new(crate::function::binary("curfew")?);
        command.args(arguments).env_clear().envs(self.variables()).envs(variables.iter().copied());
        Ok(command.output().await?)
    }

    /// Starts the command and leaves it running, with what it prints piped.
    ///
    /// # Errors
    /// If it is not built or cannot be started.
    pub fn spawn(&self, arguments: &[&str]) -> Result<tokio::process::Child, StageError> {
        let mut command = tokio::process::Command::new(crate::function::binary("curfew")?);
        command.args(arguments).env_clear().envs(self.variables()).kill_on_drop(true);
        Ok(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?)
    }

    /// Another sandbox of a function, for two runs at once.
    ///
    /// # Errors
    /// If it is not built.
    pub fn another(&self, function: &str) -> Result<Function, StageError> {
        Ok(Function::new(function, configured(&self.laid, function, &self.variables()))?)
    }

    /// Serves the functions as Lambda's own endpoint does, for whoever invokes them with an SDK.
    ///
    /// # Errors
    /// If they are not built, or no port is free.
    pub async fn serve_functions(&self) -> Result<LambdaApi, StageError> {
        let within = Duration::from_secs(900).div_f64(self.factor);
        let functions = FUNCTIONS.map(|name| Ok((name.to_owned(), self.another(name)?)));
        let functions = functions.into_iter().collect::<Result<_, StageError>>()?;
        Ok(LambdaApi::start(functions, within, self.proxy.clone()).await?)
    }

    /// Changes something by hand, as people and pipelines do; what there is to change is in `tests/emulator/changes`.
    ///
    /// # Errors
    /// If it does not work.
    pub async fn hand(&self, change: &str, details: Value) -> Result<Value, StageError> {
        self.emulator.hand(&self.laid, change, &details).await
    }

    /// What people were told so far, oldest first.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn notifications(&self) -> Result<Vec<Value>, StageError> {
        let told = self.emulator.ask("notifications").await?;
        Ok(told.as_array().cloned().unwrap_or_default())
    }

    /// Notes from now on what IAM would be asked on behalf of each function.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn follow(&self) -> Result<(), StageError> {
        let keys = ROLES.map(access_key);
        self.emulator.tell("authorizations", &json!({ "by": keys })).await?;
        Ok(())
    }

    /// What IAM would have been asked so far, in order.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn authorizations(&self) -> Result<Vec<Authorization>, StageError> {
        let noted = self.emulator.ask("authorizations").await?;
        let failed =
            |error: serde_json::Error| StageError::Script { name: "authorizations".into(), problem: error.to_string() };
        let mut noted: Vec<Authorization> = serde_json::from_value(noted).map_err(failed)?;
        for one in &mut noted {
            one.by = ROLES.iter().find(|name| access_key(name) == one.by).unwrap_or(&"").to_string();
        }
        Ok(noted)
    }

    /// What the emulator saw that AWS would not have stopped but people would have felt: a NAT gateway deleted under
    /// running tasks, a load balancer under its targets.
    ///
    /// # Errors
    /// If it does not answer.
    pub async fn mishaps(&self) -> Result<Value, StageError> {
        self.emulator.ask("mishaps").await
    }

    /// What an independent reader finds.
    ///
    /// # Errors
    /// If it cannot read.
    pub async fn read(&self) -> Result<Reading, StageError> {
        self.emulator.read(&self.laid).await
    }
}

/// Cuts every long id of a kind to the kind.
fn cut(text: &str, kind: &str, is_of_id: impl Fn(char) -> bool) -> String {
    let mut parts = text.split(kind);
    let mut cut = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(&is_of_id);
        let shown = if part.len() - rest.len() >= 16 { format!("{kind}…{rest}") } else { format!("{kind}{part}") };
        cut.push_str(&shown);
    }
    cut
}

/// The variables of a function: where a stack configured it, what Curfew reads is only what the stack says.
fn configured(laid: &Laid, function: &str, stage: &[(String, String)]) -> Vec<(String, String)> {
    let Some(own) = laid.variables.get(function) else { return stage.to_vec() };
    let is_of_stage = |name: &str| !name.starts_with("CURFEW_") || name == "CURFEW_REHEARSAL_CLOCK";
    let around = stage.iter().filter(|(name, _)| is_of_stage(name)).cloned();
    around.chain(own.iter().map(|(name, value)| (name.clone(), value.clone()))).collect()
}

fn variables(laid: &Laid, proxy: &Proxy, clock: &Path) -> Vec<(String, String)> {
    let pairs = [
        ("AWS_ENDPOINT_URL", proxy.endpoint.as_str()),
        ("AWS_REGION", &laid.region),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "none"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("CURFEW_ENVIRONMENT", &laid.environment),
        ("CURFEW_STATE_BUCKET", &laid.bucket),
        ("CURFEW_TOPIC_ARN", &laid.topic),
    ];
    let mut variables: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    variables.push(("CURFEW_REHEARSAL_CLOCK".to_owned(), clock.display().to_string()));
    variables
}
