//! Pages of lists: how many, from where, and what the next cursor is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clickclack_protocol::limits;

use crate::text::Invalid;

/// Where a page starts and how long it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Key of the last item of the page before; empty for the first page.
    pub after: String,
    /// Items, 1 to 200.
    pub limit: i64,
}

impl Page {
    /// Reads what a client asked for: an opaque cursor and a limit.
    pub fn from_wire(cursor: Option<&str>, limit: Option<i64>) -> Result<Self, Invalid> {
        let limit = limit.unwrap_or(limits::PAGE_DEFAULT);
        if !(1..=limits::PAGE_MAX).contains(&limit) {
            let max = limits::PAGE_MAX;
            return Err(Invalid::new("limit", format!("must be 1 to {max}")));
        }
        let after = match cursor {
            None => String::new(),
            Some(text) => URL_SAFE_NO_PAD
                .decode(text)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .filter(|key| !key.is_empty() && !key.contains('\0'))
                .ok_or_else(|| Invalid::new("cursor", "must be a `next_cursor` of this list"))?,
        };
        Ok(Self { after, limit })
    }

    /// How many rows to ask for: one more than shown tells whether there are more.
    pub(crate) fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// Cuts the rows to the page and answers the cursor of the next one.
    pub(crate) fn cut<T>(&self, items: &mut Vec<T>, key: impl Fn(&T) -> String) -> Option<String> {
        let limit = usize::try_from(self.limit).expect("a limit is a small positive number");
        if items.len() <= limit {
            return None;
        }
        items.truncate(limit);
        items.last().map(|item| URL_SAFE_NO_PAD.encode(key(item)))
    }
}
