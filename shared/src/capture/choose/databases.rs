//! Databases of the VPC. Whoever else uses one is seen nowhere, so each is named for a person to judge.

use super::{Elsewhere, LeftOut, LeftOutKind, View};
use crate::capture::found::Database;

pub(super) fn databases<'a>(view: View<'a>, left_out: &mut Vec<LeftOut>) -> Vec<&'a Database> {
    let mut chosen = Vec::new();
    for one in &view.found.databases {
        let resource = format!("database {}", one.id);
        if one.vpc.as_ref() == Some(&view.place.vpc) {
            match view.stranger(&resource, &one.tags) {
                Some(why) => left_out.push(why),
                None => chosen.push(one),
            }
        } else if matches!(view.elsewhere(&one.tags), Elsewhere::Told) {
            let problem = match &one.vpc {
                Some(vpc) => format!("is in {vpc}, not in {}", view.place.vpc),
                None => "has no instances that would say which VPC it is in".to_owned(),
            };
            left_out.push(LeftOut::new(LeftOutKind::ForeignVpc, resource, problem));
        }
    }
    chosen
}
