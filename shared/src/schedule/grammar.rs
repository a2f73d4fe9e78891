//! The grammars that schedules are written in, and how they are told apart.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::custodian::{self, Custodian};
use super::instance_scheduler::{self, InstanceScheduler};
use super::kube_downscaler;
use super::native::Native;
use super::{Defaults, Form, InvalidSchedule, Schedule};
use crate::zones::Zone;

/// A grammar that schedules are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grammar {
    /// Curfew's own: `Mon-Fri 08:00-20:00 America/New_York`.
    Native,
    /// Cloud Custodian's off-hours tags: `off=(M-F,19);on=(M-F,7);tz=pt`; also a policy, as an object.
    Custodian,
    /// kube-downscaler's time specs, of the Python and the Go flavour, read as uptimes.
    KubeDownscaler,
    /// Instance Scheduler on AWS: a schedule with its periods, as an object or as JSON or YAML text.
    InstanceScheduler,
}

/// A schedule as it is written: a text, or an object.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A text of any grammar.
    Text(&'a str),
    /// A value that was read from JSON or YAML; a text among them is that text.
    Value(&'a Value),
}

/// Longer texts are no schedules that a person wrote.
const LONGEST_TEXT: usize = 4 * 1024;

/// Documents may be longer.
const LONGEST_DOCUMENT: usize = 64 * 1024;

impl Grammar {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Native, Self::Custodian, Self::KubeDownscaler, Self::InstanceScheduler];

    /// Its name: `native`, `custodian`, `kube-downscaler`, `instance-scheduler`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Custodian => "custodian",
            Self::KubeDownscaler => "kube-downscaler",
            Self::InstanceScheduler => "instance-scheduler",
        }
    }

    /// The zone that a name means where it is given beside a schedule of this grammar: Custodian's short names are names too.
    pub fn zone(self, name: &str) -> Option<Zone> {
        match self {
            Self::Custodian => custodian::zone(name),
            Self::Native | Self::KubeDownscaler | Self::InstanceScheduler => Zone::named(name),
        }
    }

    /// The grammar that a schedule looks like. What two grammars share is native: `Mon-Fri 22:00-06:00 Europe/Berlin` is
    /// a time spec only where that grammar is named.
    pub fn of<'a>(source: impl Into<Source<'a>>) -> Self {
        match source.into().plain() {
            Source::Value(Value::Object(object)) if custodian::is_policy(object) => Self::Custodian,
            Source::Value(_) => Self::InstanceScheduler,
            Source::Text(text) if looks_like_a_document(text) => match instance_scheduler::value(text) {
                Ok(Value::Object(object)) if custodian::is_policy(&object) => Self::Custodian,
                Ok(_) | Err(_) => Self::InstanceScheduler,
            },
            Source::Text(text) if custodian::plain(text).contains('=') => Self::Custodian,
            Source::Text(text) if kube_downscaler::is_only_here(text) => Self::KubeDownscaler,
            Source::Text(_) => Self::Native,
        }
    }
}

/// JSON, or lines such as `periods:`.
fn looks_like_a_document(text: &str) -> bool {
    let text = text.trim_start();
    let key = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-\"'".contains(c));
    text.starts_with(['{', '-', '#']) || key.len() < text.len() && (key.starts_with(": ") || key.starts_with(":\n"))
}

impl<'a> Source<'a> {
    /// A text that is a value, as a text.
    fn plain(self) -> Self {
        match self {
            Self::Value(Value::String(text)) => Self::Text(text),
            Self::Text(_) | Self::Value(_) => self,
        }
    }

    fn text(self, grammar: Grammar) -> Result<&'a str, InvalidSchedule> {
        match self.plain() {
            Self::Text(text) if text.len() <= LONGEST_TEXT => Ok(text),
            Self::Text(text) => Err(too_long(text, LONGEST_TEXT)),
            Self::Value(value) => {
                let text = value.to_string();
                let message = format!("a text is wanted in the grammar `{grammar}`");
                Err(InvalidSchedule::new(&text, 0..text.len(), message))
            }
        }
    }
}

fn too_long(text: &str, longest: usize) -> InvalidSchedule {
    InvalidSchedule::new(text, longest..longest, format!("a schedule has at most {longest} bytes"))
}

impl Schedule {
    /// Reads a schedule, in the grammar that it is said or looks to be in ([`Grammar::of`]). What has no zone of its own
    /// is in the given one; without one, each grammar's own default counts, or a zone is wanted.
    ///
    /// # Errors
    /// What is wrong, where, and what may be meant. What the tool whose grammar it is would skip or misread without a
    /// word is an error as well.
    pub fn parse<'a>(
        source: impl Into<Source<'a>>,
        grammar: Option<Grammar>,
        zone: Option<Zone>,
    ) -> Result<Self, InvalidSchedule> {
        Self::parse_as(source, grammar, &Defaults { zone, holidays: None })
    }

    /// The same, with the calendar of holidays that a native schedule may mean.
    ///
    /// # Errors
    /// As [`Schedule::parse`].
    pub fn parse_as<'a>(
        source: impl Into<Source<'a>>,
        grammar: Option<Grammar>,
        defaults: &Defaults<'_>,
    ) -> Result<Self, InvalidSchedule> {
        let source = source.into().plain();
        let grammar = grammar.unwrap_or_else(|| Grammar::of(source));
        let form = Self::form(source, grammar, defaults).map_err(|error| {
            // A text with two mistakes would be answered with one that has the other.
            let meant = error.suggestion().map(str::to_owned);
            error.suggest(meant.filter(|text| Self::form(Source::Text(text), grammar, defaults).is_ok()))
        })?;
        Ok(Self { form })
    }

    fn form(source: Source<'_>, grammar: Grammar, defaults: &Defaults<'_>) -> Result<Form, InvalidSchedule> {
        let zone = defaults.zone;
        Ok(match grammar {
            Grammar::Native => Form::Native(Native::parse(source.text(Grammar::Native)?, defaults)?),
            Grammar::Custodian => Form::Custodian(self::custodian(source, zone)?),
            Grammar::KubeDownscaler => {
                Form::KubeDownscaler(kube_downscaler::parse(source.text(Grammar::KubeDownscaler)?, zone)?)
            }
            Grammar::InstanceScheduler => Form::InstanceScheduler(self::instance_scheduler(source, zone)?),
        })
    }

    /// The grammar it is written in.
    pub fn grammar(&self) -> Grammar {
        match &self.form {
            Form::Native(_) => Grammar::Native,
            Form::Custodian(_) => Grammar::Custodian,
            Form::KubeDownscaler(_) => Grammar::KubeDownscaler,
            Form::InstanceScheduler(_) => Grammar::InstanceScheduler,
        }
    }
}

fn custodian(source: Source<'_>, zone: Option<Zone>) -> Result<Custodian, InvalidSchedule> {
    match source {
        Source::Value(Value::Object(object)) => custodian::policy(object, zone),
        Source::Text(text) if text.trim_start().starts_with('{') => match document(text)? {
            Value::Object(object) => custodian::policy(&object, zone),
            _ => custodian::tag(text, zone),
        },
        Source::Text(_) | Source::Value(_) => custodian::tag(source.text(Grammar::Custodian)?, zone),
    }
}

fn instance_scheduler(source: Source<'_>, zone: Option<Zone>) -> Result<InstanceScheduler, InvalidSchedule> {
    match source {
        Source::Value(value) => instance_scheduler::read(value, zone),
        Source::Text(text) => instance_scheduler::read(&document(text)?, zone),
    }
}

fn document(text: &str) -> Result<Value, InvalidSchedule> {
    match text.len() <= LONGEST_DOCUMENT {
        true => instance_scheduler::value(text),
        false => Err(too_long(text, LONGEST_DOCUMENT)),
    }
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Value> for Source<'a> {
    fn from(value: &'a Value) -> Self {
        Self::Value(value)
    }
}

impl fmt::Display for Grammar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no grammar's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a grammar; they are native, custodian, kube-downscaler and instance-scheduler")]
pub struct UnknownGrammar(pub String);

impl FromStr for Grammar {
    type Err = UnknownGrammar;

    fn from_str(name: &str) -> Result<Self, UnknownGrammar> {
        let found = Self::ALL.into_iter().find(|grammar| grammar.name() == name);
        found.ok_or_else(|| UnknownGrammar(name.to_owned()))
    }
}
