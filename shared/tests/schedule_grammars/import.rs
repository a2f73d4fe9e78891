//! Foreign schedules in the native grammar.

use curfew_core::schedule::Grammar;
use expect_test::expect;

use super::imports;

#[test]
fn a_schedule_is_imported_with_what_differs() {
    expect![[r#"
        off=(m-f,19);on=(m-f,7);tz=america/los_angeles
          = Mon-Fri 07:00-19:00 America/Los_Angeles
          - Cloud Custodian acts once, in the hour that is written, and what is started or stopped by hand stays so until the next such hour; here the schedule counts all the time, and an override beats it.

        off=[(m-h,22),(f,18)];on=[(m-f,6),(u,10)];tz=etc/utc
          = Mon 00:00-22:00; Tue-Thu 06:00-22:00; Fri 06:00-18:00; Sun 10:00-24:00 Etc/UTC
          - Cloud Custodian acts once, in the hour that is written, and what is started or stopped by hand stays so until the next such hour; here the schedule counts all the time, and an override beats it.

        off=(m-u,6);on=(m-u,22);tz=america/new_york
          = Mon-Sun 22:00-06:00 America/New_York
          - Cloud Custodian acts once, in the hour that is written, and what is started or stopped by hand stays so until the next such hour; here the schedule counts all the time, and an override beats it.

        off=(f,20);on=(m,6);tz=etc/utc
          = Mon 06:00-24:00; Tue-Thu 00:00-24:00; Fri 00:00-20:00 Etc/UTC
          - Cloud Custodian acts once, in the hour that is written, and what is started or stopped by hand stays so until the next such hour; here the schedule counts all the time, and an override beats it.

        off=(m-u,7);on=(m-u,7);tz=america/new_york
          = always America/New_York
          - Cloud Custodian acts once, in the hour that is written, and what is started or stopped by hand stays so until the next such hour; here the schedule counts all the time, and an override beats it.

        off
          = always America/New_York
          - `off` alone leaves the environment as it is; no native schedule does, and `always` starts it too.

        {"fallback-schedule":"off=(m-f,19);on=(m-f,7);tz=etc/utc","skip-days":["2026-12-25"]}
          = Mon-Fri 07:00-19:00 Etc/UTC except 2026-12-25
          - Cloud Custodian acts once, in the hour that is written, and what is started or stopped by hand stays so until the next such hour; here the schedule counts all the time, and an override beats it.

        {"fallback-schedule":"off=(f,19);on=(m,7);tz=etc/utc","skip-days":["2026-12-25"]}
          = Mon 07:00-24:00; Tue-Thu 00:00-24:00; Fri 00:00-19:00 Etc/UTC except 2026-12-25
          - Cloud Custodian acts once, in the hour that is written, and what is started or stopped by hand stays so until the next such hour; here the schedule counts all the time, and an override beats it.
          - On a skipped date Cloud Custodian neither starts nor stops, and what is up stays up; here no window begins on it."#]].assert_eq(&imports(
        Grammar::Custodian,
        &[
            "off=(M-F,19);on=(M-F,7);tz=pt",
            "off=[(m-h,22),(f,18)];on=[(m-f,6),(u,10)];tz=utc",
            "off=(m-u,6);on=(m-u,22);tz=et",
            "off=(f,20);on=(m,6);tz=utc",
            "off=(m-u,7);on=(m-u,7)",
            "off",
            "{\"default_tz\": \"utc\", \"skip-days\": [\"2026-12-25\"]}",
            "{\"default_tz\": \"utc\", \"weekends-only\": true, \"skip-days\": [\"2026-12-25\"]}",
        ],
    ));
    expect![[r#"
        Mon-Fri 08:00-20:00 Europe/Berlin, Sat-Sat 10:00-12:00 UTC
          = Mon-Fri 08:00-20:00 Europe/Berlin; Sat 10:00-12:00 UTC
          - The time spec is read as an uptime; where it is a downtime, it is up when this says down.

        Mon-Fri 22:00-06:00 Europe/Berlin
          = Mon-Fri 00:00-06:00, 22:00-24:00 Europe/Berlin
          - The time spec is read as an uptime; where it is a downtime, it is up when this says down.
          - `Mon-Fri 22:00-06:00 Europe/Berlin` matches before 06:00 and from 22:00 on, on each of its days, as in the Go flavour; the Python flavour never matches it. A native `22:00-06:00` would go on into the day after.

        2018-11-04T20:00:10+00:00-2018-11-04T20:40:30+00:00, from 2030-01-01T00:00:00+00:00
          = 2018-11-04T20:00-2018-11-04T20:41; 2030-01-01T00:00-9999-01-01T00:00 UTC
          - The time spec is read as an uptime; where it is a downtime, it is up when this says down.
          - Native times are whole minutes: a range begins with its first minute and ends with its last.

        always
          = always
          - The time spec is read as an uptime; where it is a downtime, it is up when this says down.

        never
          = never
          - The time spec is read as an uptime; where it is a downtime, it is up when this says down."#]].assert_eq(&imports(
        Grammar::KubeDownscaler,
        &[
            "Mon-Fri 08:00-20:00 Europe/Berlin, Sat-Sat 10:00-12:00 UTC",
            "Mon-Fri 22:00-06:00 Europe/Berlin",
            "2018-11-04T16:00:10-04:00-2018-11-04T16:40:30-04:00, from 2030-01-01T00:00:00Z",
            "always",
            "never",
        ],
    ));
    expect![[r#"
        {"periods":[{"begintime":"09:00","endtime":"17:00","weekdays":["mon","tue","wed","thu","fri"]}],"timezone":"Europe/Berlin","enforced":true}
          = Mon-Fri 09:00-17:00 Europe/Berlin

        {"periods":[{"begintime":"10:00","weekdays":["mon","tue","wed"]}],"timezone":"UTC"}
          = Mon 10:00-24:00; Tue-Wed 00:00-24:00 UTC
          - Instance Scheduler acts at the beginning and the end of a period, and what is started or stopped by hand stays so until then; here the schedule counts all the time, and an override beats it.
          - A period with one end leaves the environment as it is before that time; here it is as it would be if nobody touched it.

        {"periods":[{"endtime":"20:00"}],"timezone":"UTC"}
          = never
          - Instance Scheduler acts at the beginning and the end of a period, and what is started or stopped by hand stays so until then; here the schedule counts all the time, and an override beats it.
          - A period with one end leaves the environment as it is before that time; here it is as it would be if nobody touched it.

        {"periods":[{"begintime":"20:00","endtime":"23:59"},{"begintime":"00:00","endtime":"06:00"}],"timezone":"UTC"}
          = Mon-Sun 20:00-06:00 UTC
          - Instance Scheduler acts at the beginning and the end of a period, and what is started or stopped by hand stays so until then; here the schedule counts all the time, and an override beats it.

        {"periods":[{"begintime":"09:00","endtime":"23:59","weekdays":["mon","friL"],"monthdays":["1","2","3","4","5","6","7","8","9","10","11","12","13","14"],"months":["1","2","3"]}],"timezone":"UTC"}
          = Jan-Mar Mon day 1-14 09:00-23:59; Jan-Mar last Fri day 1-14 09:00-23:59 UTC
          - Instance Scheduler acts at the beginning and the end of a period, and what is started or stopped by hand stays so until then; here the schedule counts all the time, and an override beats it.
          - A period that ends at 23:59 is down for a minute, also where another one goes on at 00:00.

        {"periods":[{"monthdays":["L","15W"],"instancetype":"t3.large"}],"timezone":"UTC","retain_running":true}
          = last day 00:00-24:00 UTC
          - Instance Scheduler acts at the beginning and the end of a period, and what is started or stopped by hand stays so until then; here the schedule counts all the time, and an override beats it.
          - `retain_running` is no part of a native schedule: Curfew has a setting of its own for it.
          - Instance types are left out: an environment has none.
          - The workday nearest to a day of the month (`15W`) has no native form, and is left out.

        {"periods":[{"monthdays":["15W"]}],"timezone":"UTC"}
          = never
          - Instance Scheduler acts at the beginning and the end of a period, and what is started or stopped by hand stays so until then; here the schedule counts all the time, and an override beats it.
          - The workday nearest to a day of the month (`15W`) has no native form, and is left out.

        {"timezone":"UTC","override_status":"running","hibernate":true,"stop_new_instances":false}
          = always
          - Instance Scheduler acts at the beginning and the end of a period, and what is started or stopped by hand stays so until then; here the schedule counts all the time, and an override beats it.
          - `hibernate` is left out: an environment has nothing to hibernate.
          - `stop_new_instances: false` is left out: a new environment outside its hours is stopped."#]].assert_eq(&imports(
        Grammar::InstanceScheduler,
        &[
            r#"{"begintime": "09:00", "endtime": "17:00", "weekdays": "mon-fri", "timezone": "Europe/Berlin", "enforced": true}"#,
            r#"{"begintime": "10:00", "weekdays": "mon-wed"}"#,
            r#"{"endtime": "20:00"}"#,
            r#"{"periods": [{"begintime": "20:00", "endtime": "23:59"}, {"begintime": "00:00", "endtime": "06:00"}]}"#,
            r#"{"weekdays": ["mon", "friL"], "monthdays": "1-14", "months": "jan-mar", "begintime": "09:00", "endtime": "23:59"}"#,
            r#"{"monthdays": ["15W", "L"], "retain_running": true, "instancetype": "t3.large"}"#,
            r#"{"monthdays": "15W"}"#,
            r#"{"override_status": "running", "hibernate": true, "stop_new_instances": false}"#,
        ],
    ));
}
