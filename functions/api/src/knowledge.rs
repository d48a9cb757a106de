//! What the company knows, what is suggested from it, and what must not be said.

use axum::extract::{Path, State};
use deskwire_app::App;
use deskwire_filter::WordList;
use deskwire_protocol::http::{
    Article, ArticleChange, ArticleFromAnswer, HeldMessage, ImportArticles, Imported, Page, Suggestion,
};
use deskwire_store::Document;
use http::StatusCode;

use crate::{
    answer::{Answer, Created, Refused, created, done, ok},
    configure::Paging,
    gate::{Admin, Asked, Read, Staff, id},
};

pub(crate) async fn articles(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(page): Asked<Paging>,
) -> Answer<Page<Article>> {
    ok(app.list_documents(&caller, Document::Article, page.parts()).await)
}

pub(crate) async fn create_article(
    State(app): State<App>,
    Staff(caller): Staff,
    Read(change): Read<ArticleChange>,
) -> Created<Article> {
    created(app.create_article(&caller, change).await)
}

pub(crate) async fn import(
    State(app): State<App>,
    Admin(caller): Admin,
    Read(import): Read<ImportArticles>,
) -> Answer<Imported> {
    ok(app.import_articles(&caller, import).await)
}

pub(crate) async fn from_answer(
    State(app): State<App>,
    Staff(caller): Staff,
    Read(from): Read<ArticleFromAnswer>,
) -> Created<Article> {
    created(app.article_from_answer(&caller, from).await)
}

pub(crate) async fn article(
    State(app): State<App>,
    Path(article): Path<String>,
    Staff(caller): Staff,
) -> Answer<Article> {
    ok(app.read_document(&caller, Document::Article, &article).await)
}

pub(crate) async fn change_article(
    State(app): State<App>,
    Path(article): Path<String>,
    Staff(caller): Staff,
    Read(change): Read<ArticleChange>,
) -> Answer<Article> {
    ok(app.change_article(&caller, &article, change).await)
}

pub(crate) async fn delete_article(
    State(app): State<App>,
    Path(article): Path<String>,
    Staff(caller): Staff,
) -> Result<StatusCode, Refused> {
    done(app.delete_document(&caller, Document::Article, &article).await)
}

pub(crate) async fn suggestions(
    State(app): State<App>,
    Path(conversation): Path<String>,
    Staff(caller): Staff,
    _: Asked<Paging>,
) -> Answer<Page<Suggestion>> {
    ok(app.suggestions(&caller, &id(&conversation)?).await)
}

pub(crate) async fn held(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(page): Asked<Paging>,
) -> Answer<Page<HeldMessage>> {
    ok(app.list_held(&caller, page.parts()).await)
}

pub(crate) async fn word_lists(
    State(app): State<App>,
    Admin(caller): Admin,
    Asked(page): Asked<Paging>,
) -> Answer<Page<WordList>> {
    ok(app.list_word_lists(&caller, page.parts()).await)
}

pub(crate) async fn put_word_list(
    State(app): State<App>,
    Path(name): Path<String>,
    Admin(caller): Admin,
    Read(list): Read<WordList>,
) -> Answer<WordList> {
    ok(app.put_word_list(&caller, &name, list).await)
}

pub(crate) async fn delete_word_list(
    State(app): State<App>,
    Path(name): Path<String>,
    Admin(caller): Admin,
) -> Result<StatusCode, Refused> {
    done(app.delete_word_list(&caller, &name).await)
}
