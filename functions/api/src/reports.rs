//! What supervisors are told.

use axum::extract::State;
use deskwire_app::App;
use deskwire_protocol::http::{DayReport, LiveReport, Page};
use serde::Deserialize;

use crate::{
    answer::{Answer, ok},
    gate::{Asked, Staff},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Days {
    from: Option<String>,
    to: Option<String>,
    team: Option<String>,
}

pub(crate) async fn live(State(app): State<App>, Staff(caller): Staff) -> Answer<LiveReport> {
    ok(app.report_live(&caller).await)
}

pub(crate) async fn days(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(asked): Asked<Days>,
) -> Answer<Page<DayReport>> {
    let Days { from, to, team } = asked;
    ok(app.report_days(&caller, (from.as_deref(), to.as_deref()), team.as_deref()).await)
}
