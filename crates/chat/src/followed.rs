//! The threads that one follows, the one with the newest reply first.

use std::collections::HashMap;

use clickclack_protocol::api;
use clickclack_protocol::ids::{MessageId, UserId, WorkspaceId};
use clickclack_store::{Lookup, Query, StoreError, Value, params};

use crate::access;
use crate::follows::{self, MOVED_AT};
use crate::messages::{self, MessageError, as_of};
use crate::page::Page;
use crate::text::Invalid;
use crate::unread;

/// Replies that are shown with each thread.
const LATEST: i64 = 2;

/// A page of the threads that one follows.
#[derive(Debug, Clone)]
pub struct ListThreads {
    /// Who reads.
    pub actor: UserId,
    /// Where.
    pub workspace_id: WorkspaceId,
    /// Whether to list only those with unread replies.
    pub unread: bool,
    /// Which page.
    pub page: Page,
}

impl Lookup for ListThreads {
    type Output = api::FollowedThreadPage;
    type Error = MessageError;

    async fn run(&self, query: &mut Query) -> Result<api::FollowedThreadPage, MessageError> {
        access::to_enter(query, self.actor, self.workspace_id).await?;
        let as_of = as_of(query, self.workspace_id).await?;
        let (moved_at, root_id) = after(&self.page)?;
        let only = if self.unread { format!("AND {}", unread::in_thread()) } else { String::new() };
        let before = format!(
            "f.following = 1 AND ({MOVED_AT} < $3 OR ({MOVED_AT} = $3 AND f.root_id < $4)) {only}"
        );
        let sql = follows::newest(&before, "$5");
        let rows = query
            .rows(&sql, params![self.workspace_id, self.actor, moved_at, root_id, self.page.rows()])
            .await?;
        let mut follows = rows
            .iter()
            .map(|row| Ok((follows::from_row(row, &as_of)?, row.get::<i64>(7)?)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        let next_cursor =
            self.page.cut(&mut follows, |(follow, at)| format!("{at} {}", follow.root_id));
        let ids: Vec<_> = follows.iter().map(|(follow, _)| follow.root_id).collect();
        let mut shown = shown(query, &ids).await?;
        let items = follows.into_iter().map(|(follow, _)| {
            let (root, latest) = shown.remove(&follow.root_id).ok_or(StoreError::Internal)?;
            Ok(api::FollowedThread { root, latest, follow })
        });
        let items = items.collect::<Result<_, StoreError>>()?;
        Ok(api::FollowedThreadPage { items, next_cursor, as_of })
    }
}

/// Where a page begins: before which moment and root.
fn after(page: &Page) -> Result<(i64, String), Invalid> {
    if page.after.is_empty() {
        return Ok((i64::MAX, String::new()));
    }
    let found = page.after.split_once(' ').and_then(|(at, root_id)| {
        let root_id: MessageId = root_id.parse().ok()?;
        Some((at.parse().ok()?, root_id.to_string()))
    });
    found.ok_or_else(|| Invalid::new("cursor", "must be a `next_cursor` of this list"))
}

/// The roots and their newest replies, oldest first.
async fn shown(
    query: &mut Query,
    root_ids: &[MessageId],
) -> Result<HashMap<MessageId, (api::Message, Vec<api::Message>)>, StoreError> {
    if root_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let engine = query.engine();
    let (columns, tables) = (messages::COLUMNS, messages::TABLES);
    let (roots, threads) = (engine.among("m.id", "$1"), engine.among("t.root_id", "$1"));
    let sql = format!("SELECT {columns} FROM {tables} WHERE {roots}");
    let list = Value::list(root_ids);
    let mut rows = query.rows(&sql, std::slice::from_ref(&list)).await?;
    let sql = format!(
        "SELECT {columns} FROM {tables}
         JOIN threads t ON t.root_id = m.thread_root_id AND m.thread_seq > t.last_seq - {LATEST}
         WHERE {threads} ORDER BY m.thread_seq"
    );
    rows.extend(query.rows(&sql, &[list]).await?);
    let found = rows.iter().map(messages::from_row).collect::<Result<_, _>>()?;
    let mut shown: HashMap<MessageId, (api::Message, Vec<api::Message>)> = HashMap::new();
    for message in messages::complete(query, found).await? {
        match message.thread_root_id {
            None => {
                shown.insert(message.id, (message, Vec::new()));
            }
            Some(root_id) => {
                shown.get_mut(&root_id).ok_or(StoreError::Internal)?.1.push(message);
            }
        }
    }
    Ok(shown)
}
