//! Reactions: an emoji that somebody puts under a message, taken back, and listed with its people.
//!
//! An emoji keeps its place under the message as long as one person has it: when the first of them
//! takes it back, the next takes over the place. So a reader who knows only the order can follow
//! every change by the events alone.

use std::collections::HashMap;

use clickclack_protocol::api::{self, EventBody};
use clickclack_protocol::ids::{MessageId, UserId};
use clickclack_protocol::limits;
use clickclack_store::{Action, Lookup, Query, StoreError, Tx, Value, params};

use crate::access::{self, AccessError, OpenMessage};
use crate::channel_members::user_from_row;
use crate::desk::{Deed, Target};
use crate::log::{self, Draft};
use crate::text::Invalid;

/// Why a reaction was not added or taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReactionError {
    /// Not seen, or one may not post there.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// It is no emoji.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Nothing is written to an archived channel.
    #[error("the channel is archived")]
    Archived,
    /// Nobody reacts to what is no longer there.
    #[error("the message is deleted")]
    Deleted,
    /// A message holds only so many, of different emoji or altogether.
    #[error("a message may have at most {0} of them")]
    TooMany(i64),
}

impl From<StoreError> for ReactionError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl From<access::PostError> for ReactionError {
    fn from(error: access::PostError) -> Self {
        match error {
            access::PostError::Access(error) => Self::Access(error),
            access::PostError::Archived => Self::Archived,
        }
    }
}

/// One emoji in its fully qualified form (UTS #51 ED-18a), whatever form it was written in.
fn emoji(text: &str) -> Result<&'static str, Invalid> {
    let known = emojis::get(text).or_else(|| {
        // Some keyboards put the variation selector also where it changes nothing.
        emojis::get(&text.replace('\u{FE0F}', ""))
    });
    known
        .map(emojis::Emoji::as_str)
        .ok_or_else(|| Invalid::new("emoji", "must be one emoji of Unicode"))
}

/// The set of a message out of its row's version: absent until somebody reacted. [`fill`] brings
/// what is in it.
pub(crate) fn unfilled(version: i64) -> Option<api::ReactionSet> {
    (version > 0).then(|| api::ReactionSet { items: Vec::new(), version })
}

/// Fills in the reactions of these messages; it costs nothing when there never were any.
pub(crate) async fn fill(
    query: &mut Query,
    messages: &mut [api::Message],
) -> Result<(), StoreError> {
    // Of a deleted message only the version of its reactions is left.
    let alive = messages.iter_mut().filter(|message| message.deleted_at.is_none());
    let mut sets: HashMap<MessageId, &mut api::ReactionSet> =
        alive.filter_map(|message| Some((message.id, message.reactions.as_mut()?))).collect();
    if sets.is_empty() {
        return Ok(());
    }
    let among = query.engine().among("message_id", "$1");
    let sql = format!(
        "SELECT message_id, emoji, user_id FROM reactions WHERE {among} ORDER BY message_id, seq"
    );
    for row in query.rows(&sql, &[Value::list(sets.keys())]).await? {
        let id: MessageId = row.get(0)?;
        let set = sets.get_mut(&id).expect("only what was asked for is answered");
        put(set, &row.get::<String>(1)?, row.get(2)?);
    }
    Ok(())
}

/// Puts one more reaction behind those that came before it.
fn put(set: &mut api::ReactionSet, emoji: &str, user_id: UserId) {
    if let Some(item) = set.items.iter_mut().find(|item| item.emoji == emoji) {
        item.user_ids.push(user_id);
    } else {
        let (emoji, user_ids) = (emoji.to_owned(), vec![user_id]);
        set.items.push(api::Reaction { emoji, user_ids });
    }
}

/// Takes the reactions of a message away, as a part of the event with this sequence.
pub(crate) async fn erase(tx: &mut Tx, message: &api::Message, seq: i64) -> Result<(), StoreError> {
    if message.reactions.is_none() {
        return Ok(());
    }
    tx.execute("DELETE FROM reactions WHERE message_id = $1", params![message.id]).await?;
    set_version(tx, message.id, seq).await
}

async fn set_version(tx: &mut Tx, message_id: MessageId, seq: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE messages SET reactions_version = $1 WHERE id = $2",
        params![seq, message_id],
    )
    .await?;
    Ok(())
}

/// The reactions of one message; an empty set when there never were any.
async fn load(query: &mut Query, message_id: MessageId) -> Result<api::ReactionSet, StoreError> {
    let version = version(query, message_id).await?;
    let mut set = api::ReactionSet { items: Vec::new(), version };
    let sql = "SELECT emoji, user_id FROM reactions WHERE message_id = $1 ORDER BY seq";
    for row in query.rows(sql, params![message_id]).await? {
        put(&mut set, &row.get::<String>(0)?, row.get(1)?);
    }
    Ok(set)
}

async fn version(query: &mut Query, message_id: MessageId) -> Result<i64, StoreError> {
    let sql = "SELECT reactions_version FROM messages WHERE id = $1";
    query.one(sql, params![message_id]).await?.get(0)
}

/// Tells everybody who sees the channel.
async fn tell(
    tx: &mut Tx,
    seq: i64,
    body: fn(api::ReactionPayload) -> EventBody,
    emoji: &str,
    open: OpenMessage,
) -> Result<(), StoreError> {
    let OpenMessage { poster, message_id, .. } = open;
    let payload = api::ReactionPayload { message_id, emoji: emoji.to_owned(), user: poster.author };
    let draft = Draft::reaction(body, payload, &poster.viewer);
    log::emit(tx, poster.viewer.member.workspace_id, seq, draft).await
}

/// Reacts to a message. The same again changes nothing.
#[derive(Debug, Clone)]
pub struct AddReaction {
    /// Who: anybody who may post in the channel.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
    /// With what.
    pub emoji: String,
}

impl Deed for AddReaction {
    fn target(&self) -> Target {
        Target::Message(self.message_id)
    }
}

impl Action for AddReaction {
    type Output = api::ReactionSet;
    type Error = ReactionError;

    async fn run(&self, tx: &mut Tx) -> Result<api::ReactionSet, ReactionError> {
        let emoji = emoji(&self.emoji)?;
        let open = access::to_mark(tx, self.actor, self.message_id).await?;
        if open.is_deleted {
            return Err(ReactionError::Deleted);
        }
        let mut set = load(tx, self.message_id).await?;
        let held = set.items.iter().find(|item| item.emoji == emoji);
        if held.is_some_and(|item| item.user_ids.contains(&self.actor)) {
            return Ok(set);
        }
        if held.is_none() && set.items.len() >= as_length(limits::REACTION_EMOJI) {
            return Err(ReactionError::TooMany(limits::REACTION_EMOJI));
        }
        let all: usize = set.items.iter().map(|item| item.user_ids.len()).sum();
        if all >= as_length(limits::REACTIONS_PER_MESSAGE) {
            return Err(ReactionError::TooMany(limits::REACTIONS_PER_MESSAGE));
        }
        let seq = tx.next_seq(open.poster.viewer.member.workspace_id)?;
        tx.execute(
            "INSERT INTO reactions (message_id, emoji, user_id, seq) VALUES ($1, $2, $3, $4)",
            params![self.message_id, emoji, self.actor, seq],
        )
        .await?;
        set_version(tx, self.message_id, seq).await?;
        put(&mut set, emoji, self.actor);
        set.version = seq;
        tell(tx, seq, EventBody::ReactionAdded, emoji, open).await?;
        Ok(set)
    }
}

fn as_length(limit: i64) -> usize {
    usize::try_from(limit).expect("limits are positive")
}

/// Takes one's own reaction back. One that is not there changes nothing.
#[derive(Debug, Clone)]
pub struct RemoveReaction {
    /// Who: anybody who may post in the channel.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
    /// Which of one's reactions.
    pub emoji: String,
}

impl Deed for RemoveReaction {
    fn target(&self) -> Target {
        Target::Message(self.message_id)
    }
}

impl Action for RemoveReaction {
    type Output = api::ReactionSet;
    type Error = ReactionError;

    async fn run(&self, tx: &mut Tx) -> Result<api::ReactionSet, ReactionError> {
        let emoji = emoji(&self.emoji)?;
        let open = access::to_mark(tx, self.actor, self.message_id).await?;
        let mut set = load(tx, self.message_id).await?;
        let Some(place) = set.items.iter().position(|item| item.emoji == emoji) else {
            return Ok(set);
        };
        let people = &mut set.items[place].user_ids;
        let Some(index) = people.iter().position(|id| *id == self.actor) else {
            return Ok(set);
        };
        people.remove(index);
        let heir = people.first().copied().filter(|_| index == 0);
        if people.is_empty() {
            set.items.remove(place);
        }
        let seq = tx.next_seq(open.poster.viewer.member.workspace_id)?;
        self.take_back(tx, emoji, heir).await?;
        set_version(tx, self.message_id, seq).await?;
        set.version = seq;
        tell(tx, seq, EventBody::ReactionRemoved, emoji, open).await?;
        Ok(set)
    }
}

impl RemoveReaction {
    /// Takes the row away; its place goes over to the heir.
    async fn take_back(
        &self,
        tx: &mut Tx,
        emoji: &str,
        heir: Option<UserId>,
    ) -> Result<(), StoreError> {
        let place: i64 = tx
            .one(
                "DELETE FROM reactions WHERE message_id = $1 AND emoji = $2 AND user_id = $3
                 RETURNING seq",
                params![self.message_id, emoji, self.actor],
            )
            .await?
            .get(0)?;
        if let Some(heir) = heir {
            tx.execute(
                "UPDATE reactions SET seq = $1
                 WHERE message_id = $2 AND emoji = $3 AND user_id = $4",
                params![place, self.message_id, emoji, heir],
            )
            .await?;
        }
        Ok(())
    }
}

/// Who reacted to a message, and with what.
#[derive(Debug, Clone)]
pub struct ListReactions {
    /// Who reads.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
}

impl Lookup for ListReactions {
    type Output = api::ReactionList;
    type Error = AccessError;

    async fn run(&self, query: &mut Query) -> Result<api::ReactionList, AccessError> {
        access::to_read(query, self.actor, self.message_id).await?;
        let version = version(query, self.message_id).await?;
        let rows = query
            .rows(
                "SELECT u.id, u.name, u.kind, u.deactivated_at IS NOT NULL, r.emoji
                 FROM reactions r JOIN users u ON u.id = r.user_id
                 WHERE r.message_id = $1 ORDER BY r.seq",
                params![self.message_id],
            )
            .await?;
        let mut items: Vec<api::ReactionPeople> = Vec::new();
        for row in &rows {
            let (user, emoji) = (user_from_row(row)?, row.get::<String>(4)?);
            match items.iter_mut().find(|item| item.emoji == emoji) {
                Some(item) => item.people.push(user),
                None => items.push(api::ReactionPeople { emoji, people: vec![user] }),
            }
        }
        Ok(api::ReactionList { items, version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_has_one_form() {
        for (written, kept) in [
            ("🦀", "🦀"),
            ("❤", "❤\u{FE0F}"),
            ("❤\u{FE0F}", "❤\u{FE0F}"),
            ("🦀\u{FE0F}", "🦀"),
            ("☝🏽", "☝🏽"),
            ("☝\u{FE0F}🏽", "☝🏽"),
            ("1\u{20E3}", "1\u{FE0F}\u{20E3}"),
            ("🤷\u{200D}♀", "🤷\u{200D}♀\u{FE0F}"),
            ("👩🏻\u{200D}❤\u{200D}👨🏿", "👩🏻\u{200D}❤\u{FE0F}\u{200D}👨🏿"),
            ("👨\u{200D}👩\u{200D}👧\u{200D}👦", "👨\u{200D}👩\u{200D}👧\u{200D}👦"),
            ("🇺🇦", "🇺🇦"),
            // Unicode 16 and 17.
            ("🫩", "🫩"),
            ("🫪", "🫪"),
        ] {
            assert_eq!(emoji(written).unwrap(), kept, "{written:?}");
        }
    }

    #[test]
    fn what_is_no_emoji_is_refused() {
        let long = "🦀".repeat(1_000);
        for text in ["", " ", "1", "#", "a", ":crab:", "🦀🦀", "🦀 ", "🏽", "🇺", "\u{FE0F}", &long]
        {
            assert_eq!(emoji(text).unwrap_err().field, "emoji", "{text:?}");
        }
    }

    #[test]
    fn every_emoji_fits_into_what_the_contract_allows() {
        assert!(emojis::iter().all(|known| known.as_str().chars().count() <= 64));
        assert!(emojis::iter().all(|known| emoji(known.as_str()) == Ok(known.as_str())));
    }
}
