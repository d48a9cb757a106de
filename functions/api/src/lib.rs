//! The HTTP API: an axum router, the same on Lambda and on one machine. Each route is listed in `protocol::routes`,
//! from which the OpenAPI document is made; a test holds the two together.
//!
//! A token is verified here and not by an authorizer: an HTTP API's authorizer answers a bare 401 that no client can
//! learn from, costs an invocation, and its cache would outlive a revocation.

mod ai;
mod answer;
mod configure;
mod converse;
mod documents;
mod events;
mod files;
mod gate;
mod identify;
mod knowledge;
mod macros;
mod reports;
mod rules;
mod webhooks;
mod widget;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{delete, get, patch, post, put},
};
use deskwire_app::App;
use deskwire_domain::limits::{ATTACHMENT_BYTES, HTTP_BODY_BYTES};

/// The API's router.
pub fn router(app: App) -> Router {
    let limited = routes().layer(DefaultBodyLimit::max(HTTP_BODY_BYTES));
    let largest = usize::try_from(ATTACHMENT_BYTES).unwrap_or(usize::MAX);
    let files = Router::new()
        .route("/v1/files/{account}/{attachment}", get(files::download).put(files::upload))
        .layer(DefaultBodyLimit::max(largest));
    limited
        .layer(middleware::from_fn_with_state(app.clone(), gate::idempotent))
        .merge(files)
        .merge(documents::routes())
        .fallback(answer::not_found)
        .method_not_allowed_fallback(answer::method_not_allowed)
        .layer(middleware::from_fn(gate::open_to_browsers))
        .layer(middleware::from_fn(gate::traced))
        .with_state(app)
}

fn routes() -> Router<App> {
    Router::new()
        .route("/v1/token", post(identify::token))
        .route("/v1/token/revoke", post(identify::revoke_own))
        .route("/v1/tickets", post(identify::ticket))
        .route("/v1/widget", get(widget::config))
        .route("/v1/sign-on", get(widget::sign_on))
        .route("/v1/conversations", get(converse::list).post(converse::begin))
        .route("/v1/conversations/{conversation}", get(converse::read))
        .route("/v1/conversations/{conversation}/entries", get(converse::entries))
        .route("/v1/conversations/{conversation}/actions", post(converse::act))
        .route("/v1/contacts", get(configure::list_contacts).post(configure::create_contact))
        .route("/v1/contacts/{contact}", get(configure::read_contact).patch(configure::change_contact))
        .route("/v1/contacts/{contact}/merge", post(configure::merge_contacts))
        .route("/v1/agents", get(configure::list_agents).post(configure::create_agent))
        .route("/v1/agents/{agent}", get(configure::read_agent).patch(configure::change_agent))
        .route("/v1/agents/{agent}/profile", get(widget::profile))
        .route("/v1/agents/{agent}/revoke", post(identify::revoke_agent))
        .route("/v1/teams", get(configure::list_teams).post(configure::create_team))
        .route("/v1/teams/{team}", get(configure::read_team).patch(configure::change_team))
        .route("/v1/inboxes", get(configure::list_inboxes).post(configure::create_inbox))
        .route("/v1/inboxes/{inbox}", get(configure::read_inbox).patch(configure::change_inbox))
        .route("/v1/canned-responses", get(configure::list_canned))
        .route("/v1/canned-responses/{short}", put(configure::put_canned).delete(configure::delete_canned))
        .route("/v1/macros", get(macros::list))
        .route("/v1/macros/{name}", put(macros::put).delete(macros::delete))
        .route("/v1/conversations/{conversation}/macros/{name}", post(macros::run))
        .route("/v1/labels", get(configure::list_labels))
        .route("/v1/labels/{name}", put(configure::put_label).delete(configure::delete_label))
        .route("/v1/attachments", post(files::announce))
        .route("/v1/attachments/{attachment}", get(files::read))
        .route("/v1/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/v1/webhooks/{endpoint}", get(webhooks::read).patch(webhooks::change).delete(webhooks::delete))
        .route("/v1/webhooks/{endpoint}/secret", post(webhooks::change_secret))
        .route("/v1/webhooks/{endpoint}/test", post(webhooks::test))
        .route("/v1/webhooks/{endpoint}/replay", post(webhooks::replay))
        .route("/v1/webhooks/{endpoint}/deliveries", get(webhooks::deliveries))
        .route("/v1/webhooks/{endpoint}/deliveries/{delivery}", get(webhooks::delivery))
        .route("/v1/webhooks/{endpoint}/deliveries/{delivery}/resend", post(webhooks::resend))
        .route("/v1/event-sources", get(events::list_sources).post(events::create_source))
        .route("/v1/event-sources/{source}", delete(events::delete_source))
        .route("/v1/event-sources/{source}/secret", post(events::change_source_secret))
        .route("/v1/events", get(events::list).post(events::accept))
        .route("/v1/events/{event}", get(events::read))
        .route("/v1/events/{event}/retry", post(events::retry))
        .route("/v1/rules", get(rules::read).put(rules::put))
        .route("/v1/rules/check", post(rules::check))
        .route("/v1/secrets", get(rules::list_secrets))
        .route("/v1/secrets/{name}", put(rules::put_secret).delete(rules::delete_secret))
        .route("/v1/queries", get(rules::queries))
        .route("/v1/queries/{query}", post(rules::ask))
        .route("/v1/reports/live", get(reports::live))
        .route("/v1/reports/days", get(reports::days))
        .merge(of_the_ai_agent())
        .route("/v1/account", patch(configure::change_account).get(configure::read_account))
}

fn of_the_ai_agent() -> Router<App> {
    Router::new()
        .route("/v1/ai", get(ai::settings).put(ai::set))
        .route("/v1/ai/test", post(ai::test))
        .route("/v1/ai/quality", get(ai::quality))
        .route("/v1/ai/unanswered", get(ai::unanswered))
        .route("/v1/ai/unanswered/resolve", post(ai::resolve))
        .route("/v1/ai/models", get(ai::models).post(ai::train))
        .route("/v1/ai/models/{version}", get(ai::model))
        .route("/v1/ai/models/{version}/serve", post(ai::serve))
        .route("/v1/intents", get(ai::intents))
        .route("/v1/intents/{intent}", get(ai::intent).put(ai::put_intent).delete(ai::delete_intent))
        .route("/v1/articles", get(knowledge::articles).post(knowledge::create_article))
        .route("/v1/articles/import", post(knowledge::import))
        .route("/v1/articles/from-answer", post(knowledge::from_answer))
        .route(
            "/v1/articles/{article}",
            get(knowledge::article).patch(knowledge::change_article).delete(knowledge::delete_article),
        )
        .route("/v1/conversations/{conversation}/suggestions", get(knowledge::suggestions))
        .route("/v1/held", get(knowledge::held))
        .route("/v1/word-lists", get(knowledge::word_lists))
        .route("/v1/word-lists/{name}", put(knowledge::put_word_list).delete(knowledge::delete_word_list))
}
