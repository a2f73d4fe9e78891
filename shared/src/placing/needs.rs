//! What the next morning would not find, by what was asked for.

use crate::model::*;

/// What has to be asked for. A target group that was seen by day is there; what IAM has of certificates is not looked at.
///
/// AWS lets nobody delete a target group that is in use: of one that is gone nothing stands that could not come back.
pub fn open_needs(tier: &RuntimeTier, known: &Observation) -> Needs {
    let gone = known.missing_base();
    let is_gone = |arn: &TargetGroupArn| gone.contains(&BaseResource::TargetGroup(arn.clone()));
    let is_open = |needed: &Needed| match needed {
        Needed::TargetGroup(arn) => known.targets.get(arn).and_then(Seen::present).is_none() && !is_gone(arn),
        Needed::Certificate(arn) => arn.is_of_acm(),
        Needed::TlsPolicy(_) | Needed::Subnet(_) | Needed::SecurityGroup(_) => true,
    };
    tier.needs().into_iter().filter(|(needed, _)| is_open(needed)).collect()
}

/// Those that are missing or unfit.
pub fn lacking(needs: Needs, mut judge: impl FnMut(&Needed) -> Option<Shortcoming>) -> Seen<Vec<Lack>> {
    let lack = |(needed, needed_by)| Some(Lack { shortcoming: judge(&needed)?, needed, needed_by });
    let lacks: Vec<Lack> = needs.into_iter().filter_map(lack).collect();
    if lacks.is_empty() { Seen::Absent } else { Seen::Ready(lacks) }
}
