//! Business hours: cases by hand over clock changes and midnights, and rules that hold for any week.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_domain::{BusinessHours, Code, Time, hours::SEARCH_DAYS};
use proptest::prelude::*;
use serde_json::json;

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn hours(value: serde_json::Value) -> BusinessHours {
    let hours: BusinessHours = serde_json::from_value(value).unwrap();
    hours.check().unwrap();
    hours
}

fn office() -> BusinessHours {
    hours(json!({
        "time_zone": "Asia/Shanghai",
        "week": [
            {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "18:00"},
            {"days": ["sat"], "from": "22:00", "to": "02:00"},
        ],
        "holidays": ["2026-12-25", {"from": "2026-10-01", "to": "2026-10-07"}],
        "open_days": [{"days": "2026-10-07", "from": "10:00", "to": "12:00"}],
    }))
}

#[test]
fn an_office_opens_and_closes() {
    let office = office();
    for (at, open, next) in [
        ("2026-11-25T09:00:00+08:00", true, "2026-11-25T09:00:00+08:00"),
        ("2026-11-25T08:59:59+08:00", false, "2026-11-25T09:00:00+08:00"),
        ("2026-11-25T17:59:59+08:00", true, "2026-11-25T17:59:59+08:00"),
        ("2026-11-25T18:00:00+08:00", false, "2026-11-26T09:00:00+08:00"),
        ("2026-11-27T19:00:00+08:00", false, "2026-11-28T22:00:00+08:00"),
        ("2026-11-28T23:30:00+08:00", true, "2026-11-28T23:30:00+08:00"),
        ("2026-11-29T01:59:00+08:00", true, "2026-11-29T01:59:00+08:00"),
        ("2026-11-29T02:00:00+08:00", false, "2026-11-30T09:00:00+08:00"),
        ("2026-12-25T10:00:00+08:00", false, "2026-12-26T22:00:00+08:00"),
        ("2026-10-01T10:00:00+08:00", false, "2026-10-07T10:00:00+08:00"),
        ("2026-10-07T11:00:00+08:00", true, "2026-10-07T11:00:00+08:00"),
        ("2026-10-07T14:00:00+08:00", false, "2026-10-08T09:00:00+08:00"),
        ("2026-11-25T01:00:00Z", true, "2026-11-25T01:00:00Z"),
    ] {
        assert_eq!(office.is_open(time(at)), open, "{at}");
        assert_eq!(office.next_opening(time(at)), Some(time(next)), "{at}");
    }
}

#[test]
fn a_clock_change_moves_the_opening_not_the_clock_on_the_wall() {
    let new_york = hours(json!({
        "time_zone": "America/New_York",
        "week": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "01:30", "to": "02:30"}],
    }));
    for (at, open) in [
        // 2026-03-08, 02:00 becomes 03:00: 01:30 EST to 02:30, which is left out and taken as 03:30 EDT.
        ("2026-03-08T06:29:00Z", false),
        ("2026-03-08T06:30:00Z", true),
        ("2026-03-08T07:29:00Z", true),
        ("2026-03-08T07:30:00Z", false),
        // The next day, in summer time.
        ("2026-03-09T05:29:00Z", false),
        ("2026-03-09T05:30:00Z", true),
        ("2026-03-09T06:30:00Z", false),
        // 2026-11-01, 02:00 becomes 01:00: from the first 01:30 to 02:30, two hours later.
        ("2026-11-01T05:30:00Z", true),
        ("2026-11-01T06:15:00Z", true),
        ("2026-11-01T07:29:00Z", true),
        ("2026-11-01T07:30:00Z", false),
    ] {
        assert_eq!(new_york.is_open(time(at)), open, "{at}");
    }
}

#[test]
fn an_empty_week_is_always_open_but_for_holidays() {
    assert!(BusinessHours::default().is_open(time("2026-11-25T03:00:00Z")));
    let closed = hours(json!({"holidays": [{"from": "2026-01-01", "to": "2026-12-31"}]}));
    assert!(!closed.is_open(time("2026-05-01T00:00:00Z")));
    assert_eq!(closed.next_opening(time("2026-05-01T00:00:00Z")), None);
    assert_eq!(closed.next_opening(time("2026-12-20T05:00:00Z")), Some(time("2027-01-01T00:00:00Z")));
}

#[test]
fn what_cannot_be_used_is_refused_by_the_field() {
    let week = |from: &str, to: &str| json!({"week": [{"days": ["mon"], "from": from, "to": to}]});
    for (value, field) in [
        (json!({"time_zone": "Asia/Beijing2"}), "time_zone"),
        (json!({"time_zone": ""}), "time_zone"),
        (week("9:00", "18:00"), "week[0].from"),
        (week("24:00", "18:00"), "week[0].from"),
        (week("09:60", "18:00"), "week[0].from"),
        (week("09:00", "25:00"), "week[0].to"),
        (week("09:00", "24:01"), "week[0].to"),
        (week("09:00", "+8:00"), "week[0].to"),
        (week("09:00", "09:00"), "week[0].to"),
        (week("00:00", "00:00"), "week[0].to"),
        (json!({"week": [{"days": [], "from": "09:00", "to": "10:00"}]}), "week[0].days"),
        (json!({"holidays": [{"from": "2026-10-07", "to": "2026-10-01"}]}), "holidays[0]"),
        (json!({"holidays": ["2026-10-07", {"from": "2026-10-07", "to": "2028-10-01"}]}), "holidays[1]"),
        (json!({"open_days": [{"days": "2026-10-07", "from": "x", "to": "10:00"}]}), "open_days[0].from"),
        (json!({"holidays": vec!["2026-10-07"; 201]}), "holidays"),
    ] {
        let hours: BusinessHours = serde_json::from_value(value.clone()).unwrap();
        let refusal = hours.check().unwrap_err();
        assert_eq!(refusal.code, Code::InvalidField);
        assert!(refusal.message().contains(&format!("`{field}`")), "{value}: {}", refusal.message());
    }
    for value in [json!({"weeks": []}), json!({"week": [{"days": ["monday"], "from": "09:00", "to": "10:00"}]})] {
        assert!(serde_json::from_value::<BusinessHours>(value).is_err());
    }
}

fn clock() -> impl Strategy<Value = String> {
    (0u8..24, 0u8..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"))
}

fn any_hours() -> impl Strategy<Value = BusinessHours> {
    let zone = prop::sample::select(vec![
        "UTC",
        "Asia/Shanghai",
        "America/New_York",
        "Europe/London",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/St_Johns",
        "Pacific/Apia",
    ]);
    let day = prop::sample::subsequence(vec!["mon", "tue", "wed", "thu", "fri", "sat", "sun"], 1..=7);
    let opening = (day, clock(), clock()).prop_filter("not empty", |(_, from, to)| from != to);
    let week = prop::collection::vec(opening, 1..4);
    let holidays = prop::collection::vec((1u8..=12, 1u8..=28), 0..6);
    (zone, week, holidays).prop_map(|(zone, week, holidays)| {
        let week: Vec<_> =
            week.into_iter().map(|(days, from, to)| json!({"days": days, "from": from, "to": to})).collect();
        let holidays: Vec<_> =
            holidays.into_iter().map(|(month, day)| json!(format!("2026-{month:02}-{day:02}"))).collect();
        hours(json!({"time_zone": zone, "week": week, "holidays": holidays}))
    })
}

proptest! {
    #[test]
    fn it_is_open_at_the_next_opening_and_closed_until_then(
        hours in any_hours(), second in 1_767_225_600i64..1_798_761_600, parts in prop::collection::vec(0.0f64..1.0, 20),
    ) {
        let after = Time::from_second(second).unwrap();
        let Some(next) = hours.next_opening(after) else {
            for part in parts {
                let at = second + (part * f64::from(SEARCH_DAYS - 2) * 86_400.0) as i64;
                prop_assert!(!hours.is_open(Time::from_second(at).unwrap()));
            }
            return Ok(());
        };
        prop_assert!(next >= after);
        prop_assert!(hours.is_open(next));
        prop_assert_eq!(hours.next_opening(next), Some(next));
        for part in parts {
            let at = second + (part * (next.as_second() - second) as f64) as i64;
            prop_assert!(at == next.as_second() || !hours.is_open(Time::from_second(at).unwrap()));
        }
    }

    #[test]
    fn any_hours_survive_json(hours in any_hours()) {
        let text = serde_json::to_string(&hours).unwrap();
        prop_assert_eq!(serde_json::from_str::<BusinessHours>(&text).unwrap(), hours);
    }

    #[test]
    fn no_text_as_a_field_panics(zone in any::<String>(), from in any::<String>(), to in any::<String>()) {
        let hours: BusinessHours = serde_json::from_value(
            json!({"time_zone": zone, "week": [{"days": ["mon"], "from": from, "to": to}]})).unwrap();
        let _ = hours.check();
        let _ = hours.is_open(time("2026-11-23T10:00:00Z"));
        let _ = hours.next_opening(time("9999-12-30T10:00:00Z"));
    }
}
