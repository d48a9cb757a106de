//! Weights of the tagger's features, a row each: short rows by tag, long ones a byte for every tag, so that a query adds
//! them up without looking.

use super::{
    bytes::{Reader, Writer},
    slots::Tag,
    table::Table,
};

/// A row is kept whole where it has a weight for one tag of so many: adding up a byte for each is then the faster.
const DENSE: usize = 8;
/// The length of a row that is kept whole.
const WHOLE: u32 = u32::MAX;

/// Rows by hash.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    tags: usize,
    /// In order.
    hashes: Vec<u32>,
    table: Table,
    /// Of each row where it begins, and how many weights it has; [`WHOLE`] where it is kept whole.
    places: Vec<(u32, u32)>,
    short: Vec<(Tag, i8)>,
    whole: Vec<i8>,
}

impl Rows {
    /// Room for so many rows.
    pub(crate) fn with_capacity(tags: usize, rows: usize) -> Self {
        Self { tags, hashes: Vec::with_capacity(rows), places: Vec::with_capacity(rows), ..Self::default() }
    }

    /// Adds a row, whose hash is above those that are there, and whose tags are in order.
    pub(crate) fn push(&mut self, hash: u32, weights: &[(Tag, i8)]) {
        let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        self.hashes.push(hash);
        if weights.len() * DENSE < self.tags {
            self.places.push((place(self.short.len()), place(weights.len())));
            self.short.extend_from_slice(weights);
        } else {
            let first = self.whole.len();
            self.places.push((place(first), WHOLE));
            self.whole.resize(first + self.tags, 0);
            weights.iter().for_each(|(tag, weight)| self.whole[first + usize::from(*tag)] = *weight);
        }
    }

    /// Makes them ready to be asked.
    pub(crate) fn finish(mut self) -> Self {
        self.table = Table::of(&self.hashes);
        self
    }

    /// Adds the row of a feature to sums, one a tag.
    pub(crate) fn add(&self, hash: u32, sums: &mut [i32]) {
        let Some((first, count)) = self.table.get(hash).map(|place| self.places[place]) else { return };
        let first = first as usize;
        if count == WHOLE {
            let row = &self.whole[first..first + self.tags];
            sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += i32::from(*weight));
        } else {
            let row = &self.short[first..first + count as usize];
            row.iter().for_each(|(tag, weight)| sums[usize::from(*tag)] += i32::from(*weight));
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.number(self.hashes.len() as u64);
        let mut last = 0;
        for (hash, (first, count)) in self.hashes.iter().zip(&self.places) {
            let first = *first as usize;
            out.number(u64::from(hash - last));
            let row: Vec<(Tag, i8)> = if *count == WHOLE {
                let all = (0..).zip(&self.whole[first..first + self.tags]);
                all.filter(|(_, weight)| **weight != 0).map(|(tag, weight)| (tag, *weight)).collect()
            } else {
                self.short[first..first + *count as usize].to_vec()
            };
            out.number(row.len() as u64);
            for (tag, weight) in row {
                out.number(u64::from(tag));
                out.0.push(weight.cast_unsigned());
            }
            last = *hash;
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>, tags: usize) -> Option<Self> {
        let many = from.count(2)?;
        let (mut rows, mut last, mut row) = (Self::with_capacity(tags, many), 0u32, Vec::with_capacity(tags));
        for at in 0..many {
            let step = u32::try_from(from.number()?).ok().filter(|step| at == 0 || *step > 0)?;
            last = last.checked_add(step)?;
            row.clear();
            for _ in 0..from.count(2)? {
                let tag = Tag::try_from(from.number()?).ok().filter(|tag| usize::from(*tag) < tags)?;
                row.push((tag, from.take(1)?.first()?.cast_signed()));
            }
            rows.push(last, &row);
        }
        Some(rows.finish())
    }
}
