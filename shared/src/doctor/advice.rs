//! What follows from claims: what to let go of, what to ignore, what to know, grouped by what to do.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::by_terraform::State;
use super::claims::{Claim, Claimant, Effect, Field, Thing};
use super::cloudformation::Untold;
use super::hcl;
use super::terraform::Address;
use crate::model::Region;

/// One thing to do, or to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What to do, in words.
    pub what: String,
    /// With what.
    pub things: Vec<String>,
    /// What to paste.
    pub paste: Vec<Paste>,
}

/// A text to paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Paste {
    /// What it is written in.
    pub language: Language,
    /// The text.
    pub text: String,
}

/// What a text to paste is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Terraform's.
    Hcl,
    /// A CloudFormation template's.
    Yaml,
    /// A shell's.
    Sh,
}

/// What to do about claims, in order.
pub(super) fn advice(region: &Region, claims: &[Claim], states: &[State], untold: Option<&Untold>) -> Vec<Step> {
    let mut steps = Vec::new();
    steps.extend(states.iter().filter_map(|state| take_out_of_state(claims, state)));
    steps.extend(inline_routes(claims));
    let stacks: BTreeSet<&str> = claims.iter().filter_map(stack).collect();
    steps.extend(stacks.iter().filter_map(|name| take_out_of_stack(claims, name)));
    steps.extend(untold.map(|untold| ask_stacks(region, untold)));
    steps.extend(replaced_while_stopped(claims));
    steps.extend(states.iter().filter_map(|state| ignore(claims, state)));
    steps.extend(stacks.iter().filter_map(|name| without_count(claims, name)));
    steps.extend(stacks.iter().filter_map(|name| with_sizes_kept(claims, name)));
    steps.extend(refers(claims));
    steps.extend(stopped_databases(claims));
    steps.extend(stopped_instances(claims));
    steps.extend(nothing(claims));
    steps
}

fn stack(claim: &Claim) -> Option<&str> {
    match &claim.by {
        Claimant::CloudFormation { stack, .. } => Some(stack),
        Claimant::Terraform { .. } => None,
    }
}

fn address(claim: &Claim) -> Option<&Address> {
    match &claim.by {
        Claimant::Terraform { address, .. } => Some(address),
        Claimant::CloudFormation { .. } => None,
    }
}

fn is_of<'a>(state: &'a State) -> impl Fn(&&Claim) -> bool + 'a {
    |claim| match &claim.by {
        Claimant::Terraform { file, .. } => *file == state.file,
        Claimant::CloudFormation { .. } => false,
    }
}

fn line(claim: &Claim) -> String {
    format!("{}: {} ({})", claim.thing, claim.by, claim.which)
}

/// A step, if it is about anything.
fn step(what: impl Into<String>, claims: &[&Claim], paste: Vec<Paste>) -> Option<Step> {
    let things = claims.iter().map(|claim| line(claim)).collect();
    let paste = paste.into_iter().filter(|one| !one.text.is_empty()).collect();
    (!claims.is_empty()).then(|| Step { what: what.into(), things, paste })
}

fn take_out_of_state(claims: &[Claim], state: &State) -> Option<Step> {
    let replaced: Vec<&Claim> =
        claims.iter().filter(is_of(state)).filter(|claim| claim.effect == Effect::Replaced).collect();
    let out: BTreeSet<&Address> = replaced.iter().filter_map(|claim| address(claim)).collect();
    let hcl::Removal { blocks, commands } = hcl::removal(&state.entries, &out);
    let what = format!(
        "Take out of Terraform ({}): each morning has another one. Delete these from the configuration, with what refers to \
         them, and let go of them without destroying them (Terraform 1.7); `terraform plan` must then show no destruction",
        state.file
    );
    let paste = vec![Paste { language: Language::Hcl, text: blocks }, Paste { language: Language::Sh, text: commands }];
    step(what, &replaced, paste)
}

fn inline_routes(claims: &[Claim]) -> Option<Step> {
    let perhaps: Vec<&Claim> = claims.iter().filter(|claim| claim.effect == Effect::PerhapsReplaced).collect();
    let what = "If these tables have `route {}` blocks for these routes (a state does not tell: it lists all routes of a \
                table, whoever made them), make each an `aws_route` first, apply, and take that out of the state";
    step(what, &perhaps, Vec::new())
}

fn take_out_of_stack(claims: &[Claim], name: &str) -> Option<Step> {
    let of_stack = claims.iter().filter(|claim| stack(claim) == Some(name));
    let replaced: Vec<&Claim> = of_stack.filter(|claim| claim.effect == Effect::Replaced).collect();
    let policy = |id: &str| format!("  {id}:\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n");
    let text = resources(&replaced, policy);
    let what = format!(
        "Take out of the CloudFormation stack {name}, by day: each morning has another one. Deploy these policies alone; then \
         delete the resources from the template, with every !Ref and !GetAtt to them, and deploy again: the events say \
         DELETE_SKIPPED"
    );
    step(what, &replaced, vec![Paste { language: Language::Yaml, text }])
}

/// What to say of each in a template; nothing if no logical id is known.
fn resources(claims: &[&Claim], policy: impl Fn(&str) -> String) -> String {
    let policies: String = claims.iter().filter_map(|claim| logical_id(claim)).map(policy).collect();
    if policies.is_empty() { policies } else { format!("Resources:\n{policies}") }
}

fn logical_id(claim: &Claim) -> Option<&str> {
    match &claim.by {
        Claimant::CloudFormation { logical_id, .. } => logical_id.as_deref(),
        Claimant::Terraform { .. } => None,
    }
}

fn ask_stacks(region: &Region, untold: &Untold) -> Step {
    let command = |stack: &String| {
        format!(
            "aws cloudformation list-stack-resources --stack-name {stack} --region {region} --output table \
             --query 'StackResourceSummaries[].[LogicalResourceId,ResourceType,PhysicalResourceId]'\n"
        )
    };
    Step {
        what: "Ask CloudFormation whether a template has these too: no tag tells. AWS tags no routes, listeners and records, \
               and what a morning made carries Curfew's tags. What the stack names leaves it in the same way"
            .to_owned(),
        things: untold.things.clone(),
        paste: vec![Paste { language: Language::Sh, text: untold.stacks.iter().map(command).collect() }],
    }
}

/// hashicorp/terraform-provider-aws#33775
fn replaced_while_stopped(claims: &[Claim]) -> Option<Step> {
    let public: Vec<&Claim> = claims.iter().filter(|claim| drifts_by(claim, &Field::PublicAddress)).collect();
    let what = "Before the first night, have Terraform ignore the public address of these instances, as below: a stopped one has \
                none, Terraform takes that for a change that needs another instance, and an apply at night would destroy this one";
    step(what, &public, Vec::new())
}

fn ignore(claims: &[Claim], state: &State) -> Option<Step> {
    let drifting: Vec<&Claim> = claims.iter().filter(is_of(state)).filter(|claim| fields(claim).is_some()).collect();
    let changes: Vec<(&Address, &[Field])> =
        drifting.iter().filter_map(|claim| Some((address(claim)?, fields(claim)?))).collect();
    let what = format!(
        "Have Terraform ({}) ignore what changes on what stays, where its configuration does not yet. For tags alone, \
         `ignore_tags {{ key_prefixes = [\"curfew:\"] }}` in the provider does it once for all",
        state.file
    );
    let paste = vec![Paste { language: Language::Hcl, text: hcl::ignore_changes(&changes) }];
    step(what, &drifting, paste)
}

fn fields(claim: &Claim) -> Option<&[Field]> {
    match &claim.effect {
        Effect::Drifts(fields) => Some(fields),
        Effect::Replaced | Effect::PerhapsReplaced | Effect::Stays | Effect::Refers | Effect::Stopped => None,
    }
}

fn drifts_by(claim: &Claim, field: &Field) -> bool {
    fields(claim).is_some_and(|fields| fields.contains(field))
}

fn without_count(claims: &[Claim], name: &str) -> Option<Step> {
    let of_stack = claims.iter().filter(|claim| stack(claim) == Some(name));
    let counted: Vec<&Claim> = of_stack.filter(|claim| drifts_by(claim, &Field::DesiredCount)).collect();
    let what = format!(
        "Take `DesiredCount` out of these services in the template of the CloudFormation stack {name}, where it stands there: \
         without it, an update keeps the number there is; with it, one at night starts tasks"
    );
    step(what, &counted, Vec::new())
}

fn with_sizes_kept(claims: &[Claim], name: &str) -> Option<Step> {
    let of_stack = claims.iter().filter(|claim| stack(claim) == Some(name));
    let sized: Vec<&Claim> = of_stack.filter(|claim| drifts_by(claim, &Field::DesiredCapacity)).collect();
    let policy = |id: &str| {
        format!(
            "  {id}:\n    UpdatePolicy:\n      AutoScalingScheduledAction:\n        IgnoreUnmodifiedGroupSizeProperties: true\n"
        )
    };
    let text = resources(&sized, policy);
    let what = format!(
        "Have the CloudFormation stack {name} leave the sizes of these groups alone unless its template changes them: without \
         this policy, an update at night starts instances"
    );
    step(what, &sized, vec![Paste { language: Language::Yaml, text }])
}

fn refers(claims: &[Claim]) -> Option<Step> {
    let referring: Vec<&Claim> = claims.iter().filter(|claim| claim.effect == Effect::Refers).collect();
    let what = "Have these alarms ask by a Metrics Insights query, let each morning put them again (`alarms: repoint` in the \
                blueprint), or expect them to have no data: they watch a load balancer by an id that is another one each morning";
    step(what, &referring, Vec::new())
}

fn stopped(claims: &[Claim], is_meant: impl Fn(&Thing) -> bool) -> Vec<&Claim> {
    claims.iter().filter(|claim| claim.effect == Effect::Stopped && is_meant(&claim.thing)).collect()
}

fn stopped_databases(claims: &[Claim]) -> Option<Step> {
    let stopped = stopped(claims, |thing| matches!(thing, Thing::Database(_)));
    let what = "Change these by day, when they run: nothing of them drifts, but RDS takes changes only of a database that is \
                available, so an apply or an update of a stack that changes one at night fails";
    step(what, &stopped, Vec::new())
}

fn stopped_instances(claims: &[Claim]) -> Option<Step> {
    let stopped = stopped(claims, |thing| matches!(thing, Thing::Instance(_)));
    let what = "Nothing of these instances drifts but a public address that is no elastic IP: it is another one each morning. \
                Refer to a name or to an elastic IP instead";
    step(what, &stopped, Vec::new())
}

/// Tags alone that CloudFormation did not set it does not take off either.
fn nothing(claims: &[Claim]) -> Option<Step> {
    let stays = |claim: &&Claim| match &claim.effect {
        Effect::Stays => true,
        Effect::Drifts(_) => {
            let sizes = [Field::DesiredCount, Field::DesiredCapacity];
            stack(claim).is_some() && !sizes.iter().any(|size| drifts_by(claim, size))
        }
        Effect::Replaced | Effect::PerhapsReplaced | Effect::Refers | Effect::Stopped => false,
    };
    let staying: Vec<&Claim> = claims.iter().filter(stays).collect();
    step(
        "Nothing to do about these: they stay as they are, and CloudFormation leaves Curfew's tags on them alone",
        &staying,
        Vec::new(),
    )
}

/// How many claims there are of each claimant's kind: for a first line.
pub(super) fn counted(claims: &[Claim]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for claim in claims {
        let of = match &claim.by {
            Claimant::CloudFormation { stack, .. } => format!("CloudFormation {stack}"),
            Claimant::Terraform { file, .. } => format!("Terraform {file}"),
        };
        *counts.entry(of).or_default() += 1;
    }
    counts
}
