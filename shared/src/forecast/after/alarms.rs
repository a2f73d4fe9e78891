//! Alarms as they are after they were put again.

use crate::model::*;

/// Puts an alarm wherever it is seen.
pub(super) fn put(seen: &mut Observation, alarm: &MetricAlarm) {
    for alarms in seen.alarms.values_mut() {
        if let Seen::Ready(alarms) = alarms
            && let Some(one) = alarms.get_mut(&alarm.name)
        {
            *one = alarm.clone();
        }
    }
}
