//! Vectors of texts, for knowledge that is searched by meaning (`/embeddings`).

use deskwire_outbound::StreamLimits;
use serde::Deserialize;
use serde_json::json;

use super::openai::{OpenAiClient, read_json};
use crate::agent::AgentError;

/// Texts in one request: what the smallest of the common servers take.
const BATCH: usize = 64;
/// Bytes of an answer: 64 vectors of 4,096 numbers, 20 letters each, with room.
const ANSWER_BYTES: usize = 8 * 1024 * 1024;

#[derive(Deserialize)]
struct Answer {
    data: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    index: usize,
    embedding: Vec<f32>,
}

impl OpenAiClient {
    /// A vector for each text, in their order, all of one length. The client's model must be one for embeddings.
    ///
    /// # Errors
    /// [`AgentError`]; [`AgentError::Unusable`] where a vector is missing, or of another length, or has no numbers.
    pub async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, AgentError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            vectors.extend(self.embed_batch(batch).await?);
        }
        let length = vectors.first().map_or(0, Vec::len);
        let usable = |vector: &Vec<f32>| vector.len() == length && vector.iter().all(|number| number.is_finite());
        if vectors.iter().all(usable) && (length > 0 || texts.is_empty()) {
            return Ok(vectors);
        }
        Err(AgentError::Unusable("broken_vectors"))
    }

    async fn embed_batch(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, AgentError> {
        let limits = self.config.limits;
        let limits = StreamLimits { first: limits.total, idle: limits.idle, total: limits.total, bytes: ANSWER_BYTES };
        let body = json!({"model": self.config.model, "input": texts, "encoding_format": "float"});
        let mut stream = self.post("embeddings", &body, limits).await?;
        let Answer { mut data } = read_json(&mut stream).await?;
        data.sort_by_key(|vector| vector.index);
        let complete = data.len() == texts.len() && data.iter().enumerate().all(|(at, vector)| vector.index == at);
        if !complete {
            return Err(AgentError::Unusable("broken_vectors"));
        }
        Ok(data.into_iter().map(|vector| vector.embedding).collect())
    }
}
