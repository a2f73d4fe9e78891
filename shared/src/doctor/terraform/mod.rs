//! What a Terraform state says that it manages.
//!
//! A state holds passwords. Of each resource that matters here the few attributes that tell which one it is are read, by a
//! struct of their own; everything else is passed over and never kept.

mod address;
mod managed;

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

pub use address::{Address, Key};
pub use managed::{AlarmPart, InlineRoute, Managed, ScalingPart};

/// Something a state names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands in the configuration.
    pub address: Address,
    /// Which resource of AWS it is.
    pub managed: Managed,
}

/// Why a text is not a state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidState {
    /// It is not JSON, or not of a state's form.
    #[error("this is not a Terraform state: {0}")]
    Form(String),
    /// It is of a version that is not read here.
    #[error(
        "this is a state of version {0}, and only version 4 is read, which Terraform writes since 0.12; give what `terraform show -json` prints instead"
    )]
    Version(u64),
    /// It is what `terraform show -json` prints, of a version that is not read here.
    #[error(
        "this is JSON of Terraform's format {0}, and only 0.x and 1.x are read; give what `terraform state pull` prints instead"
    )]
    Format(String),
    /// It is a plan.
    #[error("this is a plan; give the state instead: what `terraform state pull` or `terraform show -json` prints")]
    Plan,
    /// It is JSON of another kind.
    #[error(
        "this is neither a state of version 4 nor what `terraform show -json` prints; give what `terraform state pull` prints (of an encrypted one, what `tofu show -json` prints)"
    )]
    Neither,
    /// A resource is not of the form its kind has.
    #[error("{address}: {problem}")]
    Resource {
        /// Where it stands in the configuration.
        address: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// What tells the kinds of documents apart.
#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct Head {
    version: Option<u64>,
    format_version: Option<String>,
    planned_values: Option<IgnoredAny>,
    resource_changes: Option<IgnoredAny>,
}

/// A state file.
#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, default)]
    resources: Vec<Resource<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(default)]
    module: String,
    mode: Mode,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    name: String,
    #[serde(borrow, default)]
    instances: Vec<Instance<'a>>,
}

#[derive(Deserialize)]
struct Instance<'a> {
    index_key: Option<Key>,
    /// Of an object that was replaced and is still to be destroyed: it is no longer what the address stands for.
    deposed: Option<IgnoredAny>,
    #[serde(borrow)]
    attributes: Option<&'a RawValue>,
}

/// What `terraform show -json` prints.
#[derive(Deserialize)]
struct Shown<'a> {
    #[serde(borrow)]
    values: Option<ShownValues<'a>>,
}

#[derive(Deserialize)]
struct ShownValues<'a> {
    #[serde(borrow)]
    root_module: ShownModule<'a>,
}

#[derive(Deserialize)]
struct ShownModule<'a> {
    #[serde(default)]
    address: String,
    #[serde(borrow, default)]
    resources: Vec<ShownResource<'a>>,
    #[serde(borrow, default)]
    child_modules: Vec<ShownModule<'a>>,
}

#[derive(Deserialize)]
struct ShownResource<'a> {
    mode: Mode,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    name: String,
    index: Option<Key>,
    deposed_key: Option<IgnoredAny>,
    #[serde(borrow)]
    values: Option<&'a RawValue>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Managed,
    Data,
}

/// Reads a state file of version 4, or what `terraform show -json` prints; the answer is what of it may concern an
/// environment.
///
/// # Errors
/// What it is instead, and where.
pub fn read(text: &str) -> Result<Vec<Entry>, InvalidState> {
    let head: Head = parsed(text)?;
    match head {
        Head { planned_values: Some(_), .. } | Head { resource_changes: Some(_), .. } => Err(InvalidState::Plan),
        Head { version: Some(4), .. } => of_file(parsed(text)?),
        Head { version: Some(version), .. } => Err(InvalidState::Version(version)),
        Head { format_version: Some(format), .. } if format.starts_with("0.") || format.starts_with("1.") => {
            let Some(values) = parsed::<Shown<'_>>(text)?.values else { return Ok(Vec::new()) };
            let mut entries = Vec::new();
            of_module(&values.root_module, &mut entries)?;
            Ok(entries)
        }
        Head { format_version: Some(format), .. } => Err(InvalidState::Format(format)),
        Head { version: None, format_version: None, .. } => Err(InvalidState::Neither),
    }
}

fn parsed<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, InvalidState> {
    serde_json::from_str(text).map_err(|error| InvalidState::Form(error.to_string()))
}

fn of_file(file: File<'_>) -> Result<Vec<Entry>, InvalidState> {
    let mut entries = Vec::new();
    for resource in file.resources {
        let alive = resource.instances.into_iter().filter(|one| one.deposed.is_none());
        for Instance { index_key, attributes, .. } in alive {
            let address = Address {
                module: resource.module.clone(),
                kind: resource.kind.to_string(),
                name: resource.name.clone(),
                key: index_key,
            };
            entries.extend(entry(resource.mode, address, attributes)?);
        }
    }
    Ok(entries)
}

fn of_module(module: &ShownModule<'_>, entries: &mut Vec<Entry>) -> Result<(), InvalidState> {
    for resource in module.resources.iter().filter(|one| one.deposed_key.is_none()) {
        let address = Address {
            module: module.address.clone(),
            kind: resource.kind.to_string(),
            name: resource.name.clone(),
            key: resource.index.clone(),
        };
        entries.extend(entry(resource.mode, address, resource.values)?);
    }
    module.child_modules.iter().try_for_each(|child| of_module(child, entries))
}

/// What may concern an environment. What is only read there is managed by nobody there.
fn entry(mode: Mode, address: Address, attributes: Option<&RawValue>) -> Result<Option<Entry>, InvalidState> {
    let (Mode::Managed, Some(attributes)) = (mode, attributes) else { return Ok(None) };
    match managed::read(&address.kind, attributes) {
        Ok(managed) => Ok(managed.map(|managed| Entry { address, managed })),
        Err(error) => Err(InvalidState::Resource { address: address.to_string(), problem: error.to_string() }),
    }
}
