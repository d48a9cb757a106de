//! Server-sent events (WHATWG HTML §9.2.6), read from pieces that the network cut anywhere.
//!
//! Only `data` is read: chat completions use nothing else. Ours instead of a crate, since an event must be bounded while
//! it grows.

use crate::agent::AgentError;

/// Bytes of one event: a tool call that comes in one piece, with room.
const EVENT_BYTES: usize = 256 * 1024;

/// What has been read of a stream, and is no whole event yet.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The line that is not whole yet.
    line: Vec<u8>,
    /// The `data` of the event that is not whole yet.
    data: String,
    has_data: bool,
    /// The last byte was a carriage return, which ends a line also without a line feed.
    after_return: bool,
    begun: bool,
}

impl Events {
    /// Reads a piece, and gives the data of all events that end in it.
    ///
    /// # Errors
    /// [`AgentError::Unusable`] for an event that is too large or no UTF-8.
    pub(super) fn read(&mut self, piece: &[u8]) -> Result<Vec<String>, AgentError> {
        let mut events = vec![];
        for byte in piece {
            match byte {
                b'\n' if self.after_return => {}
                b'\n' | b'\r' => events.extend(self.end_line()?),
                _ if self.line.len() + self.data.len() >= EVENT_BYTES => return Err(AgentError::Unusable("too_long")),
                _ => self.line.push(*byte),
            }
            self.after_return = *byte == b'\r';
        }
        Ok(events)
    }

    /// The end of a line; an empty one ends the event.
    fn end_line(&mut self) -> Result<Option<String>, AgentError> {
        let line = String::from_utf8(std::mem::take(&mut self.line)).map_err(|_| AgentError::Unusable("no_utf8"))?;
        let line = if self.begun { line.as_str() } else { line.strip_prefix('\u{feff}').unwrap_or(&line) };
        self.begun = true;
        if line.is_empty() {
            let whole = std::mem::take(&mut self.data);
            return Ok(std::mem::take(&mut self.has_data).then_some(whole));
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        if field == "data" {
            if self.has_data {
                self.data.push('\n');
            }
            self.data.push_str(value.strip_prefix(' ').unwrap_or(value));
            self.has_data = true;
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut events = Events::default();
        pieces.iter().flat_map(|piece| events.read(piece).unwrap()).collect()
    }

    #[test]
    fn every_form_of_the_grammar_is_read() {
        for (text, expected) in [
            ("data: one\n\ndata:two\n\n", vec!["one", "two"]),
            ("data: one\r\n\r\ndata: two\r\rdata: three\n\n", vec!["one", "two", "three"]),
            ("data: a\ndata: b\ndata\ndata:  c\n\n", vec!["a\nb\n\n c"]),
            (": a comment\n\n:\ndata: one\nevent: x\nid: 1\nretry: 5\nnonsense\n\n", vec!["one"]),
            ("\u{feff}data: one\n\n", vec!["one"]),
            ("data: 你好：世界\n\n", vec!["你好：世界"]),
            ("data\n\n", vec![""]),
            ("\n\n\nevent: x\n\n", vec![]),
            ("data: never ended\n", vec![]),
            ("database: x\n data: y\n\n", vec![]),
        ] {
            assert_eq!(read(&[text.as_bytes()]), expected, "{text:?}");
        }
    }

    #[test]
    fn an_event_without_an_end_is_refused() {
        let mut events = Events::default();
        let piece = vec![b'x'; 64 * 1024];
        assert!((0..4).all(|_| events.read(&piece).is_ok()));
        assert_eq!(events.read(&piece), Err(AgentError::Unusable("too_long")));
        let mut events = Events::default();
        let lines = "data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n".repeat(1_000);
        let mut reads = (0..20).map(|_| events.read(lines.as_bytes()));
        assert!(reads.any(|read| read.is_err()), "many lines of one event");
        assert_eq!(Events::default().read(b"data: \xff\n"), Err(AgentError::Unusable("no_utf8")));
    }

    proptest! {
        #[test]
        fn wherever_the_network_cuts_the_events_are_the_same(
            lines in prop::collection::vec("(data: ?)?[a-c你:\u{1f600}]{0,6}(\n|\r|\r\n)", 0..20),
            cuts in prop::collection::vec(0usize..200, 0..8),
        ) {
            let text = lines.concat();
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(text.len())).chain([0, text.len()]).collect();
            cuts.sort_unstable();
            let pieces: Vec<_> = cuts.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read(&pieces), read(&[text.as_bytes()]));
        }
    }
}
