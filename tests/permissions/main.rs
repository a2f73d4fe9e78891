//! Permissions that are exactly right: what IAM would be asked for in all that is played here is allowed to the function
//! that asks, what a role allows is asked for, and what is not the environment's own is denied.
//!
//! The policies are those of `template.yaml`, transformed and with its references resolved; the emulator notes what IAM would
//! be asked with the tags of that moment; iam-simulate evaluates.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

mod bounds;
mod conditions;
mod evaluator;
mod page;
mod policies;
mod reasons;
mod recorded;
mod scenarios;
mod settings;
mod table;
