//! `curfew zones`: which rules of time zones count, and newer ones for functions that nobody deploys.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Subcommand;
use curfew_core::ports::{Clock, World};
use curfew_core::run::Mode;
use curfew_core::schedule::ZoneRules;
use curfew_core::status::remembered;
use curfew_core::zone_update::{Updated, update};
use curfew_core::zones::{Release, StoredZones, Zone};
use serde_json::json;

use crate::arguments::Options;
use crate::edge::Edge;
use crate::exit::{CliError, Exit};
use crate::render;

/// What can be done with the rules of time zones.
#[derive(Debug, Subcommand)]
pub enum ZonesCommand {
    /// Show which release of the IANA database this command carries, which one the state has, and which counts
    Show,
    /// Store the rules of the blueprint's zones in the state bucket, where runs find them; newer ones than the functions' count
    Update {
        /// A folder of compiled zones such as /usr/share/zoneinfo, instead of what this command carries
        #[arg(long, value_name = "FOLDER")]
        from: Option<String>,
        /// The folder's release such as 2026g, if it does not say so itself
        #[arg(long, requires = "from")]
        release: Option<Release>,
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
}

/// Runs one of the commands.
pub async fn zones(options: &Options, command: &ZonesCommand) -> Result<Exit, CliError> {
    let edge = Edge::open(options).await?;
    let environment = &edge.blueprint.environment;
    let written = &edge.blueprint.schedule;
    let (home, state) = remembered(&edge.world, &edge.blueprint).await?;
    let stored = state.zones;
    match command {
        ZonesCommand::Show => {
            let rules = ZoneRules::of(written, stored.as_ref());
            let value = json!({
                "binary": Release::of_the_binary(),
                "stored": stored.as_ref().map(|stored| &stored.release),
                "inUse": rules,
                "warnings": rules.warnings(written, stored.as_ref(), edge.clock.now()),
            });
            render::print(options, &value, || render::zones(written, stored.as_ref(), edge.clock.now()));
        }
        ZonesCommand::Update { from, release, dry_run } => {
            let given = given(&written.zones(), from.as_deref(), release.as_ref())?;
            if given.release < Release::of_the_binary() {
                return Err(CliError::Usage(format!(
                    "{} is of IANA {}, and this command carries {}: leave --from out",
                    from.as_deref().unwrap_or_default(),
                    given.release,
                    Release::of_the_binary()
                )));
            }
            let mode = if *dry_run { Mode::DryRun } else { Mode::Real };
            let told = |what: &str| {
                let names: Vec<&str> = written.zones().into_iter().map(Zone::name).collect();
                format!("{environment}: {what} the time zones of IANA {} ({})\n", given.release, names.join(", "))
            };
            let (stored, unchanged) = (told("stored"), told("the state has already"));
            let would_store = told("would store");
            let updated = update(edge.world.store(), &home, written, given, mode).await?;
            render::print(options, &updated, || match &updated {
                Updated::Stored { replaced: None } => stored,
                Updated::Stored { replaced: Some(before) } => format!("{stored}  they replace those of {before}\n"),
                Updated::WouldStore { replacing: None } => would_store,
                Updated::WouldStore { replacing: Some(there) } => {
                    format!("{would_store}  they would replace those of {there}\n")
                }
                Updated::Unchanged => unchanged,
            });
        }
    }
    Ok(Exit::Done)
}

/// The rules to store: this command's own, or those of a folder.
fn given(zones: &[Zone], from: Option<&str>, release: Option<&Release>) -> Result<StoredZones, CliError> {
    let invalid = |error| CliError::Usage(format!("these rules cannot be stored: {error}"));
    let Some(folder) = from else { return StoredZones::of_the_binary(zones).map_err(invalid) };
    let read = |name: &str| {
        let path = Path::new(folder).join(name);
        std::fs::read(&path).map_err(|error| CliError::File { file: path.display().to_string(), error })
    };
    let release = match release {
        Some(release) => release.clone(),
        None => said(folder).ok_or_else(|| {
            CliError::Usage(format!(
                "{folder} does not say which release it is of (tzdata.zi, +VERSION): give --release"
            ))
        })?,
    };
    let named = zones.iter().filter(|zone| **zone != Zone::UTC).map(|zone| Ok((zone.name(), read(zone.name())?)));
    let data: BTreeMap<&'static str, Vec<u8>> = named.collect::<Result<_, CliError>>()?;
    StoredZones::new(release, &data).map_err(invalid)
}

/// The release that a folder says it is of: in the first line of `tzdata.zi`, or in `+VERSION`.
fn said(folder: &str) -> Option<Release> {
    let text = |name: &str| std::fs::read_to_string(Path::new(folder).join(name)).ok();
    let by_source =
        text("tzdata.zi").and_then(|text| text.lines().next()?.strip_prefix("# version ")?.trim().parse().ok());
    by_source.or_else(|| text("+VERSION")?.trim().parse().ok())
}
