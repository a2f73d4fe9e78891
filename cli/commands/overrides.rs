//! `curfew override`

use curfew_core::model::{Action, HOLD_TAG, NOTHING_KNOWN, OVERRIDE_TAG, Tags};
use curfew_core::overrides::{Override, Overrides};
use curfew_core::ports::{Clock, Cloud, Scope, Token, World};
use curfew_sim::tell;

use crate::arguments::{Options, OverrideCommand};
use crate::edge::Edge;
use crate::exit::{CliError, Exit};
use crate::render;

/// Shows or changes the override.
pub async fn overrides(options: &Options, command: &OverrideCommand) -> Result<Exit, CliError> {
    let edge = Edge::open(options).await?;
    let now = edge.clock.now();
    match command {
        OverrideCommand::Show => {}
        OverrideCommand::Set { target, until, for_, dry_run } => {
            let until = until.or(for_.map(|span| now + span));
            if until.is_some_and(|until| !Override::can_say(until)) {
                return Err(CliError::Usage("--until is too far away: a tag can say years of four digits".to_owned()));
            }
            if until.is_some_and(|until| until <= now) {
                return Err(CliError::Usage("--until is in the past".to_owned()));
            }
            let value = Override { target: (*target).into(), until }.to_string();
            // A person's override is no hold, whatever stood there before.
            let clear = Action::UntagCluster { keys: [HOLD_TAG.to_owned()].into() };
            let set = Action::TagCluster { tags: Tags::from([(OVERRIDE_TAG.to_owned(), value)]) };
            change(&edge, &[clear, set], *dry_run).await?;
        }
        OverrideCommand::Clear { dry_run } => {
            let keys = [OVERRIDE_TAG.to_owned(), HOLD_TAG.to_owned()].into();
            change(&edge, &[Action::UntagCluster { keys }], *dry_run).await?;
        }
    }
    let found = edge.world.cloud().overrides(scope(&edge)).await.map_err(curfew_core::status::NoStatus::from)?;
    let overrides = Overrides::read(&found.tags, now);
    render::print(options, &overrides, || render::overrides(&overrides, edge.blueprint.schedule.zone()));
    Ok(Exit::Done)
}

fn scope(edge: &Edge) -> Scope<'_> {
    let blueprint = &edge.blueprint;
    Scope {
        environment: &blueprint.environment,
        cluster: &blueprint.cluster,
        tier: &blueprint.tier,
        identities: &NOTHING_KNOWN,
    }
}

async fn change(edge: &Edge, actions: &[Action], dry_run: bool) -> Result<(), CliError> {
    for action in actions {
        if dry_run {
            tell!("would {action}");
        } else {
            edge.world.cloud().perform(scope(edge), action, &Token::of("cli", action)).await?;
        }
    }
    Ok(())
}
