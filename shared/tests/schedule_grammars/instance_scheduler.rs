//! Instance Scheduler's periods.

use curfew_core::schedule::Grammar;
use expect_test::{Expect, expect};

use super::{errors, shows};

#[test]
fn periods_are_read_in_every_spelling() {
    let shows = |text, from, count, expected: Expect| shows(Grammar::InstanceScheduler, text, from, count, &expected);
    let cli = r#"{"Schedules": [{"Name": "office", "Periods": ["hours@t3.large"], "Timezone": "Europe/Berlin"}],
                  "Periods": [{"Name": "hours", "Begintime": "9:00", "Endtime": "17:00", "Weekdays": ["mon-fri"]}]}"#;
    shows(
        cli,
        "2026-11-20T12:00:00Z",
        2,
        expect![[r#"
        {"name":"office","periods":[{"name":"hours","begintime":"09:00","endtime":"17:00","weekdays":["mon","tue","wed","thu","fri"],"instancetype":"t3.large"}],"timezone":"Europe/Berlin"}
        up
        Fri 2026-11-20 17:00 +01:00 down
        Mon 2026-11-23 09:00 +01:00 up"#]],
    );
    // JSON writes what is beyond 65536 as two escapes; DynamoDB and the SDKs do.
    shows(
        r#"{"name": "\ud83d\ude00 office", "begintime": "09:00", "endtime": "17:00"}"#,
        "2026-11-20T12:00:00Z",
        1,
        expect![[r#"
            {"name":"😀 office","periods":[{"name":"😀 office","begintime":"09:00","endtime":"17:00"}],"timezone":"UTC"}
            up
            Fri 2026-11-20 17:00 +00:00 down"#]],
    );
    let table = r#"[{"type": {"S": "schedule"}, "name": {"S": "s"}, "periods": {"SS": ["p"]}, "timezone": {"S": "Asia/Tokyo"},
                     "enforced": {"BOOL": true}}, {"type": {"S": "period"}, "name": {"S": "p"}, "begintime": {"S": "09:00"}}]"#;
    shows(
        table,
        "2026-11-20T12:00:00Z",
        2,
        expect![[r#"
        {"name":"s","periods":[{"name":"p","begintime":"09:00"}],"timezone":"Asia/Tokyo","enforced":true}
        up
        Sat 2026-11-21 00:00 +09:00 leave
        Sat 2026-11-21 09:00 +09:00 up"#]],
    );
    let resource = "
SampleSchedule:
  Type: 'Custom::ServiceInstanceSchedule'
  Properties:
    ServiceToken: !Ref Token
    Timezone: America/New_York
    RetainRunning: 'True'
    Periods:
    - Description: the first three days of March
      BeginTime: '9:00'
      EndTime: '17:00'
      InstanceType: 't2.micro'
      MonthDays: '1-3'
      Months: '3'
";
    shows(
        resource,
        "2026-11-20T12:00:00Z",
        2,
        expect![[r#"
        {"periods":[{"begintime":"09:00","endtime":"17:00","monthdays":["1","2","3"],"months":["3"],"instancetype":"t2.micro"}],"timezone":"America/New_York","retain_running":true}
        down
        Mon 2027-03-01 09:00 -05:00 up
        Mon 2027-03-01 17:00 -05:00 down"#]],
    );
    shows(
        r#"{"weekdays": null}"#,
        "2026-11-20T12:00:00Z",
        2,
        expect![[r#"
        {"periods":[{"weekdays":["*"]}],"timezone":"UTC"}
        up
        for good"#]],
    );
    shows(
        r#"{"override_status": "StoPped"}"#,
        "2026-11-20T12:00:00Z",
        2,
        expect![[r#"
        {"timezone":"UTC","override_status":"stopped"}
        down
        for good"#]],
    );
}

#[test]
fn periods_leave_bridge_and_recur() {
    let shows = |text, from, count, expected: Expect| shows(Grammar::InstanceScheduler, text, from, count, &expected);
    shows(
        r#"{"begintime": "10:00", "weekdays": "mon-tue"}"#,
        "2026-11-22T12:00:00Z",
        5,
        expect![[r#"
        {"periods":[{"begintime":"10:00","weekdays":["mon","tue"]}],"timezone":"UTC"}
        down
        Mon 2026-11-23 00:00 +00:00 leave
        Mon 2026-11-23 10:00 +00:00 up
        Tue 2026-11-24 00:00 +00:00 leave
        Tue 2026-11-24 10:00 +00:00 up
        Wed 2026-11-25 00:00 +00:00 down"#]],
    );
    shows(
        r#"{"endtime": "20:00", "weekdays": "mon"}"#,
        "2026-11-22T12:00:00Z",
        3,
        expect![[r#"
        {"periods":[{"endtime":"20:00","weekdays":["mon"]}],"timezone":"UTC"}
        down
        Mon 2026-11-23 00:00 +00:00 leave
        Mon 2026-11-23 20:00 +00:00 down
        Mon 2026-11-30 00:00 +00:00 leave"#]],
    );
    // A minute between two periods is none, two minutes are two; one period has no other one.
    let bridged =
        r#"{"periods": [{"begintime": "05:00", "endtime": "23:59"}, {"begintime": "00:00", "endtime": "03:00"}]}"#;
    shows(
        bridged,
        "2026-11-22T12:00:00Z",
        3,
        expect![[r#"
        {"periods":[{"begintime":"05:00","endtime":"23:59"},{"begintime":"00:00","endtime":"03:00"}],"timezone":"UTC"}
        up
        Mon 2026-11-23 03:00 +00:00 down
        Mon 2026-11-23 05:00 +00:00 up
        Tue 2026-11-24 03:00 +00:00 down"#]],
    );
    let apart =
        r#"{"periods": [{"begintime": "05:00", "endtime": "12:00"}, {"begintime": "12:02", "endtime": "15:00"}]}"#;
    shows(
        apart,
        "2026-11-22T04:00:00Z",
        4,
        expect![[r#"
        {"periods":[{"begintime":"05:00","endtime":"12:00"},{"begintime":"12:02","endtime":"15:00"}],"timezone":"UTC"}
        down
        Sun 2026-11-22 05:00 +00:00 up
        Sun 2026-11-22 12:00 +00:00 down
        Sun 2026-11-22 12:02 +00:00 up
        Sun 2026-11-22 15:00 +00:00 down"#]],
    );
    shows(
        r#"{"begintime": "00:00", "endtime": "23:59"}"#,
        "2026-11-22T12:00:00Z",
        2,
        expect![[r#"
        {"periods":[{"begintime":"00:00","endtime":"23:59"}],"timezone":"UTC"}
        up
        Sun 2026-11-22 23:59 +00:00 down
        Mon 2026-11-23 00:00 +00:00 up"#]],
    );
    shows(
        r#"{"weekdays": ["tue#5", "friL"]}"#,
        "2026-11-22T12:00:00Z",
        4,
        expect![[r#"
        {"periods":[{"weekdays":["tue#5","friL"]}],"timezone":"UTC"}
        down
        Fri 2026-11-27 00:00 +00:00 up
        Sat 2026-11-28 00:00 +00:00 down
        Fri 2026-12-25 00:00 +00:00 up
        Sat 2026-12-26 00:00 +00:00 down"#]],
    );
    shows(
        r#"{"monthdays": ["1W", "30W"], "months": "apr-may/1"}"#,
        "2023-03-22T12:00:00Z",
        8,
        expect![[r#"
        {"periods":[{"monthdays":["1W","30W"],"months":["4","5"]}],"timezone":"UTC"}
        down
        Mon 2023-04-03 00:00 +00:00 up
        Tue 2023-04-04 00:00 +00:00 down
        Fri 2023-04-28 00:00 +00:00 up
        Sat 2023-04-29 00:00 +00:00 down
        Mon 2023-05-01 00:00 +00:00 up
        Tue 2023-05-02 00:00 +00:00 down
        Tue 2023-05-30 00:00 +00:00 up
        Wed 2023-05-31 00:00 +00:00 down"#]],
    );
    shows(
        r#"{"monthdays": "29-L", "months": "feb"}"#,
        "2026-11-22T12:00:00Z",
        3,
        expect![[r#"
        {"periods":[{"monthdays":["29","30","31"],"months":["2"]}],"timezone":"UTC"}
        down
        Tue 2028-02-29 00:00 +00:00 up
        Wed 2028-03-01 00:00 +00:00 down
        Sun 2032-02-29 00:00 +00:00 up"#]],
    );
    shows(
        r#"{"monthdays": "30", "months": "feb"}"#,
        "2026-11-22T12:00:00Z",
        1,
        expect![[r#"
        {"periods":[{"monthdays":["30"],"months":["2"]}],"timezone":"UTC"}
        down
        for good"#]],
    );
    shows(
        r#"{"weekdays": "5-1/2", "months": ["nov-feb/2", "7"]}"#,
        "2026-11-22T12:00:00Z",
        4,
        expect![[r#"
        {"periods":[{"weekdays":["mon","sat"],"months":["1","7","11"]}],"timezone":"UTC"}
        down
        Mon 2026-11-23 00:00 +00:00 up
        Tue 2026-11-24 00:00 +00:00 down
        Sat 2026-11-28 00:00 +00:00 up
        Sun 2026-11-29 00:00 +00:00 down"#]],
    );
}

#[test]
fn what_is_wrong_with_a_period_is_shown_where_it_stands() {
    let errors = errors(
        Grammar::InstanceScheduler,
        &[
            "5",
            "{",
            "a: [",
            "{}",
            r#"{"name": "", "begintime": "09:00"}"#,
            r#"{"name": "p"}"#,
            r#"{"periods": []}"#,
            r#"{"periods": ["office"]}"#,
            r#"{"periods": [{"name": "p"}]}"#,
            r#"{"begintime": "10:00", "endtime": "5:00"}"#,
            r#"{"begintime": "12:00", "endtime": "00:00"}"#,
            r#"{"begintime": "00:00", "endtime": "00:00"}"#,
            r#"{"begintime": "09:00", "endtime": "9:00"}"#,
            r#"{"begintime": "24:00"}"#,
            r#"{"begintime": 900}"#,
            r#"{"begintime": ""}"#,
            r#"{"begintime": "09:00", "BeginTime": "10:00"}"#,
            r#"{"begin": "09:00"}"#,
            r#"{"periods": [{"begintime": "09:00", "timezone": "UTC"}]}"#,
            r#"{"begintime": "09:00", "timezone": "fake-timezone"}"#,
            r#"{"begintime": "09:00", "override_status": "on"}"#,
            r#"{"begintime": "09:00", "enforced": "yes"}"#,
            r#"{"ssm_maintenance_window": "mine"}"#,
            r#"{"schedules": [{"override_status": "running"}, {"override_status": "running"}]}"#,
            r#"{"weekdays": []}"#,
            r#"{"weekdays": ["mon", "5-7"]}"#,
            r#"{"weekdays": "wensday"}"#,
            r#"{"weekdays": "3-L"}"#,
            r#"{"weekdays": "L-2"}"#,
            r#"{"weekdays": "Mon#6"}"#,
            r#"{"weekdays": "15W"}"#,
            r#"{"weekdays": "-1"}"#,
            r#"{"monthdays": "20-15"}"#,
            r#"{"monthdays": "32W"}"#,
            r#"{"monthdays": "2W-15"}"#,
            r#"{"monthdays": "*/2"}"#,
            r#"{"monthdays": "1/0"}"#,
            r#"{"months": "L"}"#,
            r#"{"months": "3-L"}"#,
            r#"{"months": ""}"#,
            r#"{"months": "jan,befruary"}"#,
        ],
    );
    expect![[r#"
        an object is wanted: a schedule, or a period
          schedule: 5
                    ^

        this is not YAML: while parsing a node, did not find expected node content
          {
           ^

        this is not YAML: while parsing a node, did not find expected node content
          a: [
              ^

        one of begintime, endtime, weekdays, monthdays, months, periods or override_status is wanted
          schedule: {}
                    ^^

        a name is wanted, or no such field
          name: ""
                ^^

        one of begintime, endtime, weekdays, monthdays, months, periods or override_status is wanted
          schedule: {"name":"p"}
                    ^^^^^^^^^^^^

        one of begintime, endtime, weekdays, monthdays, months, periods or override_status is wanted
          schedule: {"periods":[]}
                    ^^^^^^^^^^^^^^

        this period is not here; its own fields have to stand here too, under `periods`
          periods: office
                   ^^^^^^

        one of begintime, endtime, weekdays, monthdays, months is wanted
          periods[0]: {"name":"p"}
                      ^^^^^^^^^^^^

        this is before the period begins, at 10:00; a night is two periods, from 10:00 to 23:59 and from 00:00 to 5:00
          endtime: 5:00
                   ^^^^

        00:00 is where a day begins; its last time here is 23:59; did you mean `23:59`?
          endtime: 00:00
                   ^^^^^

        a period that ends when it begins never runs; without both times it is the whole day
          endtime: 00:00
                   ^^^^^

        a period that ends when it begins never runs
          endtime: 9:00
                   ^^^^

        a time from 00:00 to 23:59 is wanted
          begintime: 24:00
                     ^^^^^

        a text is wanted, in quotes
          begintime: 900
                     ^^^

        a time is wanted, or no such field
          begintime: ""
                     ^^

        this field stands here twice
          BeginTime: "10:00"
                     ^^^^^^^

        `begin` is not a field here; those are name, description, timezone, periods, override_status, retain_running, enforced, hibernate, stop_new_instances, use_maintenance_window, ssm_maintenance_window, begintime, endtime, weekdays, monthdays, months, instancetype, overwrite
          begin: "09:00"
                 ^^^^^^^

        `timezone` is not a field here; those are name, description, begintime, endtime, weekdays, monthdays, months, instancetype
          periods[0].timezone: "UTC"
                               ^^^^^

        this is no zone of the IANA database (`Europe/Berlin`)
          timezone: fake-timezone
                    ^^^^^^^^^^^^^

        `running` or `stopped` is wanted
          override_status: on
                           ^^

        true or false is wanted
          enforced: "yes"
                    ^^^^^

        the times of SSM maintenance windows are not known here: periods are wanted
          schedule: {"ssm_maintenance_window":"mine"}
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

        one schedule is wanted, and there are 2
          schedules: [{"override_status":"running"},{"override_status":"running"}…
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

        this list is empty; leave the field out if all is meant
          weekdays: []
                    ^^

        a day of the week is wanted: 0 (Monday) to 6, `mon`, or `monday`
          weekdays: 5-7
                      ^

        a day of the week is wanted: 0 (Monday) to 6, `mon`, or `monday`
          weekdays: wensday
                    ^^^^^^^

        only days of the month go up to `L`
          weekdays: 3-L
                      ^

        a range does not begin with `L`
          weekdays: L-2
                    ^

        which of the month's is wanted: 1 to 5, or `L` instead of `#` for the last
          weekdays: Mon#6
                        ^

        a day of the week is wanted: 0 (Monday) to 6, `mon`, or `monday`
          weekdays: 15W
                    ^^^

        a day of the week is wanted: 0 (Monday) to 6, `mon`, or `monday`
          weekdays: -1
                    ^^

        days of the month do not go over the month's end; did you mean `20-L,1-15`?
          monthdays: 20-15
                     ^^^^^

        a day of the month is wanted: 1 to 31, or `L` for the last
          monthdays: 32W
                     ^^

        a day of the month is wanted: 1 to 31, or `L` for the last
          monthdays: 2W-15
                     ^^

        a step begins at a number or a name; did you mean `1/2`?
          monthdays: */2
                     ^

        a step from 1 to 31 is wanted
          monthdays: 1/0
                       ^

        there is no `L` for months; did you mean `12`?
          months: L
                  ^

        only days of the month go up to `L`
          months: 3-L
                    ^

        a month is wanted: 1 to 12, `jan`, or `january`
          months:
                  ^

        a month is wanted: 1 to 12, `jan`, or `january`
          months: jan,befruary
                      ^^^^^^^^"#]].assert_eq(&errors);
}
