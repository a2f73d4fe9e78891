//! Alarms as they are after they were put again.

use crate::model::*;

/// Puts an alarm wherever it is seen.
pub(super) fn put(seen: &mut Observation, alarm: &MetricAlarm) {
    let of_balancers = seen.alarms.values_mut().filter_map(|found| match found {
        Seen::Ready(alarms) => Some(alarms),
        Seen::Absent | Seen::Pending(_) | Seen::Leaving(_) | Seen::Unknown(_) => None,
    });
    let of_gateways = seen.gateway_alarms.values_mut().filter_map(|found| match found {
        Seen::Ready(found) => Some(&mut found.alarms),
        Seen::Absent | Seen::Pending(_) | Seen::Leaving(_) | Seen::Unknown(_) => None,
    });
    for one in of_balancers.chain(of_gateways).filter_map(|alarms| alarms.get_mut(&alarm.name)) {
        *one = alarm.clone();
    }
}
