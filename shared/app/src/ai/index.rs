//! `Index`: the index of an account's articles is made anew where it is older than they are.

use deskwire_ai::knowledge::{self, Index};
use deskwire_domain::AccountId;
use deskwire_protocol::http::{AiSettings, Article, ModelSettings};
use deskwire_store::Document;
use sha2::{Digest, Sha256};

use super::serving::MadeOf;
use crate::{App, AppError};

impl App {
    /// Makes the index of an account's articles anew, unless it is made of these.
    ///
    /// # Errors
    /// A failure: the job comes again.
    pub async fn make_index(&self, account: &AccountId) -> Result<(), AppError> {
        let settings = self.ai_settings(account).await?;
        let articles: Vec<knowledge::Article> =
            self.articles(account).await?.into_iter().filter(|article| !article.draft).map(as_known).collect();
        let of = fingerprint(&articles, &settings)?;
        let serving = self.serving(account).await?.value;
        if serving.knowledge.as_ref().is_some_and(|made| made.of == of) {
            return Ok(());
        }
        let synonyms = settings.synonyms.clone();
        let index = tokio::task::spawn_blocking(move || Index::build(&articles, &synonyms)).await;
        let index = index.map_err(|error| AppError::Failed(error.to_string()))?;
        let index = self.with_vectors(account, &settings, index).await?;
        let (blob, bytes) = (format!("knowledge.{}", ulid::Ulid::generate()), index.to_bytes());
        self.store.write_blob(account, &blob, &bytes, None).await?;
        let made = MadeOf { blob, of };
        let before = self.change_serving(account, |serving| serving.knowledge = Some(made.clone())).await?;
        if let Some(before) = before.knowledge {
            self.store.delete_blob(account, &before.blob).await?;
        }
        tracing::info!(%account, bytes = bytes.len(), "an index was made");
        Ok(())
    }

    /// The index with a vector for each text, where the account has a model for them; without, if it does not answer.
    async fn with_vectors(&self, account: &AccountId, settings: &AiSettings, index: Index) -> Result<Index, AppError> {
        let Some(client) = self.embedder(account, settings).await? else { return Ok(index) };
        let texts: Vec<String> = index.texts().collect();
        let vectors = match client.embed(&texts).await {
            Ok(vectors) => vectors,
            Err(error) => {
                tracing::warn!(%error, %account, "articles have no vectors: their words alone are searched");
                return Ok(index);
            }
        };
        let plain = index.clone();
        let with = tokio::task::spawn_blocking(move || index.with_vectors(&vectors)).await;
        Ok(with.map_err(|error| AppError::Failed(error.to_string()))?.unwrap_or(plain))
    }

    /// All articles of an account.
    pub(super) async fn articles(&self, account: &AccountId) -> Result<Vec<Article>, AppError> {
        Ok(self.store.all_documents(account, Document::Article).await?)
    }
}

pub(super) fn as_known(article: Article) -> knowledge::Article {
    knowledge::Article {
        id: article.id,
        title: article.title,
        body: article.body,
        questions: article.questions,
        url: article.url,
        language: article.language,
    }
}

fn fingerprint(articles: &[knowledge::Article], settings: &AiSettings) -> Result<String, AppError> {
    let vectors = settings.model.as_ref().and_then(|model| match model {
        ModelSettings::Openai { url, embeddings: Some(model), .. } => Some((url, model)),
        _ => None,
    });
    // A newer version of the index is another index.
    let made_of = (env!("CARGO_PKG_VERSION"), knowledge::VERSION, articles, &settings.synonyms, vectors);
    let json = serde_json::to_vec(&made_of).map_err(|error| AppError::Failed(error.to_string()))?;
    Ok(hex::encode(Sha256::digest(json)))
}
