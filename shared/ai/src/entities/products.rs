//! A company's products by their names, all at once.

use aho_corasick::{AhoCorasick, MatchKind};

use super::{
    BadSettings, Entity, Kind, NAME_CHARS, NAMES, PRODUCTS, Product,
    folded::{Folded, after, before, is_word},
};
use crate::text::fold;

/// The names, compiled.
#[derive(Debug)]
pub struct Products {
    names: Option<AhoCorasick>,
    /// The product of each name.
    products: Vec<String>,
}

impl Products {
    pub fn new(products: &[Product]) -> Result<Self, BadSettings> {
        if products.len() > PRODUCTS {
            return Err(BadSettings::TooMany("products", PRODUCTS));
        }
        let (mut names, mut of) = (Vec::new(), Vec::new());
        for (at, product) in products.iter().enumerate() {
            if product.aliases.len() >= NAMES {
                return Err(BadSettings::TooMany("names of a product", NAMES));
            }
            for name in std::iter::once(&product.name).chain(&product.aliases) {
                let name: String = fold(name.trim()).into_iter().collect();
                if name.is_empty() || name.chars().count() > NAME_CHARS {
                    return Err(BadSettings::Name(at));
                }
                names.push(name);
                of.push(product.name.clone());
            }
        }
        let build = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names);
        let names = if names.is_empty() { None } else { build.ok() };
        Ok(Self { names, products: of })
    }

    /// The products that a text names: whole words in scripts that have them, an English plural too.
    pub fn find(&self, folded: &Folded) -> Vec<Entity> {
        let text = &folded.text;
        let Some(names) = &self.names else { return vec![] };
        let entity = |found: aho_corasick::Match| {
            let bytes = found.range();
            let name = text.get(bytes.clone())?;
            let touches =
                |inner: Option<char>, outer: Option<char>| inner.is_some_and(is_word) && outer.is_some_and(is_word);
            let tail = text.get(bytes.end..).unwrap_or_default();
            let plural = tail.starts_with('s') && !after(tail, 1).is_some_and(is_word);
            if touches(name.chars().next(), before(text, bytes.start))
                || touches(name.chars().next_back(), after(text, bytes.end)) && !plural
            {
                return None;
            }
            let chars = folded.chars(bytes);
            let normal = self.products.get(found.pattern().as_usize())?.clone();
            Some(Entity { kind: Kind::Product, start: chars.start, end: chars.end, value: folded.typed(chars), normal })
        };
        names.find_iter(text).filter_map(entity).collect()
    }
}
