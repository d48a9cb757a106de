//! Linear classifiers, one for each class against the rest: L2-regularised squared hinge loss, by dual coordinate
//! descent with shrinking (Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008).

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// A sparse row: features, in their order, and values.
pub(crate) type Row = Vec<(u32, f32)>;

/// Sweeps over the examples at most; most classes need ten.
const SWEEPS: usize = 60;
/// The largest violation of optimality that is let stand: what a tighter one changes, int8 does not keep.
const TOLERANCE: f32 = 0.1;

/// Weights of all classes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Linear {
    /// By class, then by feature.
    pub weights: Vec<Vec<f32>>,
    /// By class.
    pub bias: Vec<f32>,
}

impl Linear {
    /// The scores of all classes.
    pub(crate) fn scores(&self, row: &Row) -> Vec<f32> {
        let score = |(weights, bias): (&Vec<f32>, &f32)| {
            row.iter().map(|(feature, value)| weights[*feature as usize] * value).sum::<f32>() + bias
        };
        self.weights.iter().zip(&self.bias).map(score).collect()
    }
}

/// Of no class.
pub(crate) const NONE: usize = usize::MAX;

/// What is learned from: rows and the class of each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Data<'a> {
    pub rows: &'a [&'a Row],
    /// The class of each; [`NONE`] where it has none and only says what the classes are not.
    pub labels: &'a [usize],
    /// What each row's mistake costs.
    pub costs: &'a [f32],
    pub classes: usize,
    pub features: usize,
}

/// Learns all classes, on so many threads.
pub(crate) fn learn(data: Data<'_>, threads: usize) -> Linear {
    let norms: Vec<f32> =
        data.rows.iter().map(|row| row.iter().map(|(_, value)| value * value).sum::<f32>() + 1.0).collect();
    let next = AtomicUsize::new(0);
    let learned = Mutex::new(vec![(vec![], 0.0); data.classes]);
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, data.classes.max(1)) {
            scope.spawn(|| {
                loop {
                    let class = next.fetch_add(1, Ordering::Relaxed);
                    if class >= data.classes {
                        return;
                    }
                    let one = OneAgainstRest::new(data, class, &norms).learn();
                    learned.lock().unwrap_or_else(PoisonError::into_inner)[class] = one;
                }
            });
        }
    });
    let (weights, bias) = learned.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().unzip();
    Linear { weights, bias }
}

/// The product of a row and weights: four sums at once, none of which waits for the others.
fn dot(row: &Row, weights: &[f32]) -> f32 {
    let (fours, rest) = row.as_chunks::<4>();
    let mut sums = [0.0f32; 4];
    for four in fours {
        sums.iter_mut().zip(four).for_each(|(sum, (feature, value))| *sum += weights[*feature as usize] * value);
    }
    sums.iter().sum::<f32>() + rest.iter().map(|(feature, value)| weights[*feature as usize] * value).sum::<f32>()
}

struct OneAgainstRest<'a> {
    data: Data<'a>,
    class: usize,
    norms: &'a [f32],
    weights: Vec<f32>,
    bias: f32,
    alpha: Vec<f32>,
    random: u64,
}

impl<'a> OneAgainstRest<'a> {
    fn new(data: Data<'a>, class: usize, norms: &'a [f32]) -> Self {
        Self {
            data,
            class,
            norms,
            weights: vec![0.0; data.features],
            bias: 0.0,
            alpha: vec![0.0; data.rows.len()],
            // The same for every run: the same examples make the same model.
            random: 0x9e37_79b9_7f4a_7c15 ^ (class as u64 + 1),
        }
    }

    fn random(&mut self, below: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random % below.max(1) as u64).unwrap_or(0)
    }

    fn learn(mut self) -> (Vec<f32>, f32) {
        let all = self.data.rows.len();
        let mut order: Vec<usize> = (0..all).collect();
        let (mut active, mut bound) = (all, f32::INFINITY);
        for _ in 0..SWEEPS {
            for last in (1..active).rev() {
                let other = self.random(last + 1);
                order.swap(last, other);
            }
            let (mut greatest, mut least) = (f32::NEG_INFINITY, f32::INFINITY);
            let mut at = 0;
            while at < active {
                let Some(violation) = self.step(order[at], bound) else {
                    // Far on the right side: it is looked at again at the end.
                    active -= 1;
                    order.swap(at, active);
                    continue;
                };
                (greatest, least) = (greatest.max(violation), least.min(violation));
                at += 1;
            }
            if greatest - least > TOLERANCE {
                bound = if greatest <= 0.0 { f32::INFINITY } else { greatest };
            } else if active == all {
                break;
            } else {
                (active, bound) = (all, f32::INFINITY);
            }
        }
        (self.weights, self.bias)
    }

    /// Makes one example's share optimal; answers by how much it was not, or `None` where it may rest.
    fn step(&mut self, example: usize, bound: f32) -> Option<f32> {
        let row = self.data.rows[example];
        let sign = if self.data.labels[example] == self.class { 1.0 } else { -1.0 };
        let score = dot(row, &self.weights) + self.bias;
        // What the squared loss adds to the diagonal.
        let diagonal = 0.5 / self.data.costs[example];
        let old = self.alpha[example];
        let gradient = sign * score - 1.0 + old * diagonal;
        if old == 0.0 && gradient > bound {
            return None;
        }
        let violation = if old == 0.0 { gradient.min(0.0) } else { gradient };
        if violation.abs() > 1e-12 {
            let new = (old - gradient / (self.norms[example] + diagonal)).max(0.0);
            self.alpha[example] = new;
            let change = (new - old) * sign;
            for (feature, value) in row {
                self.weights[*feature as usize] += change * value;
            }
            self.bias += change;
        }
        Some(violation)
    }
}
