//! Whether a text must be read again once words in it are masked.
//!
//! A masked word is a gap, and the letters on its two sides may be another word pulled apart: `f-ass-uck`.

use crate::fold::{CLAUSE, LINE, LONG, NONE, SPACE};
use crate::units::Unit;

/// Whether letters on both sides of a masked place may be read as one word; `stars` are the masked characters, in order.
pub fn may_rejoin(units: &[Unit], stars: &[u32]) -> bool {
    let mut from = 0;
    while let Some(&star) = stars.get(from) {
        let start = units.partition_point(|unit| unit.at < star);
        let end = masked_to(units, start, stars);
        if joins(units, start, end) || isolates(units, start, end) {
            return true;
        }
        let last = end.checked_sub(1).and_then(|last| units.get(last)).map_or(star, |unit| unit.at);
        from = stars.partition_point(|&other| other <= last.max(star));
    }
    false
}

fn is_masked(unit: &Unit, stars: &[u32]) -> bool {
    stars.binary_search(&unit.at).is_ok()
}

/// Where the masked units end that begin at `start`.
fn masked_to(units: &[Unit], start: usize, stars: &[u32]) -> usize {
    let masked = units.iter().skip(start).take_while(|unit| is_masked(unit, stars)).count();
    start + masked
}

/// Whether a letter beside the masked units `start..end` stands alone now, so that it may be one word with what lies
/// behind the gap on its other side: `b` in `傻，b傻逼`.
fn isolates(units: &[Unit], start: usize, end: usize) -> bool {
    let apart = |unit: Option<&Unit>| unit.is_some_and(|unit| unit.gap & (SPACE | CLAUSE | LINE) != 0);
    let before = start.checked_sub(1).and_then(|left| units.get(left));
    let touches = |unit: Option<&Unit>| unit.is_some_and(|unit| unit.gap == NONE);
    touches(units.get(start)) && apart(before) || touches(units.get(end)) && apart(units.get(end + 1))
}

/// Whether the letters beside the masked units `start..end` may be one word.
fn joins(units: &[Unit], start: usize, end: usize) -> bool {
    if start == 0 || end >= units.len() {
        return false;
    }
    let gap = units.get(start..=end).unwrap_or_default().iter().fold(NONE, |gap, unit| gap | unit.gap);
    gap & LONG == 0
}
