//! Curfew's core: what an environment should be now, and the next step towards it.
//!
//! ```text
//!       schedule  overrides  command            blueprint  recording
//!           \         |         /                     \      /
//!   now ──>  decide (pure) ──> Decision        merge (pure) ──> RuntimeTier
//!                                  \                /
//!   AWS ──> observe ──> Observation ──> next (pure) ──> Step ──> perform ──> AWS
//!               ^                                                   |
//!               └────────── until Done, Blocked or out of time ─────┘
//! ```
//!
//! An **environment** is one deployment of an application. Its **base tier** persists; its **runtime tier**
//! ([`model::RuntimeTier`]) comes and goes. The **blueprint** ([`blueprint::Blueprint`]) declares the runtime tier, the
//! **recording** ([`recording::Recording`]) remembers what it really was in the evening, and [`merge::merge`] makes the
//! tier of the next morning out of both. [`decide::decide`] says what the environment should be, and why;
//! [`next::next`] says which actions are possible and needed right now; [`run::run`] performs them and looks again.
//! No plan is stored anywhere: after a crash the next run observes and goes on. [`forecast::forecast`] rolls the same
//! `next` forward over a pure model of AWS, so a preview is the execution, foreseen.
//!
//! The core reads no clock, no environment variable and no randomness, and sees AWS through [`ports`] alone. The
//! adapters behind them (`aws`, with the feature of that name) decide nothing.
//!
//! # Example
//!
//! On a Saturday an environment that nobody has started is down, and there is nothing to do.
//!
//! ```
//! use curfew_core::blueprint::Blueprint;
//! use curfew_core::decide::{Verdict, decide};
//! use curfew_core::model::*;
//! use curfew_core::next::{Step, next};
//! use curfew_core::overrides::Overrides;
//!
//! let blueprint = Blueprint::parse("
//! version: 1
//! environment: dev
//! region: us-west-2
//! schedule: Mon-Fri 08:00-20:00 America/New_York
//! cluster: dev-cluster
//! addresses: { egress: {} }
//! natGateways: { egress: { subnet: subnet-0a1b2c3d, address: egress } }
//! ")?;
//! let saturday = "2026-11-21T12:00:00Z".parse()?;
//! let timetable = (&blueprint.schedule).into();
//! let decision = decide(saturday, &timetable, &Overrides::default(), None);
//! assert_eq!(decision.verdict, Verdict::Be(Target::Down));
//!
//! let mut seen = Observation::default();
//! seen.addresses.insert("egress".parse()?, Seen::Absent);
//! seen.nat_gateways.insert("egress".parse()?, Seen::Absent);
//! assert_eq!(next(&blueprint.environment, &blueprint.tier, &seen, Target::Down), Step::Done);
//!
//! // On Monday morning, the address comes first: the NAT gateway needs it.
//! let Step::Act(actions) = next(&blueprint.environment, &blueprint.tier, &seen, Target::Up) else { panic!() };
//! assert_eq!(actions[0].to_string(), "AllocateAddress address egress");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod alarms;
#[cfg(feature = "aws")]
pub mod aws;
pub mod blueprint;
pub mod budget;
pub mod capture;
pub mod changes;
pub mod decide;
pub mod doctor;
pub mod documents;
pub mod entrances;
pub mod forecast;
pub mod kept_up;
pub mod lead;
pub mod ledger;
pub mod limits;
pub mod mentions;
pub mod merge;
pub mod model;
pub mod money;
pub mod next;
pub mod notify;
pub mod outlook;
pub mod overrides;
pub mod placing;
pub mod ports;
pub mod recording;
pub mod recover;
pub mod report;
pub mod retain;
pub mod run;
pub mod safety;
pub mod schedule;
pub mod state;
pub mod status;
pub mod stored;
pub mod timetable;
mod yaml;
pub mod zone_update;
pub mod zones;
