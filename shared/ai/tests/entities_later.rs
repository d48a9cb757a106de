//! What texts say of time: sentences that were written after the rules, as people write them. It is a Wednesday.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_ai::entities::{
    Entities, EntitySettings,
    Kind::{Date, DateTime, Period, Time},
};

/// Texts that were written after the rules.
const LATER: &str = "
我20号下的单到现在没收到|2026-11-20
11月18日晚上买的|2026-11-18
上周四下单的|2026-11-19
周日能送货吗|2026-11-29
下个月一号发货吗|2026-12-01
四天前签收的|2026-11-21
刚刚买的|
大前天付的款|2026-11-22
12月24号下午5点前要到|2026-12-24T17:00
今天下午六点以后|2026-11-25T18:00
明天早上8点到10点之间|2026-11-26T08:00/2026-11-26T10:00
早上十点二十|10:20
后天中午十二点|2026-11-27T12:00
下周一到下周三|2026-11-30/2026-12-02
7号到10号|2026-11-07/2026-11-10
2026年12月|2026-12-01/2026-12-31
过去30天|2026-10-26/2026-11-25
三个月内|2026-11-25/2027-02-25
两小时前|2026-11-25T08:30
15分钟后|2026-11-25T10:45
半个小时后|2026-11-25T11:00
两年前|2024-11-25
元旦放假吗|2027-01-01
22:00以后|22:00
本月底|2026-11-30
今年3月5日|2026-03-05
26年1月3日|2026-01-03
I placed it on November 18|2026-11-18
ordered on 18 Nov|2026-11-18
deliver by Dec 24, 2026|2026-12-24
deliver on Thursday afternoon|2026-11-26
last Thursday|2026-11-19
it arrived 5 days ago|2026-11-20
in two days|2026-11-27
by 6pm today|2026-11-25T18:00
tomorrow morning at 9:30|2026-11-26T09:30
tomorrow between 2pm and 5pm|2026-11-26T14:00/2026-11-26T17:00
Friday at noon|2026-11-27T12:00
10/12/2026|2026-10-12
2026-12-01T09:00|2026-12-01T09:00
on Nov 30th at 5:15 PM|2026-11-30T17:15
next month|2026-12-01/2026-12-31
this week|2026-11-23/2026-11-29
the past 30 days|2026-10-26/2026-11-25
three weeks ago|2026-11-04
between Nov 20 and Nov 25|2026-11-20/2026-11-25
from 1 Dec to 5 Dec|2026-12-01/2026-12-05
new year's eve|2026-12-31
within 24 hours|2026-11-25T10:30/2026-11-26T10:30
an hour ago|2026-11-25T09:30
at 11 am|11:00
6:30 in the morning|06:30
5 past 3|
I have 2 pm meetings|14:00
May I return it|
second item|
size 10-12|
3.5 stars|
第2天|
这款一点也不好|
5点建议|
4月款|2027-04-01/2027-04-30
";

#[test]
fn what_people_wrote_later() {
    let cases: Vec<_> = LATER.lines().filter_map(|line| line.split_once('|')).collect();
    assert!(cases.len() > 60);
    let settings = EntitySettings { order_patterns: vec![r"[A-Z]\d{3,10}".to_owned()], ..Default::default() };
    let entities = Entities::new(&settings).unwrap();
    let now = jiff::civil::date(2026, 11, 25).at(10, 30, 0, 0);
    let wrong: Vec<_> = cases
        .iter()
        .filter_map(|(text, meant)| {
            let found = entities.find(text, now).into_iter();
            let temporal = found.filter(|found| matches!(found.kind, Date | Time | DateTime | Period));
            let found: Vec<_> = temporal.map(|found| found.normal).collect();
            (found.join(" ") != *meant).then(|| format!("{text}: {found:?}, not {meant}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
