//! What `clickclack seed` does: founds the demo in an empty database, and lengthens its history.

use clickclack_chat::Desk;
use clickclack_chat::accounts::FindByEmail;
use clickclack_chat::channel_members::ListChannelMembers;
use clickclack_chat::channels::ListChannels;
use clickclack_chat::history::{ListMessages, Stretch};
use clickclack_chat::page::Page;
use clickclack_chat::workspaces::ListWorkspaces;
use clickclack_protocol::api;
use clickclack_protocol::ids::{UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::{Clock, Millis, from_wire};

use crate::calendar::{DAY, HOUR, SECOND};
use crate::cast::{CAST, OWNER};
use crate::clock::StageClock;
use crate::error::SeedError;
use crate::history::{self, Venue, share};
use crate::performance::Performance;
use crate::play::Play;
use crate::set::PLACES;
use crate::stage::Stage;

/// Longest stretch of time that a history before the play covers.
const HISTORY: Millis = 60 * DAY;
/// How far its messages lie apart when it is short enough.
const PACE: Millis = 40 * SECOND;
/// How long before all that is said the workspace is founded.
const LEAD: Millis = 2 * HOUR;

/// What is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Name of the workspace; `Tidepool` for a new one, the demo administrator's oldest for one
    /// that is there.
    pub workspace_name: Option<String>,
    /// How many messages to add to the play; with none, only an empty database is filled.
    pub messages: u64,
    /// The channel that gets them; when absent, most are in `#general` and all public ones have
    /// some.
    pub into: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Seeded {
    /// The workspace.
    pub workspace: api::Workspace,
    /// Whether it was founded now.
    pub is_new: bool,
    /// The messages that were added, replies in threads included.
    pub messages: u64,
}

/// Does it. The desk's store goes by the clock, which shows the present before and after.
pub async fn seed(desk: &Desk, clock: &StageClock, wish: &Wish) -> Result<Seeded, SeedError> {
    let now = clock.now();
    let owner = desk.look(FindByEmail { email: CAST[OWNER].email() }).await?;
    let seeded = match owner {
        Some(owner) if wish.messages > 0 => lengthen(desk, clock, wish, owner.id).await,
        Some(_) => Err(SeedError::InUse),
        None => perform(desk, clock, wish).await,
    };
    clock.set(now);
    seeded
}

/// Fills an empty database: first what was said long ago, then the play.
async fn perform(desk: &Desk, clock: &StageClock, wish: &Wish) -> Result<Seeded, SeedError> {
    let is_there = |name: &str| PLACES.iter().any(|place| place.name == name);
    if let Some(name) = wish.into.as_deref().filter(|name| !is_there(name)) {
        return Err(SeedError::NoChannel(name.to_owned()));
    }
    let play = Play::read().expect("the script is read by a test");
    let cues = play.cues(clock.now());
    let to = cues.first().expect("the play is not empty").time - LEAD;
    let pace = PACE.saturating_mul(Millis::try_from(wish.messages).unwrap_or(Millis::MAX));
    let from = to - pace.min(HISTORY);
    clock.set(from - LEAD);
    let stage = Stage::build(desk, wish.workspace_name.as_deref()).await?;
    let venues = stage.venues(from).collect();
    history::bring(desk, clock, &share(wish.messages, wish.into.as_deref(), venues, to)?).await?;
    let lines = Performance::new(desk, &stage, &play).run(clock, &cues).await?;
    Ok(Seeded { workspace: stage.workspace, is_new: true, messages: lines + wish.messages })
}

/// Adds to the history of a demo that is there, between its newest messages and the present.
async fn lengthen(
    desk: &Desk,
    clock: &StageClock,
    wish: &Wish,
    owner: UserId,
) -> Result<Seeded, SeedError> {
    let wanted = |workspace: &api::Workspace| {
        wish.workspace_name.as_ref().is_none_or(|name| *name == workspace.name)
    };
    let mut workspaces = desk.look(ListWorkspaces { actor: owner }).await?.items.into_iter();
    let workspace = workspaces.find(wanted).ok_or_else(|| {
        wish.workspace_name.clone().map_or(SeedError::InUse, SeedError::NoWorkspace)
    })?;
    let now = clock.now();
    let mut venues = Vec::new();
    for channel in channels(desk, owner, workspace.id).await? {
        venues.push(venue(desk, owner, channel, now).await?);
    }
    history::bring(desk, clock, &share(wish.messages, wish.into.as_deref(), venues, now)?).await?;
    Ok(Seeded { workspace, is_new: false, messages: wish.messages })
}

/// The channels that somebody sees and that can be written in.
async fn channels(
    desk: &Desk,
    actor: UserId,
    workspace_id: WorkspaceId,
) -> Result<Vec<api::Channel>, SeedError> {
    let mut channels = Vec::new();
    let mut page = Page { after: String::new(), limit: limits::PAGE_MAX };
    loop {
        let found = desk.look(ListChannels { actor, workspace_id, page: page.clone() }).await?;
        let last = found.items.last().map(|channel| channel.id.to_string());
        channels.extend(found.items.into_iter().filter(|channel| channel.archived_at.is_none()));
        match (found.next_cursor, last) {
            (Some(_), Some(last)) => page.after = last,
            _ => return Ok(channels),
        }
    }
}

/// A channel that is there, with some of its people.
async fn venue(
    desk: &Desk,
    actor: UserId,
    channel: api::Channel,
    now: Millis,
) -> Result<Venue, SeedError> {
    let page = Page { after: String::new(), limit: limits::PAGE_MAX };
    let people = desk.look(ListChannelMembers { actor, channel_id: channel.id, page }).await?;
    let newest = ListMessages { actor, channel_id: channel.id, stretch: Stretch::Newest, limit: 1 };
    let newest = desk.look(newest).await?.messages.pop();
    let written = newest.and_then(|message| from_wire(&message.created_at));
    Ok(Venue {
        channel_id: channel.id,
        is_public: channel.kind == api::ChannelKind::Public,
        people: people.items.iter().filter(|user| is_awake(user)).map(|user| user.id).collect(),
        said: channel.last_seq,
        from: written.unwrap_or(now).min(now),
        name: channel.name,
    })
}

/// Whether somebody can be heard talking: who has left cannot, and bots have nothing to say.
fn is_awake(user: &api::User) -> bool {
    !user.deactivated && user.kind == api::UserKind::Human
}
