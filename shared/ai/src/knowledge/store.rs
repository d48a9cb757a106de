//! The index as bytes. What follows from the rest is made anew when it is read; whatever the bytes are, reading them
//! ends, asks for no more memory than there are bytes for, and gives an index in which every place is valid, or none.

use super::{
    article::Article,
    calibrate::{Calibration, Fit, Marks, VIEWS},
    index::{Derived, Entry, Index, Posting, Unit, UnitKind},
    split::Piece,
    synonyms::Synonyms,
    vectors::Vectors,
};
use crate::nlu::bytes::{Reader, Writer};

/// What the bytes begin with, and how they are laid out.
const MAGIC: &[u8] = b"DWKN";
/// The form of an index's bytes, and of how it is made: another one must be made anew.
pub const VERSION: u64 = 2;

/// Bytes that are no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an index of knowledge, or one of another version")]
pub struct BadIndex;

impl Index {
    /// It as bytes; the same index gives the same.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.0.extend_from_slice(MAGIC);
        out.number(VERSION);
        out.number(self.synonyms.groups.len() as u64);
        self.synonyms.groups.iter().for_each(|group| write_texts(&mut out, group));
        out.number(self.articles.len() as u64);
        for entry in &self.articles {
            self.write_article(&mut out, entry);
        }
        self.write_terms(&mut out);
        for fit in [&self.calibration.words, &self.calibration.vectors] {
            fit.weights.iter().chain([&fit.marks.exact, &fit.marks.offer]).for_each(|value| out.float(*value));
        }
        out.number(self.vectors.as_ref().map_or(0, |vectors| vectors.length as u64));
        if let Some(vectors) = &self.vectors {
            vectors.scales.iter().for_each(|scale| out.float(*scale));
            out.0.extend(vectors.values.iter().map(|value| value.cast_unsigned()));
        }
        out.0
    }

    /// From bytes.
    ///
    /// # Errors
    /// They are none of this version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadIndex> {
        read(bytes).ok_or(BadIndex)
    }

    fn write_article(&self, out: &mut Writer, entry: &Entry) {
        let Article { id, title, body, questions, url, language } = &entry.article;
        [id, title, body].into_iter().for_each(|text| out.text(text));
        write_texts(out, questions);
        for option in [url, language] {
            out.number(u64::from(option.is_some()));
            option.iter().for_each(|text| out.text(text));
        }
        let units = &self.units[entry.units.0 as usize..entry.units.1 as usize];
        out.number(units.len() as u64);
        for unit in units {
            match &unit.kind {
                UnitKind::Question(number) => [0, u64::from(*number)].into_iter().for_each(|value| out.number(value)),
                UnitKind::Title => out.number(1),
                UnitKind::Passage(piece) => {
                    [2, piece.start as u64, piece.end as u64].into_iter().for_each(|value| out.number(value));
                    out.text(&piece.path);
                }
            }
            out.number(u64::from(unit.size.0));
            out.number(u64::from(unit.size.1));
        }
    }

    /// Terms, each as what it has in common with the one before and the rest; units as steps.
    fn write_terms(&self, out: &mut Writer) {
        out.number(self.terms.len() as u64);
        let mut before = "";
        for (term, postings) in self.terms.iter().zip(&self.postings) {
            let same = term.char_indices().zip(before.chars()).take_while(|((_, own), other)| own == other).count();
            let rest = term.char_indices().nth(same).map_or(term.len(), |(place, _)| place);
            out.number(rest as u64);
            out.text(&term[rest..]);
            before = term;
            out.number(postings.len() as u64);
            let mut last = 0;
            for posting in postings {
                out.number(u64::from(posting.unit - last));
                last = posting.unit;
                out.0.extend([posting.heads, posting.text]);
            }
        }
    }
}

fn write_texts(out: &mut Writer, texts: &[String]) {
    out.number(texts.len() as u64);
    texts.iter().for_each(|text| out.text(text));
}

fn read(bytes: &[u8]) -> Option<Index> {
    let mut reader = Reader(bytes);
    if reader.take(MAGIC.len())? != MAGIC || reader.number()? != VERSION {
        return None;
    }
    let groups = reader.count(1)?;
    let groups: Vec<Vec<String>> = (0..groups).map(|_| texts(&mut reader)).collect::<Option<_>>()?;
    let mut index = Index {
        articles: vec![],
        units: vec![],
        terms: vec![],
        postings: vec![],
        synonyms: Synonyms::new(&groups),
        calibration: Calibration::default(),
        vectors: None,
        derived: Derived::default(),
    };
    for _ in 0..reader.count(1)? {
        article(&mut reader, &mut index)?;
    }
    terms(&mut reader, &mut index)?;
    index.calibration = Calibration { words: fit(&mut reader)?, vectors: fit(&mut reader)? };
    index.vectors = vectors(&mut reader, index.units.len())?;
    index.derive();
    reader.0.is_empty().then_some(index)
}

fn texts(reader: &mut Reader) -> Option<Vec<String>> {
    let count = reader.count(1)?;
    (0..count).map(|_| reader.text()).collect()
}

fn option(reader: &mut Reader) -> Option<Option<String>> {
    match reader.number()? {
        0 => Some(None),
        1 => Some(Some(reader.text()?)),
        _ => None,
    }
}

fn article(reader: &mut Reader, index: &mut Index) -> Option<()> {
    let article = Article {
        id: reader.text()?,
        title: reader.text()?,
        body: reader.text()?,
        questions: texts(reader)?,
        url: option(reader)?,
        language: option(reader)?,
    };
    let number = u32::try_from(index.articles.len()).ok()?;
    let first = u32::try_from(index.units.len()).ok()?;
    for _ in 0..reader.count(3)? {
        let kind = match reader.number()? {
            0 => UnitKind::Question(
                u32::try_from(reader.number()?).ok().filter(|at| (*at as usize) < article.questions.len())?,
            ),
            1 => UnitKind::Title,
            2 => {
                let (start, end) = (usize::try_from(reader.number()?).ok()?, usize::try_from(reader.number()?).ok()?);
                article.body.get(start..end)?;
                UnitKind::Passage(Piece { start, end, path: reader.text()? })
            }
            _ => return None,
        };
        let size = (u16::try_from(reader.number()?).ok()?, u16::try_from(reader.number()?).ok()?);
        index.units.push(Unit { article: number, kind, size });
    }
    index.articles.push(Entry { article, units: (first, u32::try_from(index.units.len()).ok()?) });
    Some(())
}

fn terms(reader: &mut Reader, index: &mut Index) -> Option<()> {
    let units = index.units.len() as u64;
    for _ in 0..reader.count(3)? {
        let same = usize::try_from(reader.number()?).ok()?;
        let before = index.terms.last().map_or("", String::as_str);
        let term = format!("{}{}", before.get(..same)?, reader.text()?);
        // A term could else be as long as all before it together.
        if term.len() > TERM_BYTES || (!index.terms.is_empty() && term.as_str() <= before) {
            return None;
        }
        index.terms.push(term);
        let count = reader.count(3)?;
        let (mut postings, mut unit) = (Vec::with_capacity(count), 0u64);
        for at in 0..count {
            let step = reader.number()?;
            unit = unit.checked_add(step).filter(|unit| *unit < units && (at == 0 || step > 0))?;
            let [heads, text] = *reader.take(2)? else { return None };
            postings.push(Posting { unit: u32::try_from(unit).ok()?, heads, text });
        }
        index.postings.push(postings);
    }
    Some(())
}

/// Bytes of a term: 40 letters of four bytes each, and some.
const TERM_BYTES: usize = 256;

fn fit(reader: &mut Reader) -> Option<Fit> {
    let mut weights = [0.0; VIEWS + 1];
    for weight in &mut weights {
        *weight = reader.float()?;
    }
    let marks = Marks { exact: reader.float()?, offer: reader.float()? };
    let sound = weights.iter().chain([&marks.exact, &marks.offer]).all(|value| value.is_finite());
    sound.then_some(Fit { weights, marks })
}

fn vectors(reader: &mut Reader, units: usize) -> Option<Option<Vectors>> {
    let length = usize::try_from(reader.number()?).ok()?;
    if length == 0 {
        return Some(None);
    }
    let bytes = length.checked_mul(units)?;
    if units.checked_mul(4)?.checked_add(bytes)? != reader.0.len() {
        return None;
    }
    let scales: Vec<f32> =
        (0..units).map(|_| reader.float().filter(|scale| scale.is_finite())).collect::<Option<_>>()?;
    let values = reader.take(bytes)?.iter().map(|byte| byte.cast_signed()).collect();
    Some(Some(Vectors { length, values, scales }))
}
