//! Misspelled words: those of the index that differ in a letter or two.

use std::collections::HashMap;

/// Letters from which a word may have one slip, and two.
const ONE_SLIP: usize = 4;
const TWO_SLIPS: usize = 8;
/// Letters of a word that is looked at.
const LETTERS: usize = 24;
/// Words that are compared, and that are taken.
const COMPARED: usize = 200;
const TAKEN: usize = 3;
/// What a word with one slip is worth, and with two.
const WORTH: [f32; 3] = [1.0, 0.8, 0.6];

/// Words by the pairs of letters in them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spelling {
    pairs: HashMap<(char, char), Vec<u32>>,
}

impl Spelling {
    /// Of sorted terms; only those of letters count.
    pub(crate) fn new(terms: &[String]) -> Self {
        let mut pairs: HashMap<(char, char), Vec<u32>> = HashMap::new();
        for (number, term) in terms.iter().enumerate() {
            if let Some(letters) = letters(term) {
                let mut own: Vec<(char, char)> = letters.windows(2).map(|two| (two[0], two[1])).collect();
                own.sort_unstable();
                own.dedup();
                own.into_iter().for_each(|pair| pairs.entry(pair).or_default().push(number as u32));
            }
        }
        Self { pairs }
    }

    /// The terms that a word may mean, and what each is worth, the best first.
    pub(crate) fn near(&self, word: &str, terms: &[String]) -> Vec<(usize, f32)> {
        let Some(letters) = letters(word) else { return vec![] };
        let slips = if letters.len() >= TWO_SLIPS { 2 } else { 1 };
        let mut own: Vec<(char, char)> = letters.windows(2).map(|two| (two[0], two[1])).collect();
        own.sort_unstable();
        own.dedup();
        let mut common: HashMap<u32, usize> = HashMap::new();
        for pair in &own {
            self.pairs.get(pair).into_iter().flatten().for_each(|term| *common.entry(*term).or_default() += 1);
        }
        let mut common: Vec<(u32, usize)> = common.into_iter().collect();
        common.sort_unstable_by_key(|(term, count)| (usize::MAX - count, *term));
        let distance = |term: u32| {
            let term = term as usize;
            let other: Vec<char> = terms.get(term)?.chars().collect();
            (other.len().abs_diff(letters.len()) <= slips).then(|| (term, distance(&letters, &other)))
        };
        let mut near: Vec<(usize, usize)> = common
            .into_iter()
            .take(COMPARED)
            .filter_map(|(term, _)| distance(term))
            .filter(|(_, d)| *d <= slips)
            .collect();
        near.sort_by_key(|(term, distance)| (*distance, *term));
        near.into_iter().take(TAKEN).map(|(term, distance)| (term, WORTH[distance.min(2)])).collect()
    }
}

fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().take(LETTERS + 1).collect();
    let fits = (ONE_SLIP..=LETTERS).contains(&letters.len());
    (fits && letters.iter().all(|char| char.is_alphabetic() && !crate::text::is_han(*char))).then_some(letters)
}

/// Letters to add, drop, change or swap with their neighbour (optimal string alignment).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut rows = [vec![0; other.len() + 1], (0..=other.len()).collect::<Vec<_>>(), vec![0; other.len() + 1]];
    for i in 1..=one.len() {
        let [before, above, row] = &mut rows;
        row[0] = i;
        for j in 1..=other.len() {
            let change = above[j - 1] + usize::from(one[i - 1] != other[j - 1]);
            row[j] = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        rows.rotate_left(1);
    }
    rows[1][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_forgiven_and_another_word_is_not() {
        let terms: Vec<String> = ["invoic", "refund", "return", "warrant", "退款"].map(String::from).into();
        let spelling = Spelling::new(&terms);
        for (typed, meant) in [("refnud", "refund"), ("invoc", "invoic"), ("retrun", "return"), ("warant", "warrant")] {
            let near = spelling.near(typed, &terms);
            assert_eq!(near.first().map(|(term, _)| terms[*term].as_str()), Some(meant), "{typed}");
        }
        for other in ["weather", "退货", "abc", "refrigerator"] {
            assert_eq!(spelling.near(other, &terms), []);
        }
    }
}
