//! Whom messages name and call: looked up when a text is written, kept in rows, filled in when it
//! is read. Who is called is settled when the message is sent; an edit only changes who is named.

use std::collections::HashMap;

use clickclack_protocol::api::{self, MentionsEveryone};
use clickclack_protocol::ids::{MessageId, UserId};
use clickclack_protocol::limits;
use clickclack_store::{Query, Row, StoreError, Tx, Value, params};

use crate::access::Viewer;
use crate::channel_members::user_from_row;
use crate::messages::MessageError;
use crate::naming::{ByName, Naming};
use crate::text::to_stored;

/// A text as it is kept, and whom it speaks to.
#[derive(Debug)]
pub(crate) struct Spoken {
    /// The text, in which names have become ids.
    pub(crate) body: String,
    /// The people in it, in the order of their ids.
    pub(crate) people: Vec<api::User>,
    /// Whether it calls everybody.
    pub(crate) everyone: Option<MentionsEveryone>,
}

/// Finds out whom a text speaks to: members who see the channel.
pub(crate) async fn find(
    query: &mut Query,
    viewer: &Viewer,
    text: &str,
) -> Result<Spoken, MessageError> {
    if !text.contains('@') {
        return Ok(Spoken { body: text.to_owned(), people: Vec::new(), everyone: None });
    }
    let naming = Naming::of(text);
    let (ids, names) = (naming.ids(), naming.names(text));
    let mut by_id = HashMap::new();
    if !ids.is_empty() {
        for row in seeing(query, viewer, "u.id", Value::list(&ids)).await? {
            let user = user_from_row(&row)?;
            by_id.insert(user.id, user);
        }
    }
    let mut by_name = ByName::new();
    if !names.is_empty() {
        for row in seeing(query, viewer, "u.name_folded", Value::list(&names)).await? {
            let user = user_from_row(&row)?;
            by_name.entry(row.get(4)?).and_modify(|known| *known = None).or_insert(Some(user));
        }
    }
    let (body, people) = naming.settle(text, &by_id, &by_name);
    // An id is longer than most names.
    if body.chars().count() > limits::MESSAGE_CHARS {
        return Err(MessageError::TooLong);
    }
    Ok(Spoken { body, people, everyone: naming.everyone() })
}

/// The active members who see a channel and are in a list.
async fn seeing(
    query: &mut Query,
    viewer: &Viewer,
    column: &str,
    list: Value,
) -> Result<Vec<Row>, StoreError> {
    let among = query.engine().among(column, "$3");
    // CROSS JOIN says to SQLite where to begin: it would rather walk all members of the workspace.
    let sql = format!(
        "SELECT u.id, u.name, u.kind, u.deactivated_at IS NOT NULL, u.name_folded
         FROM users u CROSS JOIN members m
         LEFT JOIN channel_members cm ON cm.channel_id = $1 AND cm.user_id = u.id
         WHERE m.user_id = u.id AND m.workspace_id = $2 AND {among} AND u.deactivated_at IS NULL
           AND (cm.user_id IS NOT NULL OR ($4 = 1 AND m.role <> 'guest'))"
    );
    let public = i64::from(viewer.is_public());
    let params = [viewer.channel_id.into(), viewer.member.workspace_id.into(), list, public.into()];
    query.rows(&sql, &params).await
}

/// What a new message says of the people in it; nobody calls themself.
pub(crate) fn of_new(
    author_id: UserId,
    people: &[api::User],
    everyone: Option<MentionsEveryone>,
) -> Option<api::Mentions> {
    if people.is_empty() && everyone.is_none() {
        return None;
    }
    let called = people.iter().map(|user| user.id).filter(|id| *id != author_id).collect();
    Some(api::Mentions { people: people.to_vec(), called, everyone })
}

/// Writes whom a new message names and calls.
pub(crate) async fn insert(tx: &mut Tx, message: &api::Message) -> Result<(), StoreError> {
    let Some(mentions) = message.mentions.as_ref().filter(|found| !found.people.is_empty()) else {
        return Ok(());
    };
    let among = tx.engine().among("id", "$7");
    let sql = format!(
        "INSERT INTO mentions
           (user_id, message_id, channel_id, seq, thread_root_id, thread_seq, called, named)
         SELECT id, $1, $2, $3, $4, $5, CASE WHEN id = $6 THEN 0 ELSE 1 END, 1
         FROM users WHERE {among}"
    );
    let params = params![
        message.id,
        message.channel_id,
        message.seq,
        message.thread_root_id,
        message.thread_seq,
        message.author.id,
        Value::list(mentions.people.iter().map(|user| user.id)),
    ];
    tx.execute(&sql, params).await?;
    Ok(())
}

/// Writes whom the present text of a message names: nobody, once it is deleted. Whom it called
/// stays, so that whoever counted it can count it back.
pub(crate) async fn rename(
    tx: &mut Tx,
    before: &api::Message,
    people: &[api::User],
) -> Result<(), StoreError> {
    let named_before = before.mentions.as_ref().map_or(&[][..], |found| &found.people);
    if named_before == people {
        return Ok(());
    }
    let params = params![before.id];
    tx.execute("DELETE FROM mentions WHERE message_id = $1 AND called = 0", params).await?;
    tx.execute("UPDATE mentions SET named = 0 WHERE message_id = $1", params).await?;
    if !people.is_empty() {
        let among = tx.engine().among("u.id", "$2");
        let sql = format!(
            "INSERT INTO mentions
               (user_id, message_id, channel_id, seq, thread_root_id, thread_seq, called, named)
             SELECT u.id, m.id, m.channel_id, m.seq, m.thread_root_id, m.thread_seq, 0, 1
             FROM messages m CROSS JOIN users u WHERE m.id = $1 AND {among}
             ON CONFLICT (message_id, user_id) DO UPDATE SET named = 1"
        );
        let list = Value::list(people.iter().map(|user| user.id));
        tx.execute(&sql, &[before.id.into(), list]).await?;
    }
    tx.execute("UPDATE messages SET names = 1 WHERE id = $1", params).await?;
    Ok(())
}

/// What a row of messages says by itself: that there may be names, and who else was called.
pub(crate) fn hint(names: bool, everyone: Option<MentionsEveryone>) -> Option<api::Mentions> {
    let hint = api::Mentions { people: Vec::new(), called: Vec::new(), everyone };
    (names || everyone.is_some()).then_some(hint)
}

/// Fills in whom these messages name and called, where their rows hint at it.
pub(crate) async fn fill(
    query: &mut Query,
    messages: &mut [api::Message],
) -> Result<(), StoreError> {
    let hinted = messages.iter().filter(|message| message.mentions.is_some());
    let ids: Vec<_> = hinted.map(|message| message.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let among = query.engine().among("x.message_id", "$1");
    let sql = format!(
        "SELECT u.id, u.name, u.kind, u.deactivated_at IS NOT NULL, x.message_id, x.called, x.named
         FROM mentions x JOIN users u ON u.id = x.user_id
         WHERE {among} ORDER BY x.user_id"
    );
    let mut found: HashMap<MessageId, Vec<(api::User, bool, bool)>> = HashMap::new();
    for row in query.rows(&sql, &[Value::list(ids)]).await? {
        let person = (user_from_row(&row)?, row.get(5)?, row.get(6)?);
        found.entry(row.get(4)?).or_default().push(person);
    }
    for message in messages {
        let Some(mentions) = &mut message.mentions else { continue };
        for (user, called, named) in found.remove(&message.id).unwrap_or_default() {
            if called {
                mentions.called.push(user.id);
            }
            if named {
                mentions.people.push(user);
            }
        }
        if mentions.people.is_empty() && mentions.called.is_empty() && mentions.everyone.is_none() {
            message.mentions = None;
        }
    }
    Ok(())
}

/// The column of who else was called.
pub(crate) fn everyone_column(message: &api::Message) -> Option<String> {
    message.mentions.as_ref().and_then(|mentions| mentions.everyone).map(to_stored)
}
