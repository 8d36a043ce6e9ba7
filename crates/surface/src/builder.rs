use serde_json::Value;

use crate::{
    Fault, Item, ItemKind, ReadError, Surface,
    strict::read,
    surface::{Parts, count_strings, depth},
};

/// Bytes of all lists of a server.
pub const SURFACE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Items of one kind.
pub const ITEMS_MAX: usize = 5_000;

/// Levels of one item.
pub const DEPTH_MAX: usize = 64;

/// Strings in all items, keys not counted.
pub const STRINGS_MAX: usize = 50_000;

/// Takes what a server lists, page by page, up to the limits. What goes beyond is left out and
/// remembered as a [`Fault`]: a surface that was cut is never taken for a whole one.
#[derive(Debug, Default)]
pub struct Builder {
    parts: Parts,
    bytes: usize,
    strings: usize,
}

impl Builder {
    /// Begins with nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what the server says of itself, as it came: a claim, outside the trust digest.
    pub fn about(&mut self, about: Value) {
        self.parts.about = Some(about);
    }

    /// Takes the instructions of the greeting. Empty ones are none.
    pub fn instructions(&mut self, text: &str) {
        if text.is_empty() || !self.has_room(ItemKind::Instructions, text.len()) {
            return;
        }
        let item = Item::new(ItemKind::Instructions, text.into());
        self.parts.items.push(item);
    }

    /// Takes the `result` of one list request, as the server wrote it, and returns the cursor of the
    /// next page.
    ///
    /// # Errors
    /// [`ReadError`]; it is remembered as a fault, and nothing of the page is taken.
    pub fn page(&mut self, kind: ItemKind, result: &str) -> Result<Option<String>, ReadError> {
        if !self.has_room(kind, result.len()) {
            return Ok(None);
        }
        self.take(kind, result).inspect_err(|error| {
            self.parts.faults.push(Fault::Refused {
                kind,
                why: error.to_string(),
            });
        })
    }

    /// Remembers that a list could not be had to its end.
    pub fn fault(&mut self, fault: Fault) {
        self.parts.faults.push(fault);
    }

    /// Returns the surface.
    pub fn finish(self) -> Surface {
        Surface::new(self.parts)
    }

    fn take(&mut self, kind: ItemKind, result: &str) -> Result<Option<String>, ReadError> {
        let mut result = read(result)?;
        let member = kind.member();
        let Some(Value::Array(items)) = result.get_mut(member).map(Value::take) else {
            return Err(ReadError::NotAList { member });
        };
        for value in items {
            self.add(kind, value);
        }
        let next = result.get("nextCursor").and_then(Value::as_str);
        Ok(next.map(str::to_owned))
    }

    pub(crate) fn add(&mut self, kind: ItemKind, value: Value) {
        if value.get(kind.key()).and_then(Value::as_str).is_none() {
            let missing = kind.key();
            self.parts.faults.push(Fault::NoName { kind, missing });
            return;
        }
        if self.parts.count(kind) >= ITEMS_MAX {
            self.parts.reached(Fault::TooMany { kind });
            return;
        }
        if depth(&value) > DEPTH_MAX {
            let item = Item::new(kind, value);
            let name = item.name().to_owned();
            self.parts.faults.push(Fault::TooDeep { kind, name });
            return;
        }
        self.strings += count_strings(&value);
        if self.strings > STRINGS_MAX {
            self.parts.reached(Fault::TooManyStrings);
            return;
        }
        self.parts.items.push(Item::new(kind, value));
    }

    fn has_room(&mut self, kind: ItemKind, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        let has_room = self.bytes <= SURFACE_BYTES_MAX;
        if !has_room {
            self.parts.reached(Fault::TooLarge { kind });
        }
        has_room
    }
}
