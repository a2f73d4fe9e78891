//! kube-downscaler's time specs.

use curfew_core::schedule::Grammar;
use expect_test::{Expect, expect};

use super::{errors, shows};

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
    // The Go flavour lets the days be left out.
    shows(
        "03:00-04:00 UTC",
        "2026-11-20T12:00:00Z",
        2,
        expect![[r#"
        Mon-Sun 03:00-04:00 UTC
        down
        Sat 2026-11-21 03:00 +00:00 up
        Sat 2026-11-21 04:00 +00:00 down"#]],
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
            "Mon-Fri 08:00-20:00 UTC,Sat-Sun 00:00-00:00 UTC",
            "Sat-Sun 03:00-03:00 UTC",
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

        this ends when it begins, and never matches; a whole day is `00:00-24:00`
          Mon-Fri 08:00-20:00 UTC,Sat-Sun 00:00-00:00 UTC
                                          ^^^^^^^^^^^
          did you mean `Mon-Fri 08:00-20:00 UTC,Sat-Sun 00:00-24:00 UTC`?

        this ends when it begins, and never matches; a whole day is `00:00-24:00`
          Sat-Sun 03:00-03:00 UTC
                  ^^^^^^^^^^^
          did you mean `Sat-Sun 00:00-24:00 UTC`?

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
