use reqwest::header::HeaderValue;

use crate::MESSAGE_BYTES_MAX;

/// Bytes of a line of a stream: the longest message and the name of its field.
const LINE_BYTES_MAX: usize = MESSAGE_BYTES_MAX + 16;

/// Bytes of an event's id; a longer one is not kept.
const EVENT_ID_BYTES_MAX: usize = 1024;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What an event of a stream is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// It carries a message.
    #[default]
    Message,
    /// It carries the address that messages go to.
    Endpoint,
    /// Something that nobody here knows.
    Other,
}

/// One event of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// What it is for.
    pub(crate) kind: EventKind,
    /// Its lines of data, with line feeds between them.
    pub(crate) data: Vec<u8>,
}

/// A line or an event is longer than is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Takes a stream of server-sent events apart, wherever its pieces are cut.
///
/// Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html>, section 9.2.6.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// What has come in and is no whole line yet.
    line: Vec<u8>,
    event: Event,
    has_data: bool,
    /// The last byte was a carriage return: a line feed right after it ends no further line.
    is_after_return: bool,
    has_begun: bool,
    /// The id that the event will have once it is complete.
    next_id: Option<HeaderValue>,
    /// The id of the latest complete event, which a resumed stream begins after.
    pub(crate) last_id: Option<HeaderValue>,
    /// How long the server asks to wait before the stream is opened again, in milliseconds.
    pub(crate) retry_ms: Option<u64>,
    /// Events with an id of their own so far.
    pub(crate) ids: u64,
}

impl Decoder {
    /// Takes bytes in up to the end of the next event. Returns the event and how many bytes were taken;
    /// without an event, all of them were.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(Option<Event>, usize), TooLong> {
        let mut taken = 0;
        while taken < bytes.len() {
            let rest = &bytes[taken..];
            if std::mem::take(&mut self.is_after_return) && rest[0] == b'\n' {
                taken += 1;
                continue;
            }
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                self.extend(rest)?;
                return Ok((None, bytes.len()));
            };
            self.extend(&rest[..end])?;
            self.is_after_return = rest[end] == b'\r';
            taken += end + 1;
            let line = std::mem::take(&mut self.line);
            if let Some(event) = self.end_line(&line)? {
                return Ok((Some(event), taken));
            }
        }
        Ok((None, taken))
    }

    /// Forgets what waits for its rest, because the stream is opened again after the last id.
    pub(crate) fn restart(&mut self) {
        *self = Self {
            last_id: self.last_id.take(),
            retry_ms: self.retry_ms,
            ids: self.ids,
            ..Self::default()
        };
    }

    /// Returns how many bytes wait for the rest of their event.
    pub(crate) fn waiting(&self) -> usize {
        self.line.len() + self.event.data.len()
    }

    fn extend(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.line.len() + bytes.len() > LINE_BYTES_MAX {
            return Err(TooLong);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self, line: &[u8]) -> Result<Option<Event>, TooLong> {
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let line = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if is_first => rest,
            _ => line,
        };
        if line.is_empty() {
            if let Some(id) = self.next_id.take() {
                self.ids += 1;
                self.last_id = Some(id).filter(|id| !id.is_empty());
            }
            let event = std::mem::take(&mut self.event);
            return Ok(std::mem::take(&mut self.has_data).then_some(event));
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => self.data(value)?,
            b"event" => {
                self.event.kind = match value {
                    b"" | b"message" => EventKind::Message,
                    b"endpoint" => EventKind::Endpoint,
                    _ => EventKind::Other,
                }
            }
            b"id" => self.id(value),
            b"retry" => {
                let digits = std::str::from_utf8(value).ok();
                let is_number = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
                let number = digits
                    .filter(|_| is_number)
                    .and_then(|text| text.parse().ok());
                self.retry_ms = number.or(self.retry_ms);
            }
            _ => {}
        }
        Ok(None)
    }

    fn data(&mut self, value: &[u8]) -> Result<(), TooLong> {
        let data = &mut self.event.data;
        if data.len() + value.len() + 1 > LINE_BYTES_MAX {
            return Err(TooLong);
        }
        if self.has_data {
            data.push(b'\n');
        }
        self.has_data = true;
        data.extend_from_slice(value);
        Ok(())
    }

    fn id(&mut self, value: &[u8]) {
        if value.len() > EVENT_ID_BYTES_MAX || value.contains(&0) {
            return;
        }
        self.next_id = HeaderValue::from_bytes(value).ok().or(self.next_id.take());
    }
}

#[cfg(test)]
mod tests {
    use super::{Decoder, Event, EventKind, LINE_BYTES_MAX, TooLong};

    fn event(kind: EventKind, data: &str) -> Event {
        Event {
            kind,
            data: data.as_bytes().to_vec(),
        }
    }

    fn message(data: &str) -> Event {
        event(EventKind::Message, data)
    }

    /// Decodes a stream in pieces of one length.
    fn decode(stream: &[u8], length: usize) -> (Vec<Event>, Decoder) {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        for mut piece in stream.chunks(length) {
            while !piece.is_empty() {
                let (found, taken) = decoder.take(piece).expect("it is short");
                events.extend(found);
                piece = &piece[taken..];
            }
        }
        (events, decoder)
    }

    /// Decodes a stream cut at every length.
    fn check(stream: &str, expect: &[Event]) {
        for length in 1..=stream.len() {
            let (events, _) = decode(stream.as_bytes(), length);
            assert_eq!(events, expect, "{stream:?} in pieces of {length}");
        }
    }

    #[test]
    fn reads_events_wherever_they_are_cut() {
        check("data: a\n\ndata:b\n\n", &[message("a"), message("b")]);
        check("data: a\r\n\r\ndata: b\r\r", &[message("a"), message("b")]);
        check("data: é\ndata\ndata:  x\n\n", &[message("é\n\n x")]);
        check(
            "event: endpoint\ndata: /m?a=1\n\n",
            &[event(EventKind::Endpoint, "/m?a=1")],
        );
        check("\u{feff}data: a\n\n", &[message("a")]);
        check("event: ping\ndata: a\n\n", &[event(EventKind::Other, "a")]);
        check(
            ": keep\n\nfield: x\nevent: y\n\ndata: a\n\n",
            &[message("a")],
        );
        check("data: never ended\n", &[]);
    }

    #[test]
    fn keeps_the_id_and_the_time_to_wait() {
        let stream = b"id: 7\ndata:\nretry: 250\n\nid: a\0b\nretry: 1s\n\nretry:\n";
        for length in 1..=stream.len() {
            let (events, decoder) = decode(stream, length);
            assert_eq!(events, [message("")]);
            assert_eq!(decoder.last_id.as_ref().expect("it has one"), "7");
            assert_eq!((decoder.retry_ms, decoder.ids), (Some(250), 1));
        }
        let (_, mut decoder) = decode(b"id: 7\n\nid: 8\ndata: half", 3);
        decoder.restart();
        assert_eq!(decoder.waiting(), 0);
        assert_eq!(decoder.last_id.as_ref().expect("it has one"), "7");
        let (_, decoder) = decode(b"id: 7\n\nid\n\n", 3);
        assert_eq!(decoder.last_id, None);
    }

    #[test]
    fn refuses_what_has_no_end() {
        let mut decoder = Decoder::default();
        let piece = vec![b'x'; 1024 * 1024];
        let outcome =
            (0..=LINE_BYTES_MAX / piece.len()).try_for_each(|_| decoder.take(&piece).map(drop));
        assert_eq!(outcome, Err(TooLong));

        let mut decoder = Decoder::default();
        let line = [b"data: ".as_slice(), &piece, b"\n"].concat();
        let outcome =
            (0..=LINE_BYTES_MAX / piece.len()).try_for_each(|_| decoder.take(&line).map(drop));
        assert_eq!(outcome, Err(TooLong));
        assert!(decoder.waiting() <= LINE_BYTES_MAX);
    }
}
