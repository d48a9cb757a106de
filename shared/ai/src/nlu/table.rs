//! Places by the hashes of features: open addressing, so that looking one up is one look at memory.

/// The place of a cell that is empty.
const EMPTY: u32 = u32::MAX;

/// Where in the order of their hashes the features stand that are known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// Hash and place, 8 bytes together.
    cells: Vec<(u32, u32)>,
}

impl Table {
    /// A table of hashes, each of which is there once; each has its place in the list.
    pub(crate) fn of(hashes: &[u32]) -> Self {
        let mut cells = vec![(0, EMPTY); (hashes.len() * 2).next_power_of_two()];
        let mask = cells.len() - 1;
        for (hash, place) in hashes.iter().zip(0..EMPTY) {
            let mut at = *hash as usize & mask;
            while cells[at].1 != EMPTY {
                at = (at + 1) & mask;
            }
            cells[at] = (*hash, place);
        }
        Self { cells }
    }

    pub(crate) fn get(&self, hash: u32) -> Option<usize> {
        let mask = self.cells.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let (own, place) = self.cells[at];
            if place == EMPTY {
                return None;
            }
            if own == hash {
                return Some(place as usize);
            }
            at = (at + 1) & mask;
        }
    }
}
