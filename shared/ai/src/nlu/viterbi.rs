//! The best path through a chain in which most states follow from few.

/// What a chain allows.
pub(crate) struct Chain {
    /// Scores of a first state; minus infinity where it cannot be one.
    pub starts: Vec<f32>,
    /// By the state before, then by the state behind.
    pub steps: Vec<f32>,
    /// Of a state that goes on with another: those that it may follow. None where it may follow all.
    pub only: Vec<Option<[usize; 2]>>,
}

/// The states of the best path; `scores` are those of each place, state by state.
///
/// Of the states before a place only those are looked at whose distance to the best one a step could still make up.
pub(crate) fn best(scores: &[f32], chain: &Chain) -> Vec<usize> {
    let states = chain.starts.len();
    if states == 0 || scores.is_empty() {
        return vec![];
    }
    let places = scores.len() / states;
    let reach = reach(chain, states);
    let mut from = vec![0u16; scores.len()];
    let mut now: Vec<f32> = chain.starts.iter().zip(scores).map(|(start, score)| start + score).collect();
    let (mut next, mut alive) = (vec![0.0f32; states], Vec::with_capacity(states));
    for place in 1..places {
        let most = now.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        alive.clear();
        alive.extend((0..states).filter(|state| now[*state] >= most - reach));
        for state in 0..states {
            let mut reached = (f32::NEG_INFINITY, 0usize);
            let mut consider = |before: usize| {
                let score = now[before] + chain.steps[before * states + state];
                if score > reached.0 {
                    reached = (score, before);
                }
            };
            match chain.only[state] {
                Some(before) => before.into_iter().for_each(&mut consider),
                None => alive.iter().copied().for_each(&mut consider),
            }
            next[state] = reached.0 + scores[place * states + state];
            from[place * states + state] = u16::try_from(reached.1).unwrap_or(0);
        }
        std::mem::swap(&mut now, &mut next);
    }
    let last = (0..states).max_by(|a, b| now[*a].total_cmp(&now[*b])).unwrap_or(0);
    let mut path = vec![last; places];
    for place in (1..places).rev() {
        path[place - 1] = usize::from(from[place * states + path[place]]);
    }
    path
}

/// The greatest difference that steps to one state can make.
fn reach(chain: &Chain, states: usize) -> f32 {
    let free: Vec<usize> = (0..states).filter(|state| chain.only[*state].is_none()).collect();
    let mut bounds = vec![(f32::INFINITY, f32::NEG_INFINITY); states];
    for row in chain.steps.chunks_exact(states) {
        for state in &free {
            let (least, most) = &mut bounds[*state];
            (*least, *most) = (least.min(row[*state]), most.max(row[*state]));
        }
    }
    free.iter().map(|state| bounds[*state].1 - bounds[*state].0).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The score of a path, and that of the best of all paths by trying each.
    fn score(path: &[usize], scores: &[f32], chain: &Chain) -> f32 {
        let states = chain.starts.len();
        let allowed = |before: usize, state: usize| chain.only[state].is_none_or(|only| only.contains(&before));
        let mut sum = chain.starts[path[0]] + scores[path[0]];
        for (place, two) in path.windows(2).enumerate() {
            let step = if allowed(two[0], two[1]) { chain.steps[two[0] * states + two[1]] } else { f32::NEG_INFINITY };
            sum += step + scores[(place + 1) * states + two[1]];
        }
        sum
    }

    proptest! {
        #[test]
        fn no_path_is_better(
            scores in prop::collection::vec(-4.0f32..4.0, 12),
            steps in prop::collection::vec(-3.0f32..3.0, 9),
        ) {
            let chain = Chain {
                starts: vec![0.0, 0.0, f32::NEG_INFINITY],
                steps,
                only: vec![None, None, Some([1, 2])],
            };
            let found = score(&best(&scores, &chain), &scores, &chain);
            for all in 0..81usize {
                let path: Vec<usize> = (0..4u32).map(|place| all / 3usize.pow(place) % 3).collect();
                prop_assert!(score(&path, &scores, &chain) <= found + 1e-4, "{path:?}");
            }
        }
    }
}
