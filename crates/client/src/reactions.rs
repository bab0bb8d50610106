//! The reactions of a message, kept true by events: each is a change whose version is its place in the
//! log, and the set with the higher version knows of more.

use clickclack_protocol::api;

/// The set that knows of more; the one that is held when both know the same.
pub(crate) fn newer(
    held: Option<api::ReactionSet>,
    told: Option<api::ReactionSet>,
) -> Option<api::ReactionSet> {
    let version = |set: &Option<api::ReactionSet>| set.as_ref().map_or(0, |set| set.version);
    if version(&told) > version(&held) { told } else { held }
}

/// Applies a change, unless the set knows of it.
pub(crate) fn apply(
    held: &mut Option<api::ReactionSet>,
    payload: &api::ReactionPayload,
    seq: i64,
    change: fn(&mut api::ReactionSet, &api::ReactionPayload),
) {
    let set = held.get_or_insert_with(|| api::ReactionSet { items: Vec::new(), version: 0 });
    if seq > set.version {
        change(set, payload);
        set.version = seq;
    }
}

/// A new emoji comes last, and so does a new person of an emoji.
pub(crate) fn put(set: &mut api::ReactionSet, payload: &api::ReactionPayload) {
    let (emoji, user_id) = (&payload.emoji, payload.user.id);
    match set.items.iter_mut().find(|item| item.emoji == *emoji) {
        Some(item) => item.user_ids.push(user_id),
        None => set.items.push(api::Reaction { emoji: emoji.clone(), user_ids: vec![user_id] }),
    }
}

/// An emoji keeps its place as long as one person has it.
pub(crate) fn take(set: &mut api::ReactionSet, payload: &api::ReactionPayload) {
    if let Some(item) = set.items.iter_mut().find(|item| item.emoji == payload.emoji) {
        item.user_ids.retain(|id| *id != payload.user.id);
    }
    set.items.retain(|item| !item.user_ids.is_empty());
}
