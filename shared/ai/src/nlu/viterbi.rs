//! The best path through a chain.

/// What a chain allows: scores of its first state, and of one state behind another; minus infinity where it does not.
pub(crate) struct Chain {
    pub starts: Vec<f32>,
    /// By the state before, then by the state behind.
    pub steps: Vec<f32>,
}

/// The states of the best path; `scores` are those of each place, state by state.
pub(crate) fn best(scores: &[f32], chain: &Chain) -> Vec<usize> {
    let states = chain.starts.len();
    if states == 0 || scores.is_empty() {
        return vec![];
    }
    let places = scores.len() / states;
    let mut from = vec![0u16; scores.len()];
    let mut now: Vec<f32> = chain.starts.iter().zip(scores).map(|(start, score)| start + score).collect();
    let mut next = vec![0.0f32; states];
    for place in 1..places {
        for state in 0..states {
            let mut reached = (f32::NEG_INFINITY, 0u16);
            for (before, score) in now.iter().enumerate() {
                let score = score + chain.steps[before * states + state];
                if score > reached.0 {
                    reached = (score, u16::try_from(before).unwrap_or(0));
                }
            }
            next[state] = reached.0 + scores[place * states + state];
            from[place * states + state] = reached.1;
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
