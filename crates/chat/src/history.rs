//! History by stretches: the messages of a channel in the order of their places.

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, UserId};
use clickclack_store::{Lookup, Query, params};

use crate::access;
use crate::messages::{COLUMNS, MessageError, TABLES, as_of, complete, from_row};
use crate::quotes;

/// Where a stretch of history lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// The newest messages.
    Newest,
    /// The messages before a sequence, the nearest ones.
    Before(i64),
    /// The messages after a sequence, the nearest ones.
    After(i64),
    /// The messages around a sequence, itself included.
    Around(i64),
}

impl Stretch {
    /// From where to where it reaches. Sequences are dense, so a stretch is a range and both ends
    /// are known without a count.
    pub(crate) fn range(self, last: i64, limit: i64) -> (i64, i64) {
        match self {
            Self::Newest => (last - limit + 1, last),
            Self::Before(seq) => {
                let to = seq.min(last + 1) - 1;
                (to - limit + 1, to)
            }
            Self::After(seq) => (seq.saturating_add(1), seq.saturating_add(limit)),
            Self::Around(seq) => {
                let middle = seq.min(last);
                (middle - limit / 2, middle + (limit - 1) / 2)
            }
        }
    }
}

/// A stretch of a channel's history.
#[derive(Debug, Clone)]
pub struct ListMessages {
    /// Who reads.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
    /// Which stretch.
    pub stretch: Stretch,
    /// Messages at most.
    pub limit: i64,
}

impl Lookup for ListMessages {
    type Output = api::MessagePage;
    type Error = MessageError;

    async fn run(&self, query: &mut Query) -> Result<api::MessagePage, MessageError> {
        let viewer = access::to_view(query, self.actor, self.channel_id).await?;
        let last = viewer.last_seq;
        let (from, to) = self.stretch.range(last, self.limit);
        let rows = query
            .rows(
                &format!(
                    "SELECT {COLUMNS} FROM {TABLES}
                     WHERE m.channel_id = $1 AND m.seq >= $2 AND m.seq <= $3 ORDER BY m.seq"
                ),
                params![self.channel_id, from, to],
            )
            .await?;
        let messages = rows.iter().map(from_row).collect::<Result<_, _>>()?;
        let messages = complete(query, messages).await?;
        Ok(api::MessagePage {
            quoted: quotes::seen_by(query, self.actor, quotes::in_these(&messages)).await?,
            messages,
            has_older: from > 1 && last > 0,
            has_newer: to < last,
            as_of: as_of(query, viewer.member.workspace_id).await?,
        })
    }
}
