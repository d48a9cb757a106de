//! The index: what stands where, and how often.
//!
//! What is found is a *unit*: a phrasing of a question (or the title of an article without any), or a passage of a body,
//! whose title and headings are a field of their own that weighs more (BM25F: Robertson, Zaragoza, "The Probabilistic
//! Relevance Framework: BM25 and Beyond", 2009). How rare a term is, is counted in articles: a question in twenty
//! phrasings does not make its words common.

use std::collections::BTreeMap;

use super::{
    article::{ARTICLES, Article, BODY_BYTES, PHRASINGS, TOTAL_BYTES},
    calibrate::Calibration,
    spelling::Spelling,
    split::{self, Piece},
    synonyms::Synonyms,
    vectors::Vectors,
    words::{self, Word},
};

/// How fast another occurrence counts less; the book's usual 1.2.
const K1: f32 = 1.2;
/// How much a long text counts against a word in it. Passages are cut to one size, so it matters less than the usual
/// 0.75; a long phrasing says much besides, which the likeness of phrasings counts already.
const B_PASSAGE: f32 = 0.6;
const B_LINE: f32 = 0.3;
/// What a word in title or headings is worth against one in the text.
const HEAD: f32 = 2.0;

/// Finds passages of a company's knowledge that fit a text.
#[derive(Debug, Clone)]
pub struct Index {
    pub(crate) articles: Vec<Entry>,
    pub(crate) units: Vec<Unit>,
    /// The terms, sorted.
    pub(crate) terms: Vec<String>,
    /// Where each of them stands, by unit.
    pub(crate) postings: Vec<Vec<Posting>>,
    pub(crate) synonyms: Synonyms,
    pub(crate) calibration: Calibration,
    pub(crate) vectors: Option<Vectors>,
    pub(crate) derived: Derived,
}

/// What follows from the rest, and is not stored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Derived {
    /// In how many articles each term stands.
    pub spread: Vec<u32>,
    /// The length of each unit as a vector of terms.
    pub norms: Vec<f32>,
    /// How the length of each unit counts: of heads, of text.
    pub lengths: Vec<(f32, f32)>,
    pub spelling: Spelling,
    /// Whether each article is written in Chinese.
    pub han: Vec<bool>,
}

/// An article as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub article: Article,
    /// Its units: the first, and behind the last.
    pub units: (u32, u32),
}

/// What is found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unit {
    pub article: u32,
    pub kind: UnitKind,
    /// Words in the heads, and in the text.
    pub size: (u16, u16),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum UnitKind {
    /// A phrasing, by its number.
    Question(u32),
    /// The title of an article without phrasings.
    Title,
    Passage(Piece),
}

impl UnitKind {
    pub(crate) fn is_line(&self) -> bool {
        !matches!(self, Self::Passage(_))
    }
}

/// A term in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Posting {
    pub unit: u32,
    /// How often in the heads, and in the text.
    pub heads: u8,
    pub text: u8,
}

impl Index {
    /// An index of articles. Each group of synonyms is a set of words that mean the same; a group of one is a word (a
    /// product's name) that is to be found as a whole.
    ///
    /// What goes past the limits of [`Article::check`] is left out: the last articles, the end of a body.
    pub fn build(articles: &[Article], synonyms: &[Vec<String>]) -> Self {
        let mut index = Self::empty(Synonyms::new(synonyms));
        let mut terms: BTreeMap<String, Vec<Posting>> = BTreeMap::new();
        let mut room = TOTAL_BYTES;
        for article in articles.iter().take(ARTICLES) {
            let mut article = article.clone();
            let end = BODY_BYTES.min(room).min(article.body.len());
            let end = (0..=end).rev().find(|end| article.body.is_char_boundary(*end)).unwrap_or(0);
            article.body.truncate(end);
            article.questions.truncate(PHRASINGS);
            room -= end;
            index.add(article, &mut terms);
        }
        (index.terms, index.postings) = terms.into_iter().unzip();
        index.derive();
        index.calibration = index.calibrate();
        index
    }

    fn empty(synonyms: Synonyms) -> Self {
        Self {
            articles: vec![],
            units: vec![],
            terms: vec![],
            postings: vec![],
            synonyms,
            calibration: Calibration::default(),
            vectors: None,
            derived: Derived::default(),
        }
    }

    fn add(&mut self, article: Article, terms: &mut BTreeMap<String, Vec<Posting>>) {
        let number = self.articles.len() as u32;
        let first = self.units.len() as u32;
        let mut kinds: Vec<UnitKind> = (0..article.questions.len() as u32).map(UnitKind::Question).collect();
        if kinds.is_empty() && !article.title.trim().is_empty() {
            kinds.push(UnitKind::Title);
        }
        kinds.extend(split::split(&article.body).into_iter().map(UnitKind::Passage));
        for kind in kinds {
            let (heads, text) = unit_text(&article, &kind);
            let unit = self.units.len() as u32;
            let heads = self.count(&heads, unit, terms, |posting| &mut posting.heads);
            let text = self.count(text, unit, terms, |posting| &mut posting.text);
            self.units.push(Unit { article: number, kind, size: (heads, text) });
        }
        self.articles.push(Entry { article, units: (first, self.units.len() as u32) });
    }

    /// Counts the terms of a text into the postings, and says how many words there are.
    fn count(
        &self,
        text: &str,
        unit: u32,
        terms: &mut BTreeMap<String, Vec<Posting>>,
        field: fn(&mut Posting) -> &mut u8,
    ) -> u16 {
        let found: Vec<Word> = words::words(text);
        let size: f32 = found.iter().map(|word| words::share(&word.key)).sum();
        let concepts = self.synonyms.find(text).into_iter().map(|(group, ..)| words::concept(group));
        for key in found.into_iter().map(|word| word.key).chain(concepts) {
            let postings = terms.entry(key).or_default();
            if postings.last().is_none_or(|last| last.unit != unit) {
                postings.push(Posting { unit, heads: 0, text: 0 });
            }
            if let Some(last) = postings.last_mut() {
                let count = field(last);
                *count = count.saturating_add(1);
            }
        }
        size.min(f32::from(u16::MAX)) as u16
    }

    /// Makes what follows from the rest.
    pub(crate) fn derive(&mut self) {
        let average = |line: bool| {
            let sizes = self.units.iter().filter(|unit| unit.kind.is_line() == line).map(|unit| unit.size);
            let (count, heads, text) = sizes.fold((0.0f32, 0.0, 0.0), |(count, heads, text), (h, t)| {
                (count + 1.0, heads + f32::from(h), text + f32::from(t))
            });
            ((heads / count.max(1.0)).max(1.0), (text / count.max(1.0)).max(1.0))
        };
        let (lines, passages) = (average(true), average(false));
        let length = |unit: &Unit| {
            let (b, (heads, text)) = if unit.kind.is_line() { (B_LINE, lines) } else { (B_PASSAGE, passages) };
            let counts = |size: u16, average: f32| 1.0 / (1.0 - b + b * f32::from(size) / average);
            (HEAD * counts(unit.size.0, heads), counts(unit.size.1, text))
        };
        let lengths = self.units.iter().map(length).collect();
        let spread: Vec<u32> = self.postings.iter().map(|all| self.spread(all, |_| true)).collect();
        let mut norms = vec![0.0; self.units.len()];
        for ((term, postings), spread) in self.terms.iter().zip(&self.postings).zip(&spread) {
            let weight = words::share(term) * rarity(self.articles.len(), *spread);
            postings.iter().for_each(|posting| norms[posting.unit as usize] += weight * weight);
        }
        norms.iter_mut().for_each(|norm| *norm = norm.sqrt());
        let han = self.articles.iter().map(|entry| words::in_han(&entry.article.body)).collect();
        self.derived = Derived { spread, norms, lengths, spelling: Spelling::new(&self.terms), han };
    }

    /// In how many articles a term stands, of those units that count.
    pub(crate) fn spread(&self, postings: &[Posting], counts: impl Fn(&Posting) -> bool) -> u32 {
        let (mut spread, mut last) = (0, u32::MAX);
        for posting in postings.iter().filter(|posting| counts(posting)) {
            let article = self.units[posting.unit as usize].article;
            spread += u32::from(article != last);
            last = article;
        }
        spread
    }

    /// How much a term says for a unit, from 0 to `K1 + 1`; once in a text of average length is 1.
    pub(crate) fn impact(&self, posting: Posting) -> f32 {
        let (heads, text) = self.derived.lengths[posting.unit as usize];
        let often = f32::from(posting.heads) * heads + f32::from(posting.text) * text;
        often * (K1 + 1.0) / (often + K1)
    }

    /// The term's number.
    pub(crate) fn term(&self, key: &str) -> Option<usize> {
        self.terms.binary_search_by(|term| term.as_str().cmp(key)).ok()
    }

    /// How many articles there are.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether it has a vector for each of its texts.
    pub fn has_vectors(&self) -> bool {
        self.vectors.is_some()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// What is found, each with the headings above it: what a caller turns into vectors for [`Index::with_vectors`].
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.units.iter().map(|unit| {
            let (heads, text) = unit_text(&self.articles[unit.article as usize].article, &unit.kind);
            if heads.is_empty() { text.to_owned() } else { format!("{heads}\n{text}") }
        })
    }
}

/// Heads and text of a unit.
fn unit_text<'a>(article: &'a Article, kind: &UnitKind) -> (String, &'a str) {
    match kind {
        UnitKind::Question(number) => (String::new(), article.questions.get(*number as usize).map_or("", |text| text)),
        UnitKind::Title => (String::new(), &article.title),
        UnitKind::Passage(piece) => {
            let heads = [article.title.as_str(), piece.path.as_str()];
            let heads: Vec<&str> = heads.into_iter().filter(|head| !head.is_empty()).collect();
            (heads.join(" › "), article.body.get(piece.start..piece.end).unwrap_or_default())
        }
    }
}

/// How much a term in `spread` of `count` articles says (the probabilistic weight, kept above 0).
pub(crate) fn rarity(count: usize, spread: u32) -> f32 {
    let (count, spread) = (count as f32, spread as f32);
    (1.0 + (count - spread).max(0.0).mul_add(1.0, 0.5) / (spread + 0.5)).ln()
}
