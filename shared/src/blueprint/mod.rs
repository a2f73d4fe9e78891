//! The blueprint: what a person declares, read from YAML or JSON, with everything that is wrong said at once.

mod calendar;
mod check;
pub(crate) mod document;
mod entries;
mod limits;
mod order;
mod problems;
mod source;
mod vpc_endpoints;
mod warnings;

use crate::lead::Lead;
use crate::model::*;
use crate::schedule::{Holidays, Schedule};
use document::Document;

pub use calendar::named_calendar;
pub use document::VERSION;
pub use entries::{Entries, Key};
pub use problems::{Problem, Problems};
pub use source::Source;
pub use warnings::warnings;

/// The declared runtime tier of an environment, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    /// The environment.
    pub environment: EnvironmentName,
    /// Where it is.
    pub region: Region,
    /// When it should be up.
    pub schedule: Schedule,
    /// How much earlier than its windows it is started.
    pub lead: Lead,
    /// Whether what a person started before a window stays up after the window's end.
    pub retain: bool,
    /// The calendar that the schedule's `except holidays` means.
    pub holidays: Option<Holidays>,
    /// The ECS cluster, which is base tier and carries the override.
    pub cluster: ClusterName,
    /// On everything Curfew creates.
    pub tags: Tags,
    /// What comes and goes.
    pub tier: RuntimeTier,
}

impl Blueprint {
    /// Reads a blueprint from YAML or JSON.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its field and its line.
    pub fn parse(text: &str) -> Result<Self, Problems> {
        Self::parse_with(text, None)
    }

    /// The same, with the text of the calendar that [`named_calendar`] says it names.
    ///
    /// # Errors
    /// Everything that is wrong with it or with the calendar.
    pub fn parse_with(text: &str, calendar: Option<&str>) -> Result<Self, Problems> {
        let source = Source::parse(text)?;
        let (mut problems, when) = check::unshaped(&source.value, calendar);
        let document: Result<Document, Problems> = deserr::deserialize(source.value.clone());
        problems.0.extend(match &document {
            Ok(document) => check::check(document).0,
            Err(shape) => shape.0.clone(),
        });
        let problems = source.located(problems);
        let (Ok(document), Some((schedule, holidays)), []) = (document, when, &problems.0[..]) else {
            return Err(problems);
        };
        let tags = document.tags.clone();
        Ok(Self {
            environment: document.environment.clone(),
            region: document.region.clone(),
            schedule,
            lead: document.lead,
            retain: document.retain,
            holidays,
            cluster: document.cluster.clone(),
            tags: tags.clone(),
            tier: document.into_tier().with_tags(&tags),
        })
    }
}
