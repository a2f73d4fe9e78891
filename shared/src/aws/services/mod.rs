//! ECS services and their tasks.

mod definition;
mod observe;
mod perform;
mod unsupported;

pub(super) use observe::look;
pub(super) use perform::{NewService, create, delete, update};
