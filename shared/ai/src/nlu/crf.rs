//! Learning of the tagger: a linear-chain conditional random field (Lafferty, McCallum, Pereira, ICML 2001), the
//! likelihood by forward and backward passes, the ascent by AdaGrad (Duchi, Hazan, Singer, JMLR 2011), averaged.
//!
//! Own code: the crate `crfs` keeps attributes as text, in files several times as large, and knows neither tags that an
//! intent rules out nor tokens that are hidden while it learns.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    example::Slot,
    slots::{OUTSIDE, Tag, Tagger, begin, inside, may_follow},
    tagging::{Cut, Values, cut, value_hash},
};
use crate::text::fold;

/// Rounds over the examples: few of them need more, until there were so many steps.
const ROUNDS: (usize, usize) = (10, 40);
const STEPS: usize = 20_000;
/// Rounds over the ends of which weights are averaged.
const AVERAGED: usize = 5;
/// AdaGrad's rate: the first step of a weight.
const RATE: f32 = 0.25;
/// Pull towards zero whenever a weight is touched.
const DECAY: f32 = 1e-3;
/// A difference between what is and what is expected that is not worth a step.
const NOTHING: f32 = 1e-3;
/// Examples after which the weights between tags make a step: there are many of them, and each example touches all.
const BATCH: usize = 8;
/// Of a hundred tokens so many are learned from as if nobody had seen them: most values of an order's number or a name
/// are new.
const STRANGERS: u64 = 15;

/// A feature seen so often may speak against tags too: of a rarer one nobody knows what it is not.
const COMMON: u32 = 3;

/// An example to learn from.
pub(crate) struct Tagged<'a> {
    pub text: &'a str,
    pub slots: &'a [Slot],
    pub intent: usize,
    /// The likeliest intents to a classifier that has not seen it, the likeliest first.
    pub likely: Vec<usize>,
}

impl Tagged<'_> {
    /// The intents whose slots compete.
    fn competing(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.intent).chain(self.likely.iter().copied())
    }
}

/// Learns a tagger.
pub(crate) fn learn(examples: &[Tagged<'_>], intents: usize) -> Tagger {
    let names: BTreeSet<&str> = examples.iter().flat_map(|one| one.slots).map(|slot| slot.name.as_str()).collect();
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let mut tagger = Tagger { of_intent: vec![vec![]; intents], names, ..Tagger::default() };
    tagger.follows = vec![0.0; tagger.tags() * tagger.tags()];
    if tagger.names.is_empty() {
        return tagger;
    }
    note_values(&mut tagger, examples);
    let mut field = Field::of(examples, &tagger);
    let follows = field.climb();
    tagger.follows = follows;
    tagger.keep(&field.learned());
    tagger
}

fn note_values(tagger: &mut Tagger, examples: &[Tagged<'_>]) {
    let mut counts = BTreeMap::new();
    for one in examples {
        let chars = fold(one.text);
        for slot in one.slots {
            let Ok(place) = tagger.names.binary_search(&slot.name) else { continue };
            let own = &mut tagger.of_intent[one.intent];
            if !own.contains(&place) {
                own.push(place);
            }
            let Some(value) = chars.get(slot.start..slot.end) else { continue };
            *counts.entry((value_hash(value), place)).or_insert(0u32) += 1;
        }
    }
    let mut values: BTreeMap<u32, Vec<u16>> = BTreeMap::new();
    // One that only its own example has would teach nothing but itself.
    for ((value, slot), _) in counts.into_iter().filter(|(_, count)| *count > 1) {
        values.entry(value).or_default().push(u16::try_from(slot).unwrap_or(u16::MAX));
    }
    tagger.values = Values::of(&values);
}

/// An example, ready.
struct Sentence {
    /// Of each token its features, those that name it first, and how many these are.
    tokens: Vec<(usize, Vec<u32>)>,
    gold: Vec<Tag>,
    allowed: Vec<Tag>,
}

/// A weight: AdaGrad keeps the sum of squares beside it.
#[derive(Clone, Copy, Default)]
struct Weight {
    value: f32,
    squares: f32,
    sum: f32,
}

impl Weight {
    fn step(&mut self, slope: f32) {
        let slope = slope + DECAY * self.value;
        self.squares += slope * slope;
        self.value -= RATE * slope / (self.squares + 1e-6).sqrt().max(RATE);
    }
}

/// The field while it is learned.
struct Field {
    tags: usize,
    sentences: Vec<Sentence>,
    hashes: Vec<u32>,
    /// Where the weights of each feature begin; one more than there are features.
    begins: Vec<usize>,
    /// The tags with which each feature was seen.
    seen: Vec<Tag>,
    weights: Vec<Weight>,
    follows: Vec<Weight>,
    /// The exponentials of `follows`; zero where one may not follow the other.
    factors: Vec<f32>,
    slopes: Vec<f32>,
}

impl Field {
    fn of(examples: &[Tagged<'_>], tagger: &Tagger) -> Self {
        let cuts: Vec<(Cut, Vec<Tag>)> = examples.iter().map(|one| tag(one, tagger)).collect();
        let allowed: Vec<Vec<Tag>> = examples.iter().map(|one| tagger.allowed(one.competing())).collect();
        let of = tags_of_features(&cuts, &allowed);
        let mut hashes: Vec<u32> = of.keys().copied().collect();
        hashes.sort_unstable();
        let (mut begins, mut seen) = (vec![0], vec![]);
        for hash in &hashes {
            seen.extend(of.get(hash).into_iter().flatten());
            begins.push(seen.len());
        }
        let place: HashMap<u32, u32> = hashes.iter().copied().zip(0..).collect();
        let sentences = cuts
            .into_iter()
            .zip(allowed)
            .map(|((cut, gold), allowed)| {
                let known = |all: &[u32]| all.iter().filter_map(|feature| place.get(feature).copied()).collect();
                let tokens = cut.features.iter().map(|features| (features.own, known(&features.all))).collect();
                Sentence { tokens, gold, allowed }
            })
            .collect();
        let (tags, weights) = (tagger.tags(), vec![Weight::default(); seen.len()]);
        let follows = vec![Weight::default(); tags * tags];
        let slopes = vec![0.0; follows.len()];
        Self { tags, sentences, hashes, begins, seen, weights, follows, factors: slopes.clone(), slopes }
    }

    /// Climbs; answers with the weights between tags.
    fn climb(&mut self) -> Vec<f32> {
        let sentences = std::mem::take(&mut self.sentences);
        let mut order: Vec<usize> = (0..sentences.len()).collect();
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        self.exponentials();
        let rounds = (STEPS / sentences.len().max(1)).clamp(ROUNDS.0, ROUNDS.1);
        for round in 0..rounds {
            for last in (1..order.len()).rev() {
                order.swap(last, usize::try_from(random.below(last as u64 + 1)).unwrap_or(last));
            }
            for batch in order.chunks(BATCH) {
                batch.iter().for_each(|at| self.learn(&sentences[*at], &mut random));
                for (weight, slope) in self.follows.iter_mut().zip(&mut self.slopes) {
                    if slope.abs() > NOTHING {
                        weight.step(*slope);
                    }
                    *slope = 0.0;
                }
                self.exponentials();
            }
            if round >= rounds - AVERAGED {
                self.weights.iter_mut().chain(&mut self.follows).for_each(|weight| weight.sum += weight.value);
            }
        }
        self.follows.iter().map(|weight| weight.sum / AVERAGED as f32).collect()
    }

    fn exponentials(&mut self) {
        for (at, factor) in self.factors.iter_mut().enumerate() {
            let may = Tag::try_from(at / self.tags).ok().zip(Tag::try_from(at % self.tags).ok());
            *factor =
                if may.is_some_and(|(from, to)| may_follow(from, to)) { self.follows[at].value.exp() } else { 0.0 };
        }
    }

    /// One step towards one example.
    fn learn(&mut self, sentence: &Sentence, random: &mut Random) {
        let Sentence { tokens, gold, allowed } = sentence;
        if gold.is_empty() || allowed.len() < 2 {
            return;
        }
        let mut place = vec![usize::MAX; self.tags];
        allowed.iter().enumerate().for_each(|(at, tag)| place[usize::from(*tag)] = at);
        let tokens: Vec<&[u32]> = tokens
            .iter()
            .map(|(own, all)| if random.below(100) < STRANGERS { &all[*own..] } else { &all[..] })
            .collect();
        let odds = self.odds(&tokens, &place, allowed.len());
        let gold: Vec<usize> = gold.iter().map(|tag| place[usize::from(*tag)]).collect();
        let mut marginals = self.pass(&odds, allowed, &gold);
        for (token, (own, gold)) in tokens.iter().zip(marginals.chunks_exact_mut(allowed.len()).zip(&gold)) {
            own[*gold] -= 1.0;
            for feature in *token {
                for at in self.begins[*feature as usize]..self.begins[*feature as usize + 1] {
                    if let Some(slope) =
                        own.get(place[usize::from(self.seen[at])]).filter(|slope| slope.abs() > NOTHING)
                    {
                        self.weights[at].step(*slope);
                    }
                }
            }
        }
    }

    /// The exponential of each token's score for each tag, the greatest of a token being 1.
    fn odds(&self, tokens: &[&[u32]], place: &[usize], states: usize) -> Vec<f32> {
        let mut odds = vec![0.0f32; tokens.len() * states];
        for (token, odds) in tokens.iter().zip(odds.chunks_exact_mut(states)) {
            for feature in *token {
                for at in self.begins[*feature as usize]..self.begins[*feature as usize + 1] {
                    if let Some(odds) = odds.get_mut(place[usize::from(self.seen[at])]) {
                        *odds += self.weights[at].value;
                    }
                }
            }
            let most = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            // Far below the greatest, but never nothing: a path must remain.
            odds.iter_mut().for_each(|odds| *odds = (*odds - most).max(-60.0).exp());
        }
        odds
    }

    /// Forward and backward: the chance of each tag at each token. Notes the slopes of the weights between tags.
    fn pass(&mut self, odds: &[f32], allowed: &[Tag], gold: &[usize]) -> Vec<f32> {
        let (states, places) = (allowed.len(), gold.len());
        let at = |from: usize, to: usize| usize::from(allowed[from]) * self.tags + usize::from(allowed[to]);
        let factors: Vec<f32> =
            (0..states * states).map(|pair| self.factors[at(pair / states, pair % states)]).collect();
        let mut forward = odds.to_vec();
        for (tag, first) in allowed.iter().zip(&mut forward) {
            *first *= f32::from(u8::from(may_follow(OUTSIDE, *tag)));
        }
        scale(&mut forward[..states]);
        for place in 1..places {
            let (before, now) = forward[(place - 1) * states..(place + 1) * states].split_at_mut(states);
            let mut sums = vec![0.0f32; states];
            for (from, factors) in before.iter().zip(factors.chunks_exact(states)) {
                sums.iter_mut().zip(factors).for_each(|(sum, factor)| *sum += from * factor);
            }
            now.iter_mut().zip(&sums).for_each(|(now, sum)| *now *= sum);
            scale(now);
        }
        let mut expected = vec![0.0f32; states * states];
        let mut backward = vec![1.0f32; states];
        let mut marginals = forward.clone();
        for place in (1..places).rev() {
            let arriving: Vec<f32> = odds[place * states..(place + 1) * states]
                .iter()
                .zip(&backward)
                .map(|(odds, back)| odds * back)
                .collect();
            let before = &forward[(place - 1) * states..place * states];
            for (back, factors) in backward.iter_mut().zip(factors.chunks_exact(states)) {
                *back = factors.iter().zip(&arriving).map(|(factor, arriving)| factor * arriving).sum();
            }
            let all: f32 = before.iter().zip(&backward).map(|(before, back)| before * back).sum();
            let scale_by = 1.0 / all.max(f32::MIN_POSITIVE);
            let rows = expected.chunks_exact_mut(states).zip(factors.chunks_exact(states));
            for ((expected, factors), before) in rows.zip(before) {
                let by = before * scale_by;
                if by > 0.0 {
                    let pairs = expected.iter_mut().zip(factors.iter().zip(&arriving));
                    pairs.for_each(|(expected, (factor, arriving))| *expected += by * factor * arriving);
                }
            }
            let own = &mut marginals[(place - 1) * states..place * states];
            own.iter_mut().zip(&backward).for_each(|(own, back)| *own *= back * scale_by);
            scale(&mut backward);
        }
        for (pair, expected) in expected.into_iter().enumerate() {
            self.slopes[usize::from(allowed[pair / states]) * self.tags + usize::from(allowed[pair % states])] +=
                expected;
        }
        for two in gold.windows(2) {
            self.slopes[usize::from(allowed[two[0]]) * self.tags + usize::from(allowed[two[1]])] -= 1.0;
        }
        marginals
    }

    /// The weights of each feature, averaged.
    fn learned(&self) -> Vec<(u32, Vec<(Tag, f32)>)> {
        let of = |(place, hash): (usize, &u32)| {
            let range = self.begins[place]..self.begins[place + 1];
            let weights = range.map(|at| (self.seen[at], self.weights[at].sum / AVERAGED as f32)).collect();
            (*hash, weights)
        };
        self.hashes.iter().enumerate().map(of).collect()
    }
}

/// The tags for or against which each feature may speak: those with which it was seen, and where it is common all that
/// it competed with.
fn tags_of_features(cuts: &[(Cut, Vec<Tag>)], allowed: &[Vec<Tag>]) -> HashMap<u32, BTreeSet<Tag>> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    let all = cuts.iter().flat_map(|(cut, _)| &cut.features).flat_map(|features| &features.all);
    all.for_each(|feature| *counts.entry(*feature).or_default() += 1);
    let mut of: HashMap<u32, BTreeSet<Tag>> = HashMap::with_capacity(counts.len());
    for ((cut, gold), allowed) in cuts.iter().zip(allowed) {
        for (features, tag) in cut.features.iter().zip(gold) {
            for feature in &features.all {
                let tags = of.entry(*feature).or_default();
                tags.insert(*tag);
                if counts.get(feature).is_some_and(|count| *count >= COMMON) {
                    tags.extend(allowed);
                }
            }
        }
    }
    of
}

/// Makes the sum 1.
fn scale(values: &mut [f32]) {
    let by = 1.0 / values.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    values.iter_mut().for_each(|value| *value *= by);
}

/// Cuts an example up and says what each of its tokens is.
fn tag(one: &Tagged<'_>, tagger: &Tagger) -> (Cut, Vec<Tag>) {
    let seen_as = one.likely.first().copied().unwrap_or(one.intent);
    let cut = cut(&fold(one.text), seen_as, &tagger.values);
    let mut gold = vec![OUTSIDE; cut.tokens.len()];
    for slot in one.slots {
        let Ok(place) = tagger.names.binary_search(&slot.name) else { continue };
        let mut first = true;
        for (token, tag) in cut.tokens.iter().zip(&mut gold) {
            if token.start < slot.end && token.end > slot.start {
                *tag = if first { begin(place) } else { inside(place) };
                first = false;
            }
        }
    }
    // Where two slots share a token, what is inside of nothing begins.
    for at in 0..gold.len() {
        if !may_follow(if at == 0 { OUTSIDE } else { gold[at - 1] }, gold[at]) {
            gold[at] -= 1;
        }
    }
    (cut, gold)
}

/// The same for every run: the same examples make the same model (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below.max(1)
    }
}
