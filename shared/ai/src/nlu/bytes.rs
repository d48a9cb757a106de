//! Bytes of a model file: numbers of variable length, little and big, in the order in which they are asked for back.

/// Writes.
#[derive(Default)]
pub(crate) struct Writer(pub Vec<u8>);

impl Writer {
    pub(crate) fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    pub(crate) fn float(&mut self, value: f32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn floats(&mut self, values: &[f32]) {
        self.number(values.len() as u64);
        values.iter().for_each(|value| self.float(*value));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Small whole numbers of which many are zero: each run of zeros is counted, then come the others up to the next.
    pub(crate) fn sparse(&mut self, values: &[i8]) {
        self.number(values.len() as u64);
        let mut at = 0;
        while at < values.len() {
            let zeros = values[at..].iter().take_while(|value| **value == 0).count();
            let others = values[at + zeros..].iter().take_while(|value| **value != 0).count();
            self.number(zeros as u64);
            self.number(others as u64);
            self.0.extend(values[at + zeros..at + zeros + others].iter().map(|value| value.cast_unsigned()));
            at += zeros + others;
        }
    }
}

/// Reads what was written; whatever the bytes are, it ends and asks for no more memory than there are bytes for.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        // Most are small.
        let (first, rest) = self.0.split_first()?;
        if *first < 0x80 {
            self.0 = rest;
            return Some(u64::from(*first));
        }
        let mut value = 0u64;
        for place in 0..10 {
            let byte = *self.take(1)?.first()?;
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A count of things of which each has so many bytes at least.
    pub(crate) fn count(&mut self, bytes: usize) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count.checked_mul(bytes)? <= self.0.len()).then_some(count)
    }

    pub(crate) fn float(&mut self) -> Option<f32> {
        Some(f32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub(crate) fn floats(&mut self) -> Option<Vec<f32>> {
        let count = self.count(4)?;
        let (floats, _) = self.take(4 * count)?.as_chunks();
        Some(floats.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        let count = self.count(1)?;
        String::from_utf8(self.take(count)?.to_vec()).ok()
    }

    /// Small whole numbers; there must be as many as `expected`.
    pub(crate) fn sparse(&mut self, expected: usize) -> Option<Vec<i8>> {
        if usize::try_from(self.number()?).ok()? != expected {
            return None;
        }
        // Pages that nobody touches cost nothing: so zeros are where memory begins.
        let (mut values, mut at) = (vec![0i8; expected], 0);
        while at < expected {
            let zeros = usize::try_from(self.number()?).ok()?;
            let others = self.count(1)?;
            if zeros.checked_add(others)? > expected - at || zeros + others == 0 {
                return None;
            }
            at += zeros;
            let room = values[at..at + others].iter_mut();
            room.zip(self.take(others)?).for_each(|(value, byte)| *value = byte.cast_signed());
            at += others;
        }
        Some(values)
    }
}
