//! One function for each command: each calls the core and renders what it answers.

pub mod capture;
pub mod doctor;
mod overrides;
mod recover;
mod run;
pub mod schedule;
mod validate;
pub mod zones;

use clap::CommandFactory;
use clap_complete::Shell;
use curfew_core::capture::{Finder, mentioned};
use curfew_core::decide::Verdict;
use curfew_core::model::Target;
use curfew_core::ports::World;
use curfew_core::status::{self, Status};
use curfew_sim::{output, tell};
use serde_json::json;

use crate::arguments::{Arguments, Options};
use crate::edge::Edge;
use crate::exit::{CliError, Exit};
use crate::render;

pub use capture::capture;
pub use doctor::doctor;
pub use overrides::overrides;
pub use recover::recover;
pub use run::{start, stop};
pub use schedule::schedule;
pub use validate::validate;
pub use zones::zones;

/// `curfew status`
pub async fn status(options: &Options) -> Result<Exit, CliError> {
    let edge = Edge::open(options).await?;
    let status = status::status(&edge.world, &edge.blueprint).await?;
    render::print(options, &status, || render::status(&status, edge.blueprint.schedule.zone()));
    Ok(Exit::Done)
}

/// `curfew plan`
pub async fn plan(options: &Options, up: bool, down: bool) -> Result<Exit, CliError> {
    let edge = Edge::open(options).await?;
    let status = status::preview(&edge.world, &edge.blueprint).await?;
    let decided = match status.decision.verdict {
        Verdict::Be(target) => Some(target),
        Verdict::LeaveAsItIs => None,
    };
    let target = if up {
        Some(Target::Up)
    } else if down {
        Some(Target::Down)
    } else {
        decided
    };
    let Some(target) = target else {
        let message = format!("{} is left as it is: {}", status.environment, status.decision.because);
        if options.json {
            let nothing = json!({ "target": null, "waves": [], "message": message, "decision": status.decision });
            render::print(options, &nothing, String::new);
        } else {
            tell!("{message}");
        }
        return Ok(Exit::Done);
    };
    let mut forecast = status.forecast(&edge.blueprint, target);
    if target == Target::Down {
        forecast.notes.extend(mentions(&edge, &status).await);
    }
    render::print(options, &forecast, || {
        let next_start = render::next_start(&status, edge.blueprint.schedule.zone());
        format!("{}{next_start}", render::forecast(&forecast, status.cost.as_ref()))
    });
    Ok(match forecast.end {
        curfew_core::forecast::ForecastEnd::Blocked(_) | curfew_core::forecast::ForecastEnd::Missing(_) => {
            Exit::Blocked
        }
        curfew_core::forecast::ForecastEnd::Done | curfew_core::forecast::ForecastEnd::Open(_) => Exit::Done,
    })
}

/// Where the ids and names are written that a night ends.
async fn mentions(edge: &Edge, status: &Status) -> Vec<String> {
    let cloud = edge.world.cloud();
    match cloud.ecs().await {
        Ok(ecs) => mentioned(cloud, &status.tier, &status.observation, &ecs, &edge.blueprint.cluster).await,
        Err(why) => vec![format!("what names ids that are others each morning could not be looked for: {why}")],
    }
}

/// `curfew completions`
pub fn completions(shell: Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "curfew", &mut script);
    output::print(format_args!("{}", String::from_utf8_lossy(&script)));
    Exit::Done
}
