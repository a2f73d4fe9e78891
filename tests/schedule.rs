//! `curfew schedule`: the real command, without any account, environment or emulator.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test may fail")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use curfew_core::zones::RELEASE;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// The command where nothing is set: no credentials, no region, no environment.
fn curfew() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_curfew"));
    command.arg("schedule").env_clear();
    command
}

/// What a command printed, with its exit code.
fn said(arguments: &[&str]) -> (i32, String, String) {
    let output = curfew().args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "colours without a terminal: {out}{err}");
    (output.status.code().unwrap(), out, err)
}

fn shows(arguments: &[&str], expected: Expect) {
    let (code, out, err) = said(arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    expected.assert_eq(&out.replace(RELEASE, "RELEASE"));
}

fn refuses(code: i32, arguments: &[&str], expected: Expect) {
    let (exit, out, err) = said(arguments);
    assert_eq!((exit, out.as_str()), (code, ""), "{err}");
    expected.assert_eq(&err);
}

/// A Wednesday.
const NOW: &str = "2026-11-18T12:00:00Z";

#[test]
fn a_schedule_is_shown_as_a_picture() {
    shows(
        &["show", "Mon-Fri 08:00-20:00 America/New_York", "--weeks", "1", "--from", NOW],
        expect![[r#"
        Mon-Fri 08:00-20:00 America/New_York  (native)

                        00    03    06    09    12    15    18    21      America/New_York
        Mon 2026-11-16  ················████████████████████████········  08:00-20:00  UTC 13:00-Tue 01:00
        Tue 2026-11-17  ················████████████████████████········  08:00-20:00  UTC 13:00-Wed 01:00
        Wed 2026-11-18  ················████████████████████████········  08:00-20:00  UTC 13:00-Thu 01:00
        Thu 2026-11-19  ················████████████████████████········  08:00-20:00  UTC 13:00-Fri 01:00
        Fri 2026-11-20  ················████████████████████████········  08:00-20:00  UTC 13:00-Sat 01:00
        Sat 2026-11-21  ················································
        Sun 2026-11-22  ················································
        half an hour each: █ up, · down, ░ left as it is, blank where the clocks skip it

        next changes
          up     Wed 2026-11-18 08:00 EST  2026-11-18T13:00Z
          down   Wed 2026-11-18 20:00 EST  2026-11-19T01:00Z
          up     Thu 2026-11-19 08:00 EST  2026-11-19T13:00Z
          down   Thu 2026-11-19 20:00 EST  2026-11-20T01:00Z
          up     Fri 2026-11-20 08:00 EST  2026-11-20T13:00Z
          down   Fri 2026-11-20 20:00 EST  2026-11-21T01:00Z
          up     Mon 2026-11-23 08:00 EST  2026-11-23T13:00Z
          down   Mon 2026-11-23 20:00 EST  2026-11-24T01:00Z
          up     Tue 2026-11-24 08:00 EST  2026-11-24T13:00Z
          down   Tue 2026-11-24 20:00 EST  2026-11-25T01:00Z

        up 60.0 h a week on the average of the year ahead; 64.3 % of all hours saved
        time zones: IANA RELEASE
    "#]],
    );
}

#[test]
fn the_nights_on_which_clocks_change_are_marked() {
    let spring = "2027-03-10T12:00:00Z";
    shows(
        &["show", "Mon-Sun 22:00-02:30 America/New_York", "--weeks", "1", "--from", spring],
        expect![[r#"
            Mon-Sun 22:00-02:30 America/New_York  (native)

                            00    03    06    09    12    15    18    21      America/New_York
            Mon 2027-03-08  █████·······································████  …-02:30, 22:00-Tue 02:30  UTC …-07:30, Tue 03:00-07:30
            Tue 2027-03-09  █████·······································████  22:00-Wed 02:30  UTC Wed 03:00-07:30
            Wed 2027-03-10  █████·······································████  22:00-Thu 02:30  UTC Thu 03:00-07:30
            Thu 2027-03-11  █████·······································████  22:00-Fri 02:30  UTC Fri 03:00-07:30
            Fri 2027-03-12  █████·······································████  22:00-Sat 02:30  UTC Sat 03:00-07:30
            Sat 2027-03-13  █████·······································████  22:00-Sun 03:00  UTC Sun 03:00-07:00
            Sun 2027-03-14  ████  ······································████  22:00-…  UTC Mon 02:00-…  clocks go forward from 02:00 to 03:00
            half an hour each: █ up, · down, ░ left as it is, blank where the clocks skip it

            next changes
              up     Wed 2027-03-10 22:00 EST  2027-03-11T03:00Z
              down   Thu 2027-03-11 02:30 EST  2027-03-11T07:30Z
              up     Thu 2027-03-11 22:00 EST  2027-03-12T03:00Z
              down   Fri 2027-03-12 02:30 EST  2027-03-12T07:30Z
              up     Fri 2027-03-12 22:00 EST  2027-03-13T03:00Z
              down   Sat 2027-03-13 02:30 EST  2027-03-13T07:30Z
              up     Sat 2027-03-13 22:00 EST  2027-03-14T03:00Z
              down   Sun 2027-03-14 03:00 EDT  2027-03-14T07:00Z
              up     Sun 2027-03-14 22:00 EDT  2027-03-15T02:00Z
              down   Mon 2027-03-15 02:30 EDT  2027-03-15T06:30Z

            up 31.5 h a week on the average of the year ahead; 81.2 % of all hours saved
            time zones: IANA RELEASE
        "#]],
    );
    let autumn = "2026-10-23T12:00:00Z";
    shows(
        &["show", "Sat-Sun 01:45-02:15", "--zone", "Europe/Berlin", "--weeks", "1", "--from", autumn],
        expect![[r#"
        Sat-Sun 01:45-02:15 Europe/Berlin  (native)

                        00    03    06    09    12    15    18    21      Europe/Berlin
        Mon 2026-10-19  ················································
        Tue 2026-10-20  ················································
        Wed 2026-10-21  ················································
        Thu 2026-10-22  ················································
        Fri 2026-10-23  ················································
        Sat 2026-10-24  ···▐▌···········································  01:45-02:15  UTC Fri 23:45-Sat 00:15
        Sun 2026-10-25  ···▐██··········································  01:45-02:15  UTC Sat 23:45-Sun 01:15  clocks go back from 03:00 to 02:00
        half an hour each: █ up, · down, ░ left as it is, blank where the clocks skip it

        next changes
          up     Sat 2026-10-24 01:45 CEST  2026-10-23T23:45Z
          down   Sat 2026-10-24 02:15 CEST  2026-10-24T00:15Z
          up     Sun 2026-10-25 01:45 CEST  2026-10-24T23:45Z
          down   Sun 2026-10-25 02:15 CET  2026-10-25T01:15Z
          up     Sat 2026-10-31 01:45 CET  2026-10-31T00:45Z
          down   Sat 2026-10-31 02:15 CET  2026-10-31T01:15Z
          up     Sun 2026-11-01 01:45 CET  2026-11-01T00:45Z
          down   Sun 2026-11-01 02:15 CET  2026-11-01T01:15Z
          up     Sat 2026-11-07 01:45 CET  2026-11-07T00:45Z
          down   Sat 2026-11-07 02:15 CET  2026-11-07T01:15Z

        up 1.0 h a week on the average of the year ahead; 99.4 % of all hours saved
        time zones: IANA RELEASE
    "#]],
    );
}

#[test]
fn schedules_of_every_kind_are_shown() {
    for (text, grammar, expected) in [
        (
            "always",
            "auto",
            expect![[r#"
                always  (native)

                                00    03    06    09    12    15    18    21      UTC
                Mon 2026-11-16  ████████████████████████████████████████████████  all the time
                Tue 2026-11-17  ████████████████████████████████████████████████
                Wed 2026-11-18  ████████████████████████████████████████████████
                Thu 2026-11-19  ████████████████████████████████████████████████
                Fri 2026-11-20  ████████████████████████████████████████████████
                Sat 2026-11-21  ████████████████████████████████████████████████
                Sun 2026-11-22  ████████████████████████████████████████████████
                half an hour each: █ up, · down, ░ left as it is, blank where the clocks skip it

                it never changes

                up 168.0 h a week on the average of the year ahead; 0.0 % of all hours saved
                time zones: IANA RELEASE
            "#]],
        ),
        (
            "off=(M-F,19);on=(M-F,7);tz=pt",
            "auto",
            expect![[r#"
            off=(m-f,19);on=(m-f,7);tz=america/los_angeles  (custodian)

                            00    03    06    09    12    15    18    21      America/Los_Angeles
            Mon 2026-11-16  ··············████████████████████████··········  07:00-19:00  UTC 15:00-Tue 03:00
            Tue 2026-11-17  ··············████████████████████████··········  07:00-19:00  UTC 15:00-Wed 03:00
            Wed 2026-11-18  ··············████████████████████████··········  07:00-19:00  UTC 15:00-Thu 03:00
            Thu 2026-11-19  ··············████████████████████████··········  07:00-19:00  UTC 15:00-Fri 03:00
            Fri 2026-11-20  ··············████████████████████████··········  07:00-19:00  UTC 15:00-Sat 03:00
            Sat 2026-11-21  ················································
            Sun 2026-11-22  ················································
            half an hour each: █ up, · down, ░ left as it is, blank where the clocks skip it

            next changes
              up     Wed 2026-11-18 07:00 PST  2026-11-18T15:00Z
              down   Wed 2026-11-18 19:00 PST  2026-11-19T03:00Z
              up     Thu 2026-11-19 07:00 PST  2026-11-19T15:00Z
              down   Thu 2026-11-19 19:00 PST  2026-11-20T03:00Z
              up     Fri 2026-11-20 07:00 PST  2026-11-20T15:00Z
              down   Fri 2026-11-20 19:00 PST  2026-11-21T03:00Z
              up     Mon 2026-11-23 07:00 PST  2026-11-23T15:00Z
              down   Mon 2026-11-23 19:00 PST  2026-11-24T03:00Z
              up     Tue 2026-11-24 07:00 PST  2026-11-24T15:00Z
              down   Tue 2026-11-24 19:00 PST  2026-11-25T03:00Z

            up 60.0 h a week on the average of the year ahead; 64.3 % of all hours saved
            time zones: IANA RELEASE
        "#]],
        ),
        (
            "Mon-Fri 22:00-06:00 Europe/Berlin",
            "kube-downscaler",
            expect![[r#"
            Mon-Fri 22:00-06:00 Europe/Berlin  (kube-downscaler)

                            00    03    06    09    12    15    18    21      Europe/Berlin
            Mon 2026-11-16  ████████████································████  00:00-06:00, 22:00-Tue 06:00  UTC Sun 23:00-Mon 05:00, 21:00-Tue 05:00
            Tue 2026-11-17  ████████████································████  22:00-Wed 06:00  UTC 21:00-Wed 05:00
            Wed 2026-11-18  ████████████································████  22:00-Thu 06:00  UTC 21:00-Thu 05:00
            Thu 2026-11-19  ████████████································████  22:00-Fri 06:00  UTC 21:00-Fri 05:00
            Fri 2026-11-20  ████████████································████  22:00-24:00  UTC 21:00-23:00
            Sat 2026-11-21  ················································
            Sun 2026-11-22  ················································
            half an hour each: █ up, · down, ░ left as it is, blank where the clocks skip it

            next changes
              up     Wed 2026-11-18 22:00 CET  2026-11-18T21:00Z
              down   Thu 2026-11-19 06:00 CET  2026-11-19T05:00Z
              up     Thu 2026-11-19 22:00 CET  2026-11-19T21:00Z
              down   Fri 2026-11-20 06:00 CET  2026-11-20T05:00Z
              up     Fri 2026-11-20 22:00 CET  2026-11-20T21:00Z
              down   Sat 2026-11-21 00:00 CET  2026-11-20T23:00Z
              up     Mon 2026-11-23 00:00 CET  2026-11-22T23:00Z
              down   Mon 2026-11-23 06:00 CET  2026-11-23T05:00Z
              up     Mon 2026-11-23 22:00 CET  2026-11-23T21:00Z
              down   Tue 2026-11-24 06:00 CET  2026-11-24T05:00Z

            up 40.0 h a week on the average of the year ahead; 76.2 % of all hours saved
            time zones: IANA RELEASE
        "#]],
        ),
        (
            r#"{"periods": [{"endtime": "18:00", "weekdays": "mon-fri"}], "timezone": "Asia/Kathmandu"}"#,
            "instance-scheduler",
            expect![[r#"
                {"periods":[{"endtime":"18:00","weekdays":["mon","tue","wed","thu","fri"]}],"timezone":"Asia/Kathmandu"}  (instance-scheduler)

                                00    03    06    09    12    15    18    21      Asia/Kathmandu
                Mon 2026-11-16  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░············
                Tue 2026-11-17  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░············
                Wed 2026-11-18  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░············
                Thu 2026-11-19  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░············
                Fri 2026-11-20  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░············
                Sat 2026-11-21  ················································
                Sun 2026-11-22  ················································
                half an hour each: █ up, · down, ░ left as it is, blank where the clocks skip it

                next changes
                  down   Wed 2026-11-18 18:00 +0545  2026-11-18T12:15Z
                  leave  Thu 2026-11-19 00:00 +0545  2026-11-18T18:15Z
                  down   Thu 2026-11-19 18:00 +0545  2026-11-19T12:15Z
                  leave  Fri 2026-11-20 00:00 +0545  2026-11-19T18:15Z
                  down   Fri 2026-11-20 18:00 +0545  2026-11-20T12:15Z
                  leave  Mon 2026-11-23 00:00 +0545  2026-11-22T18:15Z
                  down   Mon 2026-11-23 18:00 +0545  2026-11-23T12:15Z
                  leave  Tue 2026-11-24 00:00 +0545  2026-11-23T18:15Z
                  down   Tue 2026-11-24 18:00 +0545  2026-11-24T12:15Z
                  leave  Wed 2026-11-25 00:00 +0545  2026-11-24T18:15Z

                up 0.0 h a week on the average of the year ahead, left as it is 90.0 h; 46.4 % of all hours saved
                time zones: IANA RELEASE
            "#]],
        ),
    ] {
        shows(&["show", text, "--grammar", grammar, "--weeks", "1", "--from", NOW], expected);
    }
}

#[test]
fn a_schedule_is_shown_as_json() {
    let (code, out, _) = said(&["show", "Sat 08:00-20:00 UTC", "--weeks", "1", "--from", NOW, "--json"]);
    let shown: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    assert_eq!(shown["grammar"], "native");
    assert_eq!(shown["windows"], json!([{ "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T20:00:00Z" }]));
    assert_eq!(shown["nextChanges"][1], json!({ "at": "2026-11-21T20:00:00Z", "to": "down" }));
    assert_eq!(shown["nextChanges"].as_array().map(Vec::len), Some(10));
    assert_eq!(shown["uptime"]["hoursUpPerWeek"], 12.0);
    assert_eq!(shown["zones"], json!({ "release": RELEASE, "from": "binary" }));
    let quarters = shown["days"][5]["quarters"].as_array().unwrap();
    assert_eq!((quarters.len(), &quarters[31], &quarters[32]), (96, &json!("down"), &json!("up")));
}

#[test]
fn holidays_are_read_from_a_file() {
    let file = std::env::temp_dir().join(format!("curfew-holidays-{}.ics", std::process::id()));
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Thanksgiving\r\n\
                    DTSTART;VALUE=DATE:20261126\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    std::fs::write(&file, calendar).unwrap();
    let holidays = file.to_str().unwrap();
    let (plain, without) = ("Mon-Fri 08:00-20:00 UTC", "Mon-Fri 08:00-20:00 UTC except holidays");
    let (code, out, err) = said(&["diff", plain, without, "--holidays", holidays, "--from", NOW, "--json"]);
    let found: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    let thanksgiving = json!({ "from": "2026-11-26T08:00:00Z", "to": "2026-11-26T20:00:00Z", "a": "up", "b": "down" });
    assert_eq!((code, &found["differences"]), (0, &json!([thanksgiving])));
    let (_, out, _) = said(&["show", without, "--holidays", holidays, "--weeks", "1", "--from", NOW]);
    let told = "! the calendar of holidays has no date after 2026-11-26: from then on every holiday is a working day";
    assert!(out.contains(told), "{out}");
    let (_, out, _) =
        said(&["show", without, "--holidays", holidays, "--weeks", "1", "--from", "2026-09-01T00:00:00Z"]);
    assert!(!out.contains("the calendar of holidays"), "{out}");
    std::fs::remove_file(&file).unwrap();
    refuses(
        1,
        &["show", without, "--holidays", "/nowhere.ics"],
        expect![[r#"
        curfew: /nowhere.ics: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn a_zone_beside_a_schedule_of_custodian_may_be_a_short_name() {
    let zone = |arguments: &[&str]| -> Value {
        let (code, out, err) = said(&[&["show", "--json", "--from", NOW], arguments].concat());
        assert_eq!(code, 0, "{err}");
        serde_json::from_str::<Value>(&out).unwrap()["zone"].clone()
    };
    assert_eq!(zone(&["off=(m-f,20);on=(m-f,8)", "--zone", "et"]), "America/New_York");
    assert_eq!(zone(&["off=(m-f,20);on=(m-f,8)", "--grammar", "custodian", "--zone", "PT"]), "America/Los_Angeles");
    assert_eq!(said(&["show", "Mon-Fri 08:00-20:00", "--zone", "et"]).0, 2);
}

#[test]
fn the_version_names_the_time_zones() {
    let output = Command::new(env!("CARGO_BIN_EXE_curfew")).arg("--version").env_clear().output().unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("curfew {version} (time zones of IANA {RELEASE})\n"));
}

#[test]
fn two_schedules_are_compared() {
    let office = "Mon-Fri 08:00-20:00 America/New_York";
    let summer = "Mon-Fri 08:00-20:00 America/New_York except 2026-11-26..2026-11-27";
    shows(
        &["diff", office, summer, "--from", NOW],
        expect![[r#"
        they differ in 2 stretches, 24.0 h in all, from Wed 2026-11-18 07:00 EST to Thu 2027-11-18 07:00 EST

        from                         to                           A      B
        Thu 2026-11-26 08:00 EST     Thu 2026-11-26 20:00 EST     up     down
        Fri 2026-11-27 08:00 EST     Fri 2026-11-27 20:00 EST     up     down
    "#]],
    );
    shows(
        &["diff", office, office, "--from", NOW],
        expect![[r#"
        they say the same from Wed 2026-11-18 07:00 EST to Thu 2027-11-18 07:00 EST
    "#]],
    );
    let both = "Mon-Fri 22:00-06:00 UTC";
    let grammars = ["--grammar", "kube-downscaler", "--grammar", "native"];
    let (_, out, _) = said(&[&["diff", both, both, "--from", NOW], &grammars[..]].concat());
    assert!(out.starts_with("they differ in 104 stretches, 624.0 h in all"), "{out}");
}

#[test]
fn schedules_of_other_tools_are_imported() {
    shows(
        &["import", "off=(M-F,19);on=(M-F,7);tz=pt", "--from", NOW],
        expect![[r#"
        Mon-Fri 07:00-19:00 America/Los_Angeles
          note: Cloud Custodian acts once, in the hour that is written, and what is started or stopped by hand stays so until the next such hour; here the schedule counts all the time, and an override beats it.
    "#]],
    );
    shows(
        &["import", r#"{"periods": [{"begintime": "09:00"}], "timezone": "UTC"}"#, "--from", NOW],
        expect![[r#"
        always
          note: Instance Scheduler acts at the beginning and the end of a period, and what is started or stopped by hand stays so until then; here the schedule counts all the time, and an override beats it.
          note: A period with one end leaves the environment as it is before that time; here it is as it would be if nobody touched it.
          note: in the year ahead they differ in 365 stretches, the first from Thu 2026-11-19 00:00 UTC to Thu 2026-11-19 09:00 UTC: leave, now up
    "#]],
    );
    let (_, out, _) = said(&["import", "Mon-Fri 08:00-20:00 UTC", "--json", "--from", NOW]);
    let imported: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(imported["native"], "Mon-Fri 08:00-20:00 UTC");
    assert_eq!((&imported["differences"], &imported["differentStretches"]), (&json!([]), &json!([])));
}

#[test]
fn what_is_wrong_is_said_with_what_would_be_right() {
    refuses(
        2,
        &["show", "Mon-Fri 8-20 Europe/Berlin"],
        expect![[r#"
        curfew: this is not a schedule: expected a time from `00:00` to `24:00`, found `8`
          Mon-Fri 8-20 Europe/Berlin
                  ^
          did you mean `Mon-Fri 08:00-20:00 Europe/Berlin`?
    "#]],
    );
    refuses(
        2,
        &["show", "true", "--grammar", "custodian"],
        expect![[r#"
        curfew: this is not a schedule: no `off=`, `on=` or `tz=` is in here; Cloud Custodian would take it for its default schedule
          true
          ^^^^
          did you mean `off=(m-f,19);on=(m-f,7);tz=et`?
    "#]],
    );
    refuses(
        2,
        &["show", "always", "--weeks", "0"],
        expect![[r#"
        curfew: 0 weeks cannot be shown; ask for 1 to 53
    "#]],
    );
    refuses(
        2,
        &["show", "always", "--zone", "Mars/Olympus"],
        expect![[r#"
        curfew: --zone: `Mars/Olympus` is not a time zone of the IANA database
    "#]],
    );
    refuses(
        2,
        &["diff", "always", "never", "--grammar", "cron"],
        expect![[r#"
        error: invalid value 'cron' for '--grammar <GRAMMAR>': `cron` is not a grammar; they are native, custodian, kube-downscaler and instance-scheduler

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn questions_are_answered_one_by_one_while_the_asker_waits() {
    let mut child = curfew().arg("eval").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    let mut ask = |question: &str| {
        questions.write_all(question.as_bytes()).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        answer
    };
    let office = "Mon-Fri 08:00-20:00 America/New_York";
    let at_noon =
        json!({ "id": 1, "schedule": office, "grammar": "native", "zone": null, "at": "2026-11-18T17:00:00Z" });
    assert_eq!(
        ask(&format!("{at_noon}\n")),
        "{\"id\":1,\"state\":\"up\",\"until\":\"2026-11-19T01:00:00Z\",\"then\":\"down\"}\n"
    );
    assert_eq!(
        ask("no question\r\n"),
        "{\"id\":null,\"error\":\"the line is no question: a JSON object is wanted\"}\n"
    );
    assert_eq!(
        ask(&format!("{}\n", json!({ "id": 2, "schedule": office, "at": null }))),
        "{\"id\":2,\"valid\":true}\n"
    );
    drop(questions);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn many_questions_are_answered_in_their_order_and_the_last_needs_no_newline() {
    let mut child = curfew().arg("eval").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut questions = child.stdin.take().unwrap();
    let asking = std::thread::spawn(move || {
        for id in 0..20_000 {
            let question =
                format!("{{\"id\":{id},\"schedule\":\"Mon-Fri 08:00-{:02}:00 UTC\",\"at\":null}}", 9 + id % 15);
            let end = if id == 19_999 { "" } else { "\n" };
            write!(questions, "{question}{end}").unwrap();
        }
    });
    let answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let count = answers.enumerate().inspect(|(id, answer)| {
        assert_eq!(answer.as_deref().unwrap(), format!("{{\"id\":{id},\"valid\":true}}"));
    });
    assert_eq!(count.count(), 20_000);
    asking.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_asker_who_leaves_is_no_failure() {
    let mut child = curfew().arg("eval").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut questions = child.stdin.take().unwrap();
    let _ = questions.write_all(b"{}\n");
    drop(questions);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
