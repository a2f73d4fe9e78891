//! The grammars of other tools: what they mean, what is wrong with them, and what they are in the native grammar.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, Utc};
use curfew_core::schedule::{Grammar, Schedule};
use expect_test::{Expect, expect};

fn parse(grammar: Option<Grammar>, text: &str) -> Result<Schedule, String> {
    Schedule::parse(text, grammar, None).map_err(|error| error.to_string())
}

/// The next changes after an instant, in the schedule's zone.
fn changes(schedule: &Schedule, from: &str, count: usize) -> String {
    let from: DateTime<Utc> = from.parse().expect("an instant");
    let mut lines = vec![format!("{schedule}"), format!("{}", schedule.at(from))];
    let mut after = from;
    for _ in 0..count {
        let Some(change) = schedule.next_change(after) else {
            lines.push("for good".to_owned());
            break;
        };
        let local = change.at.with_timezone(&schedule.zone());
        lines.push(format!("{} {}", local.format("%a %Y-%m-%d %H:%M %:z"), change.to));
        after = change.at;
    }
    lines.join("\n")
}

fn shows(grammar: Grammar, text: &str, from: &str, count: usize, expected: &Expect) {
    let schedule = parse(Some(grammar), text).unwrap_or_else(|error| panic!("{text}: {error}"));
    expected.assert_eq(&changes(&schedule, from, count));
}

/// What is wrong with each, one after the other.
fn errors(grammar: Grammar, texts: &[&str]) -> String {
    let error = |text: &&str| match parse(Some(grammar), text) {
        Ok(schedule) => panic!("{text} is accepted as {schedule}"),
        Err(error) => error,
    };
    texts.iter().map(error).collect::<Vec<_>>().join("\n\n")
}

fn imports(grammar: Grammar, texts: &[&str]) -> String {
    let import = |text: &&str| {
        let schedule = parse(Some(grammar), text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let (native, differences) = schedule.to_native();
        let lines = differences.iter().map(|difference| format!("\n  - {difference}"));
        format!("{schedule}\n  = {native}{}", lines.collect::<String>())
    };
    texts.iter().map(import).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn each_grammar_is_told_by_its_looks() {
    let cases = [
        "Mon-Fri 08:00-20:00 Europe/Berlin",
        "off=(M-F,19);on=(M-F,7);tz=pt",
        "offu3du28m-fu2c20u29u3btzu3dutc",
        "2026-12-21T00:00:00+01:00-2027-01-02T00:00:00+01:00",
        "from 2026-12-21T00:00:00Z",
        "Mon-Fri 08:00-20:00 Europe/Berlin, until2026-12-21T00:00:00Z",
        "{\"begintime\": \"09:00\", \"endtime\": \"17:00\"}",
        "{\"offhour\": 20, \"default_tz\": \"pt\"}",
        "periods:\n- begintime: 09:00\n  weekdays: mon-fri\ntimezone: Europe/Berlin",
        "Mon-Fri 22:00-06:00 Europe/Berlin",
        "always",
        "on",
        "true",
    ];
    let told: Vec<String> = cases.iter().map(|text| format!("{:18} {text:?}", Grammar::of(*text))).collect();
    expect![[r#"
        native             "Mon-Fri 08:00-20:00 Europe/Berlin"
        custodian          "off=(M-F,19);on=(M-F,7);tz=pt"
        custodian          "offu3du28m-fu2c20u29u3btzu3dutc"
        kube-downscaler    "2026-12-21T00:00:00+01:00-2027-01-02T00:00:00+01:00"
        kube-downscaler    "from 2026-12-21T00:00:00Z"
        kube-downscaler    "Mon-Fri 08:00-20:00 Europe/Berlin, until2026-12-21T00:00:00Z"
        instance-scheduler "{\"begintime\": \"09:00\", \"endtime\": \"17:00\"}"
        custodian          "{\"offhour\": 20, \"default_tz\": \"pt\"}"
        instance-scheduler "periods:\n- begintime: 09:00\n  weekdays: mon-fri\ntimezone: Europe/Berlin"
        native             "Mon-Fri 22:00-06:00 Europe/Berlin"
        native             "always"
        native             "on"
        native             "true""#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn a_tag_of_custodian_is_the_level_that_its_edges_imply() {
    let shows = |text, from, count, expected: Expect| shows(Grammar::Custodian, text, from, count, &expected);
    // Friday to Monday; what is left out is the default.
    shows(
        "off=(M-F,19);on=(M-F,7);tz=pt",
        "2026-11-20T12:00:00Z",
        4,
        expect![[r#"
        off=(m-f,19);on=(m-f,7);tz=america/los_angeles
        down
        Fri 2026-11-20 07:00 -08:00 up
        Fri 2026-11-20 19:00 -08:00 down
        Mon 2026-11-23 07:00 -08:00 up
        Mon 2026-11-23 19:00 -08:00 down"#]],
    );
    shows(
        "off=[(m-h,20)]",
        "2026-11-19T12:00:00Z",
        4,
        expect![[r#"
        off=(m-h,20);on=(m-f,7);tz=america/new_york
        up
        Thu 2026-11-19 20:00 -05:00 down
        Fri 2026-11-20 07:00 -05:00 up
        Mon 2026-11-23 20:00 -05:00 down
        Tue 2026-11-24 07:00 -05:00 up"#]],
    );
    shows(
        "'tz=Europe/Berlin'",
        "2026-11-20T12:00:00Z",
        3,
        expect![[r#"
        off=(m-f,19);on=(m-f,7);tz=europe/berlin
        up
        Fri 2026-11-20 19:00 +01:00 down
        Mon 2026-11-23 07:00 +01:00 up
        Mon 2026-11-23 19:00 +01:00 down"#]],
    );
    shows(
        "Offhours tz=ET",
        "2026-11-20T12:00:00Z",
        3,
        expect![[r#"
        off=(m-f,19);on=(m-f,7);tz=america/new_york
        up
        Fri 2026-11-20 19:00 -05:00 down
        Mon 2026-11-23 07:00 -05:00 up
        Mon 2026-11-23 19:00 -05:00 down"#]],
    );
    // Over several days, and over the week's end.
    shows(
        "off=(f,20);on=(m,6);tz=utc",
        "2026-11-20T12:00:00Z",
        4,
        expect![[r#"
        off=(f,20);on=(m,6);tz=etc/utc
        up
        Fri 2026-11-20 20:00 +00:00 down
        Mon 2026-11-23 06:00 +00:00 up
        Fri 2026-11-27 20:00 +00:00 down
        Mon 2026-11-30 06:00 +00:00 up"#]],
    );
    shows(
        "off=(u,3);on=(s,22);tz=utc",
        "2026-11-20T12:00:00Z",
        4,
        expect![[r#"
        off=(u,3);on=(s,22);tz=etc/utc
        down
        Sat 2026-11-21 22:00 +00:00 up
        Sun 2026-11-22 03:00 +00:00 down
        Sat 2026-11-28 22:00 +00:00 up
        Sun 2026-11-29 03:00 +00:00 down"#]],
    );
    // Both in one hour: it is up.
    shows(
        "off=(m-u,7);on=(m-u,7);tz=utc",
        "2026-11-20T12:00:00Z",
        1,
        expect![[r#"
        off=(m-u,7);on=(m-u,7);tz=etc/utc
        up
        for good"#]],
    );
    shows(
        "off=(m-u,7);on=(m-f,7);tz=utc",
        "2026-11-20T12:00:00Z",
        3,
        expect![[r#"
        off=(m-u,7);on=(m-f,7);tz=etc/utc
        up
        Sat 2026-11-21 07:00 +00:00 down
        Mon 2026-11-23 07:00 +00:00 up
        Sat 2026-11-28 07:00 +00:00 down"#]],
    );
    // Both in the gap of the spring night.
    shows(
        "off=(m-u,3);on=(m-u,2);tz=et",
        "2026-03-07T12:00:00Z",
        3,
        expect![[r#"
        off=(m-u,3);on=(m-u,2);tz=america/new_york
        down
        Mon 2026-03-09 02:00 -04:00 up
        Mon 2026-03-09 03:00 -04:00 down
        Tue 2026-03-10 02:00 -04:00 up"#]],
    );
    shows(
        "off=(m-u,2);on=(m-u,3);tz=et",
        "2026-03-07T12:00:00Z",
        4,
        expect![[r#"
        off=(m-u,2);on=(m-u,3);tz=america/new_york
        up
        Mon 2026-03-09 02:00 -04:00 down
        Mon 2026-03-09 03:00 -04:00 up
        Tue 2026-03-10 02:00 -04:00 down
        Tue 2026-03-10 03:00 -04:00 up"#]],
    );
    shows(
        "off",
        "2026-11-20T12:00:00Z",
        1,
        expect![[r#"
        off
        leave
        for good"#]],
    );
    // The policy around the tag.
    shows(
        "{\"weekends-only\": true, \"default_tz\": \"utc\"}",
        "2026-11-20T12:00:00Z",
        3,
        expect![[r#"
        off=(f,19);on=(m,7);tz=etc/utc
        up
        Fri 2026-11-20 19:00 +00:00 down
        Mon 2026-11-23 07:00 +00:00 up
        Fri 2026-11-27 19:00 +00:00 down"#]],
    );
    let christmas = "{\"offhour\": 18, \"default_tz\": \"cet\", \"skip-days\": [\"2026-12-25\", \"2026-12-24\"]}";
    shows(
        christmas,
        "2026-12-23T12:00:00Z",
        3,
        expect![[r#"
        {"fallback-schedule":"off=(m-f,18);on=(m-f,7);tz=europe/berlin","skip-days":["2026-12-24","2026-12-25"]}
        up
        Wed 2026-12-23 18:00 +01:00 down
        Mon 2026-12-28 07:00 +01:00 up
        Mon 2026-12-28 18:00 +01:00 down"#]],
    );
}

#[test]
fn what_custodian_would_skip_or_misread_is_an_error() {
    let errors = errors(
        Grammar::Custodian,
        &[
            "true",
            "off=(m-f,20),on=(m-f,8)",
            "off=(m-f,20) on=(m-f,8)",
            "off=(m-f,20); on=(m-f,8)",
            "off=();tz=et",
            "off=(m-f,90);on=(m-f,7);tz=et",
            "off=(m-f,19:30)",
            "off=(m-f,a)",
            "off=(x-f,10)",
            "off=(m-t-f,12)",
            "off=(m,w,f,12)",
            "off=(m-f)",
            "off=(m-f,12",
            "off=[(m-f,12)",
            "off=[(m-f,12)(s,3)]",
            "off=(m-f,5);zebra=blue;on=(t-w,5)",
            "off=(m-f,5);zebrablue,on=(t-w,5)",
            "bar;off=(m-f,5)",
            "off=(m-f,5);off=(s,5)",
            "tz=evt",
            "{\"offhour\": 25}",
            "{\"default_tz\": \"zmta\"}",
            "{\"onhour\": 8, \"weekend\": true}",
            "{\"skip-days-from\": {\"url\": \"s3://b/k\"}}",
            "{\"skip-days\": [\"tomorrow\"]}",
        ],
    );
    expect![[r#"
        no `off=`, `on=` or `tz=` is in here; Cloud Custodian would take it for its default schedule
          true
          ^^^^
          did you mean `off=(m-f,19);on=(m-f,7);tz=et`?

        `;` is wanted between the parts; Cloud Custodian would take its default schedule
          off=(m-f,20),on=(m-f,8)
                      ^
          did you mean `off=(m-f,20);on=(m-f,8)`?

        no blanks belong in here; `;` stands between the parts
          off=(m-f,20) on=(m-f,8)
                      ^
          did you mean `off=(m-f,20);on=(m-f,8)`?

        no blanks belong in here; `;` stands between the parts
          off=(m-f,20); on=(m-f,8)
                       ^
          did you mean `off=(m-f,20);on=(m-f,8)`?

        days and an hour are wanted: `(m-f,19)`
          off=();tz=et
               ^

        an hour from 0 to 23 is wanted
          off=(m-f,90);on=(m-f,7);tz=et
                   ^^

        only whole hours can be written here
          off=(m-f,19:30)
                   ^^^^^
          did you mean `off=(m-f,19)`?

        an hour from 0 to 23 is wanted
          off=(m-f,a)
                   ^

        a day is wanted: m t w h f s u (h is Thursday, s Saturday, u Sunday), or a range `m-f`
          off=(x-f,10)
               ^

        a day is wanted: m t w h f s u (h is Thursday, s Saturday, u Sunday), or a range `m-f`
          off=(m-t-f,12)
                 ^^^

        one day or one range of days, and one hour: `[(m,19),(w,19),(f,19)]` for several
          off=(m,w,f,12)
               ^^^^^^^^

        days and an hour are wanted: `(m-f,19)`
          off=(m-f)
               ^^^

        `)` is missing here: `(m-f,19)`, `[(m-f,21),(u,18)]`
          off=(m-f,12
              ^^^^^^^

        `]` is missing here: `(m-f,19)`, `[(m-f,21),(u,18)]`
          off=[(m-f,12)
              ^^^^^^^^^

        `,(` is wanted before another item, or the end
          off=[(m-f,12)(s,3)]
                       ^^^^^

        the parts are `off=`, `on=` and `tz=`; Cloud Custodian would skip this tag
          off=(m-f,5);zebra=blue;on=(t-w,5)
                      ^^^^^

        the parts are `off=`, `on=` and `tz=`; Cloud Custodian would skip this tag
          off=(m-f,5);zebrablue,on=(t-w,5)
                      ^^^^^^^^^^^^

        `off=`, `on=` or `tz=` is wanted at the beginning of each part
          bar;off=(m-f,5)
          ^^^

        this part stands here twice; several hours go into one: `off=[(m-f,19),(s,12)]`
          off=(m-f,5);off=(s,5)
                      ^^^

        this is neither a zone of the IANA database (`america/new_york`) nor a short name of Custodian's
          tz=evt
             ^^^

        an hour from 0 to 23 is wanted
          {"offhour":25}
           ^^^^^^^^^

        a zone of the IANA database is wanted, or a short name of Custodian's
          {"default_tz":"zmta"}
           ^^^^^^^^^^^^

        unknown field; known here: type, tag, opt-out, offhour, onhour, default_tz, fallback-schedule, fallback_schedule, weekends, weekends-only, skip-days, skip-days-from
          {"weekend":true}
           ^^^^^^^^^

        the dates have to stand here, under `skip-days`: Curfew does not read other places
          {"skip-days-from":{"url":"s3://b/k"}}
           ^^^^^^^^^^^^^^^^

        a list of dates is wanted: ["2026-12-25"]
          {"skip-days":["tomorrow"]}
           ^^^^^^^^^^^"#]].assert_eq(&errors);
}

#[test]
fn a_time_spec_is_up_while_it_matches() {
    let shows = |text, from, count, expected: Expect| shows(Grammar::KubeDownscaler, text, from, count, &expected);
    shows(
        "mon-fri 08:00-20:00 europe/berlin",
        "2026-11-20T12:00:00Z",
        3,
        expect![[r#"
        Mon-Fri 08:00-20:00 Europe/Berlin
        up
        Fri 2026-11-20 20:00 +01:00 down
        Mon 2026-11-23 08:00 +01:00 up
        Mon 2026-11-23 20:00 +01:00 down"#]],
    );
    // Over midnight, as in Go: by the day that the clocks show.
    shows(
        "Mon-Fri 22:00-06:00 UTC",
        "2026-11-20T12:00:00Z",
        5,
        expect![[r#"
        Mon-Fri 22:00-06:00 UTC
        down
        Fri 2026-11-20 22:00 +00:00 up
        Sat 2026-11-21 00:00 +00:00 down
        Mon 2026-11-23 00:00 +00:00 up
        Mon 2026-11-23 06:00 +00:00 down
        Mon 2026-11-23 22:00 +00:00 up"#]],
    );
    shows(
        "Sun-Mon 00:00-15:00 UTC, Wed-Wed 10:00-24:00 UTC",
        "2026-11-20T12:00:00Z",
        6,
        expect![[r#"
        Sun-Mon 00:00-15:00 UTC, Wed-Wed 10:00-24:00 UTC
        down
        Sun 2026-11-22 00:00 +00:00 up
        Sun 2026-11-22 15:00 +00:00 down
        Mon 2026-11-23 00:00 +00:00 up
        Mon 2026-11-23 15:00 +00:00 down
        Wed 2026-11-25 10:00 +00:00 up
        Thu 2026-11-26 00:00 +00:00 down"#]],
    );
    shows(
        "Mon-Mon 00:00-00:00 CET",
        "2026-11-20T12:00:00Z",
        1,
        expect![[r#"
        Mon-Mon 00:00-00:00 CET
        down
        for good"#]],
    );
    shows(
        "Mon-Sun 00:00-24:00 CET",
        "2026-11-20T12:00:00Z",
        1,
        expect![[r#"
        Mon-Sun 00:00-24:00 CET
        up
        for good"#]],
    );
    shows(
        "Mon-Fri 00:00-24:00 UTC, Sat-Sun 00:00-24:00 UTC",
        "2026-11-20T12:00:00Z",
        1,
        expect![[r#"
        Mon-Fri 00:00-24:00 UTC, Sat-Sun 00:00-24:00 UTC
        up
        for good"#]],
    );
    shows(
        " Always ",
        "2026-11-20T12:00:00Z",
        1,
        expect![[r#"
        always
        up
        for good"#]],
    );
    shows(
        "never, false",
        "2026-11-20T12:00:00Z",
        1,
        expect![[r#"
        never, never
        down
        for good"#]],
    );
    shows(
        "2018-11-04T16:00:00-04:00 - 2018-11-04T20:40:30Z",
        "2018-11-01T00:00:00Z",
        3,
        expect![[r#"
        2018-11-04T20:00:00+00:00-2018-11-04T20:40:30+00:00
        down
        Sun 2018-11-04 20:00 +00:00 up
        Sun 2018-11-04 20:40 +00:00 down
        for good"#]],
    );
    shows(
        "from - 2026-12-01T00:00:00Z",
        "2026-11-20T12:00:00Z",
        2,
        expect![[r#"
        from 2026-12-01T00:00:00+00:00
        down
        Tue 2026-12-01 00:00 +00:00 up
        for good"#]],
    );
    shows(
        "until2026-12-01T00:00:00+01:00,Sat-Sat 10:00-12:00 UTC",
        "2026-11-20T12:00:00Z",
        2,
        expect![[r#"
        until 2026-11-30T23:00:00+00:00, Sat-Sat 10:00-12:00 UTC
        up
        Mon 2026-11-30 23:00 +00:00 down
        Sat 2026-12-05 10:00 +00:00 up"#]],
    );
}

#[test]
fn what_a_downscaler_would_not_see_is_an_error() {
    let errors = errors(
        Grammar::KubeDownscaler,
        &[
            "Mon-Fri 00:00-25:99 UTC",
            "always, Mon-Fry 08:00-20:00 UTC",
            "Mon-Thur 09:00-20:00 Europe/London,Fri-Fri 10:00-18:00 Europe/London",
            "Mon-Fri 08:00-20:00",
            "08:00-20:00 UTC",
            "Mon 08:00-20:00 UTC",
            "Mon-Fri",
            "Mon-Fri 8:00-20:00 UTC",
            "Mon-Fri -03:00-04:00 UTC",
            "Mon-Fri 03:00-04-00 UTC",
            "Mon-Fri 08:00-20:00 Europe/Atlantis",
            "Mon-Fri 08:00-20:00 UTC Sat-Sun 10:00-12:00 UTC",
            "Mon-Fri 08:00-20:00 UTC,",
            "From2024-07-01T12:00:00Z",
            "from not-a-time",
            "2024-07-01T12:00:00Z",
            "2024-07Z - 2024-07-29T16:00:00+02:00",
            "2024-07-29T16:00:00Z-2024-07-01T16:00:00Z",
        ],
    );
    expect![[r#"
        a time of two and two digits is wanted here, from `00:00` to `24:00`
          Mon-Fri 00:00-25:99 UTC
                        ^^^^^

        a day is wanted here: Mon Tue Wed Thu Fri Sat Sun
          always, Mon-Fry 08:00-20:00 UTC
                      ^^^

        a day is wanted here: Mon Tue Wed Thu Fri Sat Sun
          Mon-Thur 09:00-20:00 Europe/London,Fri-Fri 10:00-18:00 Europe/Lo…
              ^^^^
          did you mean `Mon-Thu 09:00-20:00 Europe/London,Fri-Fri 10:00-18:00 Europe/London`?

        a zone is wanted here: `Europe/Berlin`
          Mon-Fri 08:00-20:00
                             ^

        the days are missing before the times
          08:00-20:00 UTC
          ^^^^^^^^^^^
          did you mean `Mon-Sun 08:00-20:00 UTC`?

        a range of days is wanted here, also for one day: `Mon-Mon`
          Mon 08:00-20:00 UTC
          ^^^
          did you mean `Mon-Mon 08:00-20:00 UTC`?

        times are wanted here: `08:00-20:00`
          Mon-Fri
                 ^

        a time of two and two digits is wanted here, from `00:00` to `24:00`
          Mon-Fri 8:00-20:00 UTC
                  ^^^^

        a time of two and two digits is wanted here, from `00:00` to `24:00`
          Mon-Fri -03:00-04:00 UTC
                  ^

        a time of two and two digits is wanted here, from `00:00` to `24:00`
          Mon-Fri 03:00-04-00 UTC
                        ^^^^^

        this is no zone of the IANA database (`Europe/Berlin`)
          Mon-Fri 08:00-20:00 Europe/Atlantis
                              ^^^^^^^^^^^^^^^

        nothing belongs behind the zone; `,` stands between items
          Mon-Fri 08:00-20:00 UTC Sat-Sun 10:00-12:00 UTC
                                  ^^^^^^^

        days, times and a zone are wanted: `Mon-Fri 08:00-20:00 Europe/Berlin`
          Mon-Fri 08:00-20:00 UTC,
                                  ^

        `from` and `until` are written in small letters
          From2024-07-01T12:00:00Z
          ^^^^^^^^^^^^^^^^^^^^^^^^
          did you mean `from2024-07-01T12:00:00Z`?

        an instant is wanted here: `2026-12-21T00:00:00+01:00`
          from not-a-time
               ^^^^^^^^^^

        two instants are wanted, with `-` between them, or `from` or `until` before one
          2024-07-01T12:00:00Z
          ^^^^^^^^^^^^^^^^^^^^

        an instant is wanted here: `2026-12-21T00:00:00+01:00`
          2024-07Z - 2024-07-29T16:00:00+02:00
          ^^^^^^^^

        this ends before it begins, and would never match
          2024-07-29T16:00:00Z-2024-07-01T16:00:00Z
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          did you mean `2024-07-01T16:00:00Z-2024-07-29T16:00:00Z`?"#]]
    .assert_eq(&errors);
}

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

        this is neither JSON nor YAML: while parsing a node, did not find expected node content
          {
           ^

        this is neither JSON nor YAML: while parsing a node, did not find expected node content
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

        Mon-Mon 08:00-08:00 UTC
          = never
          - The time spec is read as an uptime; where it is a downtime, it is up when this says down.
          - `Mon-Mon 08:00-08:00 UTC` never matches, and is left out.

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
            "Mon-Mon 08:00-08:00 UTC",
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
