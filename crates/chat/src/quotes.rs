//! Quotes: a message points to another one, and every reader is shown what they may see of it.

use clickclack_protocol::api;
use clickclack_protocol::ids::{MessageId, UserId};
use clickclack_store::{Query, StoreError, Value};

use crate::access::{self, AccessError, Viewer};
use crate::messages::{self, MessageError};
use crate::text::Invalid;

/// Refuses to quote what the author does not see in this workspace, or what nobody sees any more.
pub(crate) async fn check(
    query: &mut Query,
    viewer: &Viewer,
    quote_of: Option<MessageId>,
) -> Result<(), MessageError> {
    let Some(id) = quote_of else { return Ok(()) };
    let member = viewer.member;
    match access::to_read(query, member.user_id, id).await {
        Ok(seen) if seen.viewer.member.workspace_id == member.workspace_id && !seen.is_deleted => {
            Ok(())
        }
        Err(AccessError::Store(error)) => Err(error.into()),
        Ok(_) | Err(AccessError::NotFound | AccessError::Forbidden) => Err(Invalid::new(
            "quote_of",
            "must be a message of this workspace that you see and that is not deleted",
        )
        .into()),
    }
}

/// What messages quote.
pub(crate) fn in_these<'a>(messages: impl IntoIterator<Item = &'a api::Message>) -> Vec<MessageId> {
    let mut ids: Vec<_> = messages.into_iter().filter_map(|message| message.quote_of).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Those of these messages that the reader may see, in the order of their ids.
pub(crate) async fn seen_by(
    query: &mut Query,
    reader: UserId,
    ids: Vec<MessageId>,
) -> Result<Vec<api::Message>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let among = query.engine().among("m.id", "$2");
    let (columns, tables) = (messages::COLUMNS, messages::TABLES);
    let sql = format!(
        "SELECT {columns} FROM {tables}
         JOIN members r ON r.workspace_id = c.workspace_id AND r.user_id = $1
         LEFT JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = r.user_id
         WHERE {among}
           AND (cm.user_id IS NOT NULL OR (c.kind = 'public' AND r.role <> 'guest'))
         ORDER BY m.id"
    );
    let rows = query.rows(&sql, &[reader.into(), Value::list(ids)]).await?;
    let found = rows.iter().map(messages::from_row).collect::<Result<_, _>>()?;
    messages::complete(query, found).await
}
