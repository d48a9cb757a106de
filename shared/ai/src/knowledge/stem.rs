//! English words without their endings: lighter than Porter's, so that what a shop keeps apart stays apart.
//!
//! It need not give a word, only the same for words of one family: `shipped`, `shipping`, `shipment` and `ships` are one.

/// Letters that must be left: shorter stems are too often those of another word.
const LEAST: usize = 3;

/// Endings, the longest first, and what stands in their place.
const ENDINGS: [(&str, &str); 16] = [
    ("ations", ""),
    ("ation", ""),
    ("ments", ""),
    ("ment", ""),
    ("ables", ""),
    ("able", ""),
    ("ings", ""),
    ("ing", ""),
    ("ions", ""),
    ("ion", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
];

/// The stem of a folded word; of anything but plain English letters the word itself.
pub(crate) fn stem(word: &str) -> String {
    let bare = word.strip_suffix("'s").unwrap_or(word);
    if bare.len() <= LEAST || !bare.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return bare.to_owned();
    }
    let mut stem = bare.to_owned();
    shorten(&mut stem);
    tidy(&mut stem);
    stem
}

fn shorten(stem: &mut String) {
    for (ending, instead) in ENDINGS {
        let Some(rest) = stem.strip_suffix(ending) else { continue };
        let kept = ending == "s" && (rest.ends_with('s') || rest.ends_with('u') || rest.ends_with('i'));
        if rest.len() + instead.len() >= LEAST && rest.bytes().any(is_vowel) && !kept {
            *stem = format!("{rest}{instead}");
            return;
        }
    }
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Makes one of what is left: `shipp` and `ship`, `exchang` and `exchange`, `delivery` and `deliveri`.
fn tidy(stem: &mut String) {
    let bytes = stem.as_bytes();
    let [.., before, last] = *bytes else { return };
    let double = last == before && !is_vowel(last);
    let silent = last == b'e' || last == b'y' && !is_vowel(before) && bytes.len() > LEAST + 1;
    if bytes.len() > LEAST && (double || silent) {
        stem.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_family_has_one_stem_and_neighbours_do_not() {
        for family in [
            &["ship", "ships", "shipped", "shipping", "shipment", "shipments"][..],
            &["return", "returns", "returned", "returning", "returnable"],
            &["cancel", "cancelled", "cancelling", "canceled", "cancellation"],
            &["exchange", "exchanged", "exchanging", "exchanges"],
            &["deliver", "delivery", "delivered", "deliveries"],
            &["refund", "refunds", "refundable", "refunded"],
            &["invoice", "invoices", "invoicing"],
            &["pay", "pays", "paying", "payment", "payments"],
        ] {
            let stems: Vec<String> = family.iter().map(|word| stem(word)).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{family:?} {stems:?}");
        }
        for (one, other) in
            [("address", "add"), ("order", "ordinary"), ("price", "prison"), ("speaker", "speak"), ("card", "care")]
        {
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
        for kept in ["status", "this", "x200", "手机", "bus"] {
            assert_eq!(stem(kept), kept);
        }
    }
}
