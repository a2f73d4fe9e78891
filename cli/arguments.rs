//! What can be asked on the command line.

use std::sync::LazyLock;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use curfew_core::decide::{Hold, hold_duration};
use curfew_core::model::{EnvironmentName, Target};
use curfew_core::zones::RELEASE;
use curfew_sim::commands::{Bench, Simulate};

pub use crate::commands::capture::CaptureOptions;
pub use crate::commands::doctor::DoctorOptions;
pub use crate::commands::schedule::ScheduleCommand;
pub use crate::commands::zones::ZonesCommand;

/// What `--version` says: a schedule is as right as the rules of its time zones.
static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (time zones of IANA {RELEASE})", env!("CARGO_PKG_VERSION")));

const EXIT_CODES: &str = "\
Exit codes:
  0  done, nothing to do, or skipped with the reason said
  1  failed
  2  usage
  3  blocked: a person has to decide, and the reasons say what; doctor: others claim what goes at night, or have made it again
  4  in progress: the tick goes on
  5  busy: another run works on the environment

Results go to standard output, progress and errors to standard error. NO_COLOR is obeyed.
Region and credentials are found as the AWS CLI finds them (AWS_PROFILE, AWS_REGION, …).";

/// Sends the expensive half of an ECS environment home at night, and brings back exactly what was there.
#[derive(Debug, Parser)]
#[command(name = "curfew", version = VERSION.as_str(), about, after_help = EXIT_CODES, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Options {
    /// The environment, such as dev
    #[arg(short, long, global = true, env = "CURFEW_ENVIRONMENT")]
    pub environment: Option<EnvironmentName>,
    /// A blueprint's file instead of the parameter /curfew/ENVIRONMENT/blueprint
    #[arg(long, global = true, value_name = "FILE")]
    pub blueprint: Option<String>,
    /// The state bucket, if it is not what the stack wrote into the parameter /curfew/ENVIRONMENT/deployment
    #[arg(long, global = true, env = "CURFEW_STATE_BUCKET", value_name = "NAME")]
    pub bucket: Option<String>,
    /// The topic that people are told by; without it, that of the parameter, or nobody if --bucket is given
    #[arg(long, global = true, env = "CURFEW_TOPIC_ARN", value_name = "ARN")]
    pub topic: Option<String>,
    /// The topic that a chat channel is told by
    #[arg(long, global = true, env = "CURFEW_CHAT_TOPIC_ARN", value_name = "ARN")]
    pub chat_topic: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a blueprint and say everything that is wrong with it
    Validate {
        /// The file; - for standard input
        blueprint: String,
    },
    /// Print the blueprint of what already runs, to adopt it; nothing is changed
    Capture(CaptureOptions),
    /// Tell who else manages what goes at night, and what follows from it; nothing is changed
    Doctor(DoctorOptions),
    /// Show what the environment is, what it should be, and why
    Status,
    /// Show what a run would do, in waves, with expected times and money; nothing is changed
    Plan {
        /// As if it should come up
        #[arg(long, conflicts_with = "down")]
        up: bool,
        /// As if it should go down
        #[arg(long)]
        down: bool,
    },
    /// Bring the environment up
    Start(RunOptions),
    /// Bring the environment down
    Stop(RunOptions),
    /// Show or change the override tag on the ECS cluster
    Override {
        #[command(subcommand)]
        command: OverrideCommand,
    },
    /// Go on when a stored document is lost or is another one; documents are written, and nothing else is touched
    Recover {
        #[command(subcommand)]
        command: RecoverCommand,
    },
    /// Show which rules of time zones count, or store newer ones
    Zones {
        #[command(subcommand)]
        command: ZonesCommand,
    },
    /// Look at schedules: no environment, no account, no credentials are needed
    Schedule {
        #[command(subcommand)]
        command: ScheduleCommand,
    },
    /// Play random histories in a simulated AWS account, and check every invariant after every action
    Simulate(Simulate),
    /// Measure nights and mornings in simulated AWS accounts against the least that AWS allows
    Bench(Bench),
    /// Print a completion script
    Completions {
        /// For this shell
        shell: Shell,
    },
}

/// Options of start and stop.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// How long to hold it against the schedule: until-next, none, forever, 4h, or an instant
    #[arg(long, default_value = "until-next")]
    pub hold: Hold,
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// Ask the deployed function instead of doing it from here
    #[arg(long)]
    pub remote: bool,
    /// The function's name [default: curfew-ENVIRONMENT-start or -stop]
    #[arg(long, requires = "remote", value_name = "NAME")]
    pub function: Option<String>,
    /// Who asks, for the history and the messages
    #[arg(long, env = "USER", value_name = "WHO")]
    pub requested_by: Option<String>,
}

/// What can be done with overrides.
#[derive(Debug, Subcommand)]
pub enum OverrideCommand {
    /// Show all override tags of the environment
    Show,
    /// Keep the environment up or down, until an instant, for a while, or until cleared
    Set {
        /// What it is to be
        target: OverrideTarget,
        /// Until an instant such as 2026-11-21T20:00:00Z
        #[arg(long, conflicts_with = "for_", value_name = "INSTANT")]
        until: Option<chrono::DateTime<chrono::Utc>>,
        /// For so long, such as 4h
        #[arg(long = "for", value_name = "DURATION", value_parser = hold_duration)]
        for_: Option<chrono::TimeDelta>,
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Take the override off the cluster: the schedule counts again
    Clear {
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
}

/// How to go on.
#[derive(Debug, Subcommand)]
pub enum RecoverCommand {
    /// The state is lost or cannot be read: say how the environment is
    State {
        /// up: what is there counts; down: the recording does
        is: OverrideTarget,
        #[command(flatten)]
        options: RecoverOptions,
    },
    /// The recording that is there is the one to go on with
    Recording(RecoverOptions),
    /// There is no recording to go on with: the blueprint alone counts
    WithoutRecording(RecoverOptions),
}

/// Options of recover.
#[derive(Debug, Args)]
pub struct RecoverOptions {
    /// Only say what would be written
    #[arg(long)]
    pub dry_run: bool,
    /// Who asks, for the history
    #[arg(long, env = "USER", value_name = "WHO")]
    pub requested_by: Option<String>,
}

/// What an override says.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum OverrideTarget {
    /// Up.
    Up,
    /// Down.
    Down,
}

impl From<OverrideTarget> for Target {
    fn from(target: OverrideTarget) -> Self {
        match target {
            OverrideTarget::Up => Self::Up,
            OverrideTarget::Down => Self::Down,
        }
    }
}
