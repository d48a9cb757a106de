//! Webhook endpoints and their deliveries.

use axum::extract::{Path, State};
use deskwire_app::App;
use deskwire_protocol::http::{Delivery, Endpoint, EndpointChange, NewEndpoint, Page, Replay, Replayed};
use http::StatusCode;

use crate::{
    answer::{Answer, Created, Refused, created, done, ok},
    configure::Paging,
    gate::{Admin, Asked, Read, id},
};

pub(crate) async fn list(
    State(app): State<App>,
    Admin(caller): Admin,
    Asked(page): Asked<Paging>,
) -> Answer<Page<Endpoint>> {
    ok(app.list_endpoints(&caller, page.parts()).await)
}

pub(crate) async fn create(
    State(app): State<App>,
    Admin(caller): Admin,
    Read(change): Read<EndpointChange>,
) -> Created<NewEndpoint> {
    created(app.create_endpoint(&caller, change).await)
}

pub(crate) async fn read(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    Admin(caller): Admin,
) -> Answer<Endpoint> {
    ok(app.read_endpoint(&caller, &id(&endpoint)?).await)
}

pub(crate) async fn change(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    Admin(caller): Admin,
    Read(change): Read<EndpointChange>,
) -> Answer<Endpoint> {
    ok(app.change_endpoint(&caller, &id(&endpoint)?, change).await)
}

pub(crate) async fn delete(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    Admin(caller): Admin,
) -> Result<StatusCode, Refused> {
    done(app.delete_endpoint(&caller, &id(&endpoint)?).await)
}

pub(crate) async fn change_secret(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    Admin(caller): Admin,
) -> Answer<NewEndpoint> {
    ok(app.change_secret(&caller, &id(&endpoint)?).await)
}

pub(crate) async fn test(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    Admin(caller): Admin,
) -> Created<Delivery> {
    created(app.test_endpoint(&caller, &id(&endpoint)?).await)
}

pub(crate) async fn replay(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    Admin(caller): Admin,
    Read(replay): Read<Replay>,
) -> Answer<Replayed> {
    ok(app.replay(&caller, &id(&endpoint)?, &replay).await)
}

pub(crate) async fn deliveries(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    Admin(caller): Admin,
    Asked(page): Asked<Paging>,
) -> Answer<Page<Delivery>> {
    ok(app.list_deliveries(&caller, &id(&endpoint)?, page.parts()).await)
}

pub(crate) async fn delivery(
    State(app): State<App>,
    Path((endpoint, delivery)): Path<(String, String)>,
    Admin(caller): Admin,
) -> Answer<Delivery> {
    ok(app.read_delivery(&caller, &id(&endpoint)?, &delivery).await)
}

pub(crate) async fn resend(
    State(app): State<App>,
    Path((endpoint, delivery)): Path<(String, String)>,
    Admin(caller): Admin,
) -> Answer<Delivery> {
    ok(app.resend(&caller, &id(&endpoint)?, &delivery).await)
}
