//! Databases of the VPC. Whoever else uses one is seen nowhere, so each is named for a person to judge.

use super::residents::residents;
use super::{LeftOut, View};
use crate::capture::found::Database;

pub(super) fn databases<'a>(view: View<'a>, left_out: &mut Vec<LeftOut>) -> Vec<&'a Database> {
    residents(view, &view.found.databases, left_out, |_| None)
}
