//! Every limit of the contract, by name. The contract quotes these figures; stories hold both together.

/// Bytes of a JSON request body.
pub const BODY_BYTES: usize = 256 * 1024;
/// Characters of a message.
pub const MESSAGE_CHARS: usize = 16_000;
/// Characters of a client-made nonce.
pub const NONCE_CHARS: usize = 64;
/// Characters of a person's name.
pub const NAME_CHARS: usize = 80;
/// Characters of a workspace's name.
pub const WORKSPACE_NAME_CHARS: usize = 80;
/// Characters of a channel's name.
pub const CHANNEL_NAME_CHARS: usize = 80;
/// Characters of a channel's topic.
pub const TOPIC_CHARS: usize = 250;
/// Characters of a thread's title.
pub const THREAD_TITLE_CHARS: usize = 120;
/// People whom one message can name.
pub const MENTIONS: usize = 50;
/// What is unread is counted up to here; this many means more than one less.
pub const UNREAD_COUNT: i64 = 100;
/// Threads that a member's own state carries.
pub const FOLLOWS: i64 = 500;
/// Characters of an e-mail address (RFC 5321 §4.5.3.1.3: a path of 256 octets with its brackets).
pub const EMAIL_CHARS: usize = 254;
/// Fewest characters of a password.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Most characters of a password.
pub const PASSWORD_CHARS: usize = 256;
/// Channels of one workspace, archived ones included.
pub const CHANNELS_PER_WORKSPACE: i64 = 10_000;
/// Workspaces that one person may own.
pub const WORKSPACES_PER_OWNER: i64 = 100;
/// Items of one page of a list, when none is asked for.
pub const PAGE_DEFAULT: i64 = 50;
/// Most items of one page of a list.
pub const PAGE_MAX: i64 = 200;
/// Most uses of an invite.
pub const INVITE_USES: i64 = 10_000;
/// Longest life of an invite in seconds.
pub const INVITE_LIFE_S: i64 = 365 * 24 * 3600;
/// Events replayed to a reader that comes back; one further behind gets `resync_required`.
pub const REPLAY_EVENTS: i64 = 1_000;
/// Bytes of one frame from a client.
pub const FRAME_BYTES: usize = 16 * 1024;
/// Frames waiting for one reader before it is closed as too slow.
pub const SOCKET_QUEUE_FRAMES: usize = 512;
/// Workspaces one socket may be subscribed to.
pub const SUBSCRIPTIONS_PER_SOCKET: usize = 100;
/// Sockets one person may hold open.
pub const SOCKETS_PER_USER: usize = 64;
/// Different emoji that one message may be reacted to with.
pub const REACTION_EMOJI: i64 = 20;
/// Reactions of one message, of everybody and with every emoji.
pub const REACTIONS_PER_MESSAGE: i64 = 1_000;
/// Pinned messages of one channel.
pub const PINS_PER_CHANNEL: i64 = 100;
/// Messages that one member may have saved in a workspace.
pub const SAVED_PER_MEMBER: i64 = 1_000;
/// Unsent texts that one member may keep in a workspace.
pub const DRAFTS_PER_MEMBER: i64 = 200;
/// Sections of a sidebar.
pub const SIDEBAR_SECTIONS: usize = 50;
/// Characters of the key of a sidebar's section.
pub const SECTION_KEY_CHARS: usize = 40;
/// Characters of the name of a sidebar's section.
pub const SECTION_NAME_CHARS: usize = 80;
/// Channels that are put into one section of a sidebar.
pub const SECTION_CHANNELS: usize = 1_000;
