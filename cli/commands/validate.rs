//! `curfew validate`

use curfew_core::blueprint::{Blueprint, warnings};
use curfew_sim::{say, tell};
use serde_json::json;

use crate::arguments::Options;
use crate::edge;
use crate::exit::{CliError, Exit};

/// Checks a blueprint. Warnings do not make it invalid.
pub fn validate(options: &Options, file: &str) -> Result<Exit, CliError> {
    match edge::read_blueprint(file)? {
        Ok(blueprint) => {
            let mut warnings = warnings(&blueprint);
            warnings.extend(blueprint.schedule.running_out(edge::now()?).map(|calendar| calendar.to_string()));
            if options.json {
                say!("{}", json!({ "valid": true, "warnings": warnings }));
            } else {
                say!("{file} is a blueprint of {}: {}", blueprint.environment, contents(&blueprint));
                warnings.iter().for_each(|warning| say!("  note: {warning}"));
            }
            Ok(Exit::Done)
        }
        Err(problems) => {
            if options.json {
                say!("{}", json!({ "valid": false, "problems": problems }));
            } else {
                for problem in &problems.0 {
                    say!("{file}: {problem}");
                }
                tell!("curfew: {file} is not a blueprint ({} to fix)", problems.0.len());
            }
            Ok(Exit::Failed)
        }
    }
}

fn contents(blueprint: &Blueprint) -> String {
    let tier = &blueprint.tier;
    let counted = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    [
        counted(tier.addresses.len(), "address", "addresses"),
        counted(tier.nat_gateways.len(), "NAT gateway", "NAT gateways"),
        counted(tier.routes.len(), "route", "routes"),
        counted(tier.load_balancers.len(), "load balancer", "load balancers"),
        counted(tier.dns_records.len(), "DNS record", "DNS records"),
        counted(tier.services.len(), "service", "services"),
    ]
    .into_iter()
    // Most environments have none.
    .chain((!tier.databases.is_empty()).then(|| counted(tier.databases.len(), "database", "databases")))
    .chain((!tier.vpc_endpoints.is_empty()).then(|| counted(tier.vpc_endpoints.len(), "VPC endpoint", "VPC endpoints")))
    .chain((!tier.instances.is_empty()).then(|| counted(tier.instances.len(), "instance", "instances")))
    .chain(
        (!tier.auto_scaling_groups.is_empty())
            .then(|| counted(tier.auto_scaling_groups.len(), "Auto Scaling group", "Auto Scaling groups")),
    )
    .collect::<Vec<_>>()
    .join(", ")
}
