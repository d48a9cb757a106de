//! The trace that a piece of work belongs to: X-Ray's (`Root=1-<8 hex>-<24 hex>;Parent=<16 hex>`) and W3C's
//! (`00-<32 hex>-<16 hex>-01`) are two spellings of one.

use std::fmt::Write;

tokio::task_local! {
    /// The trace of what runs here.
    static CURRENT: Trace;
}

/// A trace, and the span that new spans are children of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    /// The W3C trace-id.
    pub id: [u8; 16],
    /// The W3C parent-id.
    pub parent: [u8; 8],
}

impl Trace {
    /// The trace of an `X-Amzn-Trace-Id` header. One that names no parent gets one at random, for W3C has none without.
    pub fn from_xray(header: &str) -> Option<Self> {
        let part = |name: &str| header.split(';').find_map(|part| part.trim().strip_prefix(name));
        let (time, rest) = part("Root=1-")?.split_once('-')?;
        if time.len() != 8 {
            return None;
        }
        Self::spelled(&format!("{time}{rest}"), part("Parent="))
    }

    /// The trace of a `traceparent` header (W3C Trace Context §3.2).
    pub fn from_traceparent(header: &str) -> Option<Self> {
        let mut parts = header.split('-').skip(1);
        Self::spelled(parts.next()?, Some(parts.next()?))
    }

    /// The trace of this id: 32 hex digits, as entries carry it.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::spelled(id, None)
    }

    fn spelled(id: &str, parent: Option<&str>) -> Option<Self> {
        let id = bytes::<16>(id).filter(|id| id.iter().any(|byte| *byte != 0))?;
        let parent = parent.and_then(bytes::<8>).filter(|parent| parent.iter().any(|byte| *byte != 0));
        Some(Self { id, parent: parent.unwrap_or_else(rand::random) })
    }

    /// The trace of what runs here, if it has one.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|trace| *trace).ok()
    }

    /// The id of the trace of what runs here, as entries and problems carry it.
    pub fn current_id() -> Option<String> {
        Self::current().map(|trace| trace.id())
    }

    /// Runs something as a part of this trace.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }

    /// Runs something as a part of the trace of this id, if it is one; else as a part of what it is in already.
    pub async fn of<T>(id: Option<&str>, work: impl Future<Output = T>) -> T {
        match id.and_then(Self::from_id) {
            Some(trace) => trace.scope(work).await,
            None => work.await,
        }
    }

    /// Its id, 32 hex digits.
    pub fn id(&self) -> String {
        hex(&self.id)
    }

    /// Its id as `X-Amzn-Trace-Id` spells it: `Root=1-…-…`.
    pub fn root(&self) -> String {
        let id = self.id();
        format!("Root=1-{}-{}", &id[..8], &id[8..])
    }

    /// The `traceparent` header (W3C Trace Context §3.2) of a request that is made within it.
    pub fn traceparent(&self) -> String {
        format!("00-{}-{}-01", hex(&self.id), hex(&self.parent))
    }
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut all = [0; N];
    for (byte, pair) in all.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(all)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[tokio::test]
    async fn both_spellings_are_one_trace() {
        let header = "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1";
        let trace = Trace::from_xray(header).unwrap();
        assert_eq!(trace.traceparent(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assert_eq!(Trace::from_traceparent(&trace.traceparent()), Some(trace));
        for bad in ["00-xyz-1-1", "00-00000000000000000000000000000000-1-1", "é", ""] {
            assert_eq!(Trace::from_traceparent(bad), None, "{bad}");
        }
        assert_eq!(Trace::current(), None);
        assert_eq!(trace.scope(async { Trace::current() }).await, Some(trace));
        let bare = Trace::from_id(&trace.id()).unwrap();
        assert!(bare.id == trace.id && bare.parent != [0; 8]);
    }

    proptest! {
        #[test]
        fn nonsense_is_no_trace_and_no_panic(text in ".{0,80}", id in "[0-9a-zA-Zé-]{30,34}") {
            let _ = (Trace::from_xray(&text), Trace::from_id(&text), Trace::from_traceparent(&text));
            let good = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && id.bytes().any(|byte| byte != b'0');
            prop_assert_eq!(Trace::from_id(&id).is_some(), good);
        }
    }
}
