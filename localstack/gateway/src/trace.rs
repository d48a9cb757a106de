//! Trace ids: the client's, in W3C's or Amazon's spelling, or a new one. Inside it is always Amazon's.

use deskwire_app::telemetry::Trace;
use http::HeaderMap;

use crate::events::now_millis;

/// Characters of a header that is believed; longer ones are somebody's joke.
const LONGEST: usize = 256;

/// A new trace: as X-Ray makes them, the time in seconds and 12 random bytes.
pub(crate) fn new_trace() -> String {
    format!("Root=1-{:08x}-{}", now_millis() / 1000, hex::encode(rand::random::<[u8; 12]>()))
}

/// The trace that a request belongs to.
pub(crate) fn trace(headers: &HeaderMap) -> String {
    let header = |name: &str| headers.get(name)?.to_str().ok().filter(|text| text.len() <= LONGEST);
    let amazon = header("x-amzn-trace-id").filter(|text| Trace::from_xray(text).is_some()).map(str::to_owned);
    let w3c = || Some(Trace::from_traceparent(header("traceparent")?)?.root());
    amazon.or_else(w3c).unwrap_or_else(new_trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &'static str, value: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        trace(&headers)
    }

    #[test]
    fn the_clients_trace_is_kept_and_nonsense_is_not() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let root = "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736";
        assert_eq!(of("traceparent", &format!("00-{id}-00f067aa0ba902b7-01")), root);
        assert_eq!(of("x-amzn-trace-id", &format!("{root};Sampled=1")), format!("{root};Sampled=1"));
        for bad in ["00-xyz-1-1", "00-00000000000000000000000000000000-1-1", "é"] {
            let made = of("traceparent", bad);
            assert!(Trace::from_xray(&made).is_some() && made != root, "{made}");
        }
        assert!(Trace::from_xray(&of("x-amzn-trace-id", "Root=1-zz-y\tSelf=")).is_some());
    }
}
