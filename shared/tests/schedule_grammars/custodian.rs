//! Cloud Custodian's off-hours.

use curfew_core::schedule::{Grammar, Schedule};
use expect_test::{Expect, expect};

use super::{errors, shows};

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
fn a_distance_from_utc_is_answered_with_the_zones_it_may_mean() {
    let said =
        |tag: &str| Schedule::parse(tag, Some(Grammar::Custodian), None).expect_err("no zone").message().to_owned();
    assert_eq!(
        said("off=(m-f,19);on=(m-f,7);tz=utc+3"),
        "this is a distance from UTC, and no zone: did you mean `Etc/GMT+3`, which is what Cloud Custodian does, or `Etc/GMT-3`, \
         which is what it says?"
    );
    for (distance, done, meant) in [("GMT-05:00", "Etc/GMT-5", "Etc/GMT+5"), ("utc+08", "Etc/GMT+8", "Etc/GMT-8")] {
        let told = said(&format!("off=(m-f,19);tz={distance}"));
        assert!(told.contains(&format!("`{done}`")) && told.contains(&format!("`{meant}`")), "{told}");
        let taken = Schedule::parse(&*format!("off=(m-f,19);tz={meant}"), Some(Grammar::Custodian), None);
        assert_eq!(taken.expect("a schedule").zone().name(), meant);
    }
    assert!(said("off=(m-f,19);tz=utc+30").starts_with("this is neither"));
}
