//! Where the real functions and the real command play against a strict emulator of AWS.
//!
//! * [`Emulator`]: `tests/emulator/serve`, with the base tier of an example laid and read by boto3, not by the
//!   adapters under test.
//! * [`Proxy`]: between the SDK and the emulator; it counts the calls, answers with faults, and cuts.
//! * [`Function`]: a real bootstrap, served by a small Lambda Runtime API.
//! * [`Stage`]: all of them together, for one environment.

mod authorization;
mod call;
mod emulator;
mod fault;
mod function;
mod lambda_api;
mod proxy;
mod reader;
mod runtime_api;
mod stage;

pub use authorization::Authorization;
pub use call::{Call, Kind};
pub use emulator::{Difference, Emulator, Laid, Reading};
pub use fault::{Fault, Trap};
pub use function::{Function, Invoked, binary};
pub use lambda_api::LambdaApi;
pub use proxy::Proxy;
pub use runtime_api::{Answer, RuntimeApi};
pub use stage::{Stage, StageError};
