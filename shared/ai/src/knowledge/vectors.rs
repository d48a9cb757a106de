//! Vectors of a model's, for whoever has one: kept as bytes, a quarter of their size, and told from what any two texts
//! have in common.

use super::index::Index;

/// Numbers of one vector, and bytes of all.
const LENGTH: usize = 4_096;
const BYTES: usize = 64 * 1024 * 1024;

/// The vectors of all units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Vectors {
    pub length: usize,
    /// Of length 1 each, in 127ths of the largest number in it.
    pub values: Vec<i8>,
    pub scales: Vec<f32>,
}

/// A question's likeness to each unit.
#[derive(Debug)]
pub(crate) struct Asked {
    likeness: Vec<f32>,
    /// What the question has in common with all.
    common: f32,
}

impl Vectors {
    /// Of vectors as they came.
    pub(crate) fn new(vectors: &[Vec<f32>]) -> Option<Self> {
        let length = vectors.first()?.len();
        let fits = (1..=LENGTH).contains(&length) && vectors.len().checked_mul(length)? <= BYTES;
        if !fits || vectors.iter().any(|vector| vector.len() != length) {
            return None;
        }
        let mut all = Self { length, values: Vec::with_capacity(vectors.len() * length), scales: vec![] };
        for vector in vectors {
            let one = unit(vector)?;
            let most = one.iter().fold(0.0f32, |most, value| most.max(value.abs())).max(1e-9);
            all.values.extend(one.iter().map(|value| (value / most * 127.0).round() as i8));
            all.scales.push(most / 127.0);
        }
        Some(all)
    }

    /// The vector of a unit.
    pub(crate) fn vector(&self, unit: usize) -> Vec<f32> {
        let values = self.values.get(unit * self.length..(unit + 1) * self.length).unwrap_or_default();
        values.iter().map(|value| f32::from(*value) * self.scales[unit]).collect()
    }

    pub(crate) fn ask(&self, vector: &[f32]) -> Option<Asked> {
        let vector = unit(vector).filter(|vector| vector.len() == self.length)?;
        let product = |(values, scale): (&[i8], &f32)| {
            values.iter().zip(&vector).map(|(own, asked)| f32::from(*own) * asked).sum::<f32>() * scale
        };
        let likeness: Vec<f32> = self.values.chunks_exact(self.length).zip(&self.scales).map(product).collect();
        let common = likeness.iter().sum::<f32>() / likeness.len().max(1) as f32;
        Some(Asked { likeness, common })
    }
}

impl Asked {
    /// From 0, as alike as any two, to 1, the same.
    pub(crate) fn likeness(&self, unit: usize) -> f32 {
        let likeness = self.likeness.get(unit).copied().unwrap_or_default();
        ((likeness - self.common) / (1.0 - self.common).max(1e-3)).clamp(0.0, 1.0)
    }
}

/// A vector of length 1; none if it has no direction.
fn unit(vector: &[f32]) -> Option<Vec<f32>> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    (length.is_finite() && length > 1e-12).then(|| vector.iter().map(|value| value / length).collect())
}

/// Vectors that do not fit the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there must be one vector for each text of the index, all of one length that is not too long, and none empty")]
pub struct BadVectors;

impl Index {
    /// With a vector for each of [`Index::texts`], in their order; what a match is worth is fitted anew.
    ///
    /// # Errors
    /// There are not as many, they differ in length, are too long or have none.
    pub fn with_vectors(mut self, vectors: &[Vec<f32>]) -> Result<Self, BadVectors> {
        if vectors.len() != self.units.len() {
            return Err(BadVectors);
        }
        self.vectors = Some(Vectors::new(vectors).ok_or(BadVectors)?);
        self.calibration = self.calibrate();
        Ok(self)
    }
}
