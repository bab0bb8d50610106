//! Preferences: how a member wants a channel, and how they arrange a workspace's sidebar.

use std::collections::HashSet;

use clickclack_protocol::api::{self, SidebarSection};
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_store::{Action, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError};
use crate::channels::VISIBLE;
use crate::desk::{Deed, Target};
use crate::live::Personal;
use crate::personal::{self, SEEN};
use crate::text::{self, Invalid};

/// The sections that are always there, whose names are the client's to say.
const BUILT_IN: [&str; 2] = ["starred", "channels"];

/// Why a preference was not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreferenceError {
    /// Not seen, or not a member.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

impl From<StoreError> for PreferenceError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

/// Stars or mutes a channel for oneself; what is not named stays.
#[derive(Debug, Clone)]
pub struct UpdateChannelPreferences {
    /// Whose: anybody who sees the channel.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
    /// Whether it stands among the starred ones.
    pub starred: Option<bool>,
    /// Whether only mentions are shown as unread.
    pub muted: Option<bool>,
}

impl Deed for UpdateChannelPreferences {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for UpdateChannelPreferences {
    type Output = api::ChannelPreferences;
    type Error = AccessError;

    async fn run(&self, tx: &mut Tx) -> Result<api::ChannelPreferences, AccessError> {
        let viewer = access::to_view(tx, self.actor, self.channel_id).await?;
        let row = tx
            .maybe(
                "SELECT channel_id, starred, muted, version FROM channel_preferences
                 WHERE user_id = $1 AND channel_id = $2",
                params![self.actor, self.channel_id],
            )
            .await?;
        let before = row.as_ref().map(from_row).transpose()?;
        let before = before.unwrap_or(api::ChannelPreferences {
            channel_id: self.channel_id,
            starred: false,
            muted: false,
            version: 0,
        });
        let starred = self.starred.unwrap_or(before.starred);
        let muted = self.muted.unwrap_or(before.muted);
        if (starred, muted) == (before.starred, before.muted) {
            return Ok(before);
        }
        let who = (viewer.member.workspace_id, self.actor);
        let version = personal::next_version(tx, who).await?;
        tx.execute(
            "INSERT INTO channel_preferences (user_id, channel_id, starred, muted, version)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, channel_id) DO UPDATE
             SET starred = excluded.starred, muted = excluded.muted, version = excluded.version",
            params![self.actor, self.channel_id, starred, muted, version],
        )
        .await?;
        let now = api::ChannelPreferences { starred, muted, version, ..before };
        personal::tell(tx, who, Personal::Channel(now.clone()));
        Ok(now)
    }
}

fn from_row(row: &Row) -> Result<api::ChannelPreferences, StoreError> {
    Ok(api::ChannelPreferences {
        channel_id: row.get(0)?,
        starred: row.get(1)?,
        muted: row.get(2)?,
        version: row.get(3)?,
    })
}

/// The channels' preferences that changed after a version. One that is back at what everybody
/// begins with is told too, but not for version 0.
pub(crate) async fn since(
    query: &mut Query,
    (workspace_id, user_id): (WorkspaceId, UserId),
    version: i64,
) -> Result<Vec<api::ChannelPreferences>, StoreError> {
    let sql = format!(
        "SELECT p.channel_id, p.starred, p.muted, p.version
         FROM channel_preferences p CROSS JOIN channels c {SEEN}
           AND c.id = p.channel_id AND p.user_id = $1 AND p.version > $3 AND (p.starred = 1 OR p.muted = 1 OR $3 > 0)
         ORDER BY p.channel_id"
    );
    let rows = query.rows(&sql, params![user_id, workspace_id, version]).await?;
    rows.iter().map(from_row).collect()
}

/// Arranges a workspace's sidebar for oneself.
///
/// Channels that the member does not see are left out without a word: an arrangement that was made
/// offline may name one that was lost since, and a refusal must not tell the lost from the hidden.
#[derive(Debug, Clone)]
pub struct UpdatePreferences {
    /// Whose: any member.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The sections in the order of showing, if they change.
    pub sections: Option<Vec<SidebarSection>>,
}

impl Deed for UpdatePreferences {
    fn target(&self) -> Target {
        Target::Workspace(self.workspace_id)
    }
}

impl Action for UpdatePreferences {
    type Output = api::Sidebar;
    type Error = PreferenceError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Sidebar, PreferenceError> {
        access::to_enter(tx, self.actor, self.workspace_id).await?;
        let who = (self.workspace_id, self.actor);
        let before = sidebar(tx, who).await?;
        let Some(wanted) = &self.sections else { return Ok(before) };
        let sections = check(wanted)?;
        let sections = only_seen(tx, who, sections).await?;
        if sections == before.sections {
            return Ok(before);
        }
        let version = personal::next_version(tx, who).await?;
        let json = serde_json::to_string(&sections).expect("the contract's shapes are JSON");
        tx.execute(
            "INSERT INTO sidebars (user_id, workspace_id, sections, version)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, workspace_id)
             DO UPDATE SET sections = excluded.sections, version = excluded.version",
            params![self.actor, self.workspace_id, json, version],
        )
        .await?;
        let now = api::Sidebar { sections, version };
        personal::tell(tx, who, Personal::Sidebar(now.clone()));
        Ok(now)
    }
}

/// Sections as they may be kept: keys once each, names for the member's own, and no channel in two
/// of those.
fn check(sections: &[SidebarSection]) -> Result<Vec<SidebarSection>, Invalid> {
    if sections.len() > limits::SIDEBAR_SECTIONS {
        return Err(invalid(format!("must be at most {}", limits::SIDEBAR_SECTIONS)));
    }
    let mut keys = HashSet::new();
    let mut homes = HashSet::new();
    let mut kept = Vec::with_capacity(sections.len());
    for section in sections {
        let key = &section.key;
        if !is_key(key) {
            let most = limits::SECTION_KEY_CHARS;
            return Err(invalid(format!(
                "a key has 1 to {most} of lower-case letters, digits and '_'"
            )));
        }
        if !keys.insert(key) {
            return Err(invalid(format!("`{key}` is there twice")));
        }
        let name = name(section)?;
        if section.channel_ids.len() > limits::SECTION_CHANNELS {
            let most = limits::SECTION_CHANNELS;
            return Err(invalid(format!("`{key}` has more than {most} channels")));
        }
        let mut inside = HashSet::new();
        for id in &section.channel_ids {
            if !inside.insert(id) {
                return Err(invalid(format!("{id} is in `{key}` twice")));
            }
            if name.is_some() && !homes.insert(id) {
                return Err(invalid(format!("{id} is in two sections of one's own")));
            }
        }
        kept.push(SidebarSection { name, ..section.clone() });
    }
    Ok(kept)
}

fn invalid(message: impl Into<String>) -> Invalid {
    Invalid::new("sections", message)
}

fn is_key(text: &str) -> bool {
    (1..=limits::SECTION_KEY_CHARS).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The name that a section of one's own must have, and no other has.
fn name(section: &SidebarSection) -> Result<Option<String>, Invalid> {
    let key = &section.key;
    match (&section.name, BUILT_IN.contains(&key.as_str())) {
        (None, true) => Ok(None),
        (Some(_), true) => Err(invalid(format!("`{key}` has no name of its own"))),
        (None, false) => Err(invalid(format!("`{key}` must have a name"))),
        (Some(text), false) => text::line("sections", text, limits::SECTION_NAME_CHARS).map(Some),
    }
}

/// The sections without the channels that the member does not see.
async fn only_seen(
    query: &mut Query,
    (workspace_id, user_id): (WorkspaceId, UserId),
    mut sections: Vec<SidebarSection>,
) -> Result<Vec<SidebarSection>, StoreError> {
    if sections.iter().all(|section| section.channel_ids.is_empty()) {
        return Ok(sections);
    }
    let sql = format!("SELECT c.id FROM {VISIBLE}");
    let rows = query.rows(&sql, params![user_id, workspace_id]).await?;
    let seen: HashSet<ChannelId> = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    for section in &mut sections {
        section.channel_ids.retain(|id| seen.contains(id));
    }
    Ok(sections)
}

/// How a member arranges the sidebar; version 0 where they never did.
pub(crate) async fn sidebar(
    query: &mut Query,
    who: (WorkspaceId, UserId),
) -> Result<api::Sidebar, StoreError> {
    let row = query
        .maybe(
            "SELECT sections, version FROM sidebars WHERE user_id = $1 AND workspace_id = $2",
            params![who.1, who.0],
        )
        .await?;
    let Some(row) = row else { return Ok(api::Sidebar { sections: Vec::new(), version: 0 }) };
    let sections = text::json(&row.get::<String>(0)?)?;
    let sections = only_seen(query, who, sections).await?;
    Ok(api::Sidebar { sections, version: row.get(1)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(key: &str, name: Option<&str>, channels: &[ChannelId]) -> SidebarSection {
        SidebarSection {
            key: key.into(),
            name: name.map(Into::into),
            collapsed: false,
            channel_ids: channels.to_vec(),
        }
    }

    #[test]
    fn an_arrangement_is_kept_as_it_was_made() {
        let pool = "chn_01HZXW3V9Y4Q2J8K7M6N5P4R3S".parse().unwrap();
        let reef = "chn_01HZXW3V9Y4Q2J8K7M6N5P4R3T".parse().unwrap();
        let wanted = [
            section("starred", None, &[reef]),
            section("own_1", Some("Work"), &[pool, reef]),
            section("own_2", Some("Work"), &[]),
            section("channels", None, &[pool]),
        ];
        assert_eq!(check(&wanted).unwrap(), wanted);
        let spaced = check(&[section("own", Some("  Fun "), &[])]).unwrap();
        assert_eq!(spaced[0].name.as_deref(), Some("Fun"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let pool: ChannelId = "chn_01HZXW3V9Y4Q2J8K7M6N5P4R3S".parse().unwrap();
        let many = vec![pool; limits::SECTION_CHANNELS + 1];
        for (wrong, said) in [
            (vec![section("", Some("x"), &[])], "a key has"),
            (vec![section(&"x".repeat(41), Some("x"), &[])], "a key has"),
            (vec![section("Own", Some("x"), &[])], "a key has"),
            (vec![section("own", None, &[])], "must have a name"),
            (vec![section("own", Some(" "), &[])], "must not be empty"),
            (vec![section("own", Some("a\nb"), &[])], "control characters"),
            (vec![section("own", Some(&"x".repeat(81)), &[])], "at most 80"),
            (vec![section("starred", Some("x"), &[])], "no name of its own"),
            (vec![section("starred", None, &[]), section("starred", None, &[])], "there twice"),
            (vec![section("starred", None, &[pool, pool])], "in `starred` twice"),
            (
                vec![section("a", Some("A"), &[pool]), section("b", Some("B"), &[pool])],
                "in two sections",
            ),
            (vec![section("starred", None, &many)], "more than 1000"),
            (vec![section("x", Some("x"), &[]); 51], "at most 50"),
        ] {
            let refused = check(&wrong).unwrap_err();
            assert_eq!(refused.field, "sections");
            assert!(refused.message.contains(said), "{said}: {}", refused.message);
        }
    }
}
