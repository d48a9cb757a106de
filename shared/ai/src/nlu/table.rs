//! Values by the hashes of features: open addressing, so that looking one up is one look at memory.

/// What is known of hashes.
#[derive(Debug, Clone)]
pub(crate) struct Table<V> {
    /// Hash and value; none where there is none.
    cells: Vec<(u32, Option<V>)>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { cells: vec![] }
    }
}

impl<V: Copy> Table<V> {
    /// A table of hashes, each of which is there once.
    pub(crate) fn of(all: impl IntoIterator<Item = (u32, V)>) -> Self {
        let all: Vec<(u32, V)> = all.into_iter().collect();
        let mut table = Self { cells: vec![(0, None); (all.len() * 2).next_power_of_two()] };
        let mask = table.cells.len() - 1;
        for (hash, value) in all {
            let mut at = hash as usize & mask;
            while table.cells[at].1.is_some() {
                at = (at + 1) & mask;
            }
            table.cells[at] = (hash, Some(value));
        }
        table
    }

    pub(crate) fn get(&self, hash: u32) -> Option<V> {
        let mask = self.cells.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let (own, value) = self.cells[at];
            if own == hash || value.is_none() {
                return value;
            }
            at = (at + 1) & mask;
        }
    }

    /// All, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, V)> {
        self.cells.iter().filter_map(|(hash, value)| Some((*hash, (*value)?)))
    }
}
