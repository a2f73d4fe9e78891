//! What the next morning would not find, by what was asked for.

use crate::model::*;

/// What has to be asked for. A target group that was seen by day is there; what IAM has of certificates is not looked at.
pub fn open_needs(tier: &RuntimeTier, known: &Observation) -> Needs {
    let is_open = |needed: &Needed| match needed {
        Needed::TargetGroup(arn) => known.targets.get(arn).and_then(Seen::present).is_none(),
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
