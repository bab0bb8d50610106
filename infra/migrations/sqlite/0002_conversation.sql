-- Conversation: threads, mentions, reactions, pins, saved messages, drafts and preferences.
-- `version` of what a member keeps for themselves is the membership's `state_version` at the change.

-- A reply that stands only in its thread has no place in the channel, so `seq` may be NULL now.
CREATE TABLE messages_next (
  id             TEXT    PRIMARY KEY,
  channel_id     TEXT    NOT NULL REFERENCES channels (id),
  seq            INTEGER,                         -- dense in its channel, from 1; NULL for a reply that is not shown there
  thread_root_id TEXT,                            -- the message that this one replies to
  thread_seq     INTEGER,                         -- dense in its thread, from 1
  author_id      TEXT    NOT NULL REFERENCES users (id),
  body           TEXT    NOT NULL,                -- empty once deleted
  nonce          TEXT    NOT NULL,                -- the author's name for this send
  quote_of       TEXT,                            -- the message that this one quotes
  names          INTEGER NOT NULL DEFAULT 0,      -- whether `mentions` has rows for it
  everyone       TEXT    CHECK (everyone IN ('channel', 'here')),
  revision       INTEGER NOT NULL DEFAULT 1,      -- grows with every edit
  edited_at      INTEGER,
  deleted_at     INTEGER,
  pinned_at      INTEGER,
  pinned_by      TEXT,
  reactions_version INTEGER NOT NULL DEFAULT 0,   -- sequence of the last event about its reactions; 0: never had one
  version        INTEGER NOT NULL,
  created_at     INTEGER NOT NULL,
  CHECK ((thread_root_id IS NULL) = (thread_seq IS NULL)),
  CHECK (seq IS NOT NULL OR thread_seq IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO messages_next (id, channel_id, seq, author_id, body, nonce, revision, edited_at, deleted_at, version, created_at)
  SELECT id, channel_id, seq, author_id, body, nonce, revision, edited_at, deleted_at, version, created_at FROM messages;
DROP TABLE messages;
ALTER TABLE messages_next RENAME TO messages;
CREATE UNIQUE INDEX messages_place ON messages (channel_id, seq) WHERE seq IS NOT NULL;
CREATE UNIQUE INDEX messages_thread ON messages (thread_root_id, thread_seq) WHERE thread_root_id IS NOT NULL;
CREATE INDEX messages_pinned ON messages (channel_id, pinned_at) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_everyone ON messages (channel_id, seq) WHERE everyone IS NOT NULL;
CREATE INDEX messages_everyone_thread ON messages (thread_root_id, thread_seq) WHERE everyone IS NOT NULL;

CREATE TABLE threads (                            -- a message that was replied to, or was given a title
  root_id       TEXT    PRIMARY KEY REFERENCES messages (id),
  channel_id    TEXT    NOT NULL REFERENCES channels (id),
  title         TEXT    NOT NULL DEFAULT '',
  locked_at     INTEGER,
  last_seq      INTEGER NOT NULL DEFAULT 0,       -- thread_seq of the newest reply
  reply_count   INTEGER NOT NULL DEFAULT 0,       -- replies that are not deleted
  last_reply_at INTEGER,                          -- of the newest reply, deleted or not
  version       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE thread_repliers (                    -- who has replies in a thread that are not deleted
  root_id    TEXT    NOT NULL REFERENCES threads (root_id),
  user_id    TEXT    NOT NULL REFERENCES users (id),
  replies    INTEGER NOT NULL,
  last_seq   INTEGER NOT NULL,                    -- thread_seq of their newest reply, deleted or not
  PRIMARY KEY (root_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_repliers_newest ON thread_repliers (root_id, last_seq);

CREATE TABLE thread_follows (                     -- a row stays when somebody stops following
  user_id   TEXT    NOT NULL REFERENCES users (id),
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  root_id   TEXT    NOT NULL REFERENCES messages (id),
  following INTEGER NOT NULL,
  read_seq  INTEGER NOT NULL,
  version   INTEGER NOT NULL,
  PRIMARY KEY (user_id, root_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_follows_workspace ON thread_follows (user_id, workspace_id, version);

CREATE TABLE mentions (                           -- whom a message names, and whom it called when it was sent
  user_id    TEXT    NOT NULL REFERENCES users (id),
  message_id TEXT    NOT NULL REFERENCES messages (id),
  channel_id TEXT    NOT NULL REFERENCES channels (id),
  seq        INTEGER,                             -- the message's place in its channel
  thread_root_id TEXT,
  thread_seq INTEGER,
  called     INTEGER NOT NULL,                    -- 0: named by a later edit
  named      INTEGER NOT NULL,                    -- 0: no longer in the text
  PRIMARY KEY (message_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_place ON mentions (user_id, channel_id, seq) WHERE called = 1 AND seq IS NOT NULL;
CREATE INDEX mentions_thread ON mentions (user_id, thread_root_id, thread_seq) WHERE called = 1 AND thread_root_id IS NOT NULL;

CREATE TABLE reactions (
  message_id TEXT    NOT NULL REFERENCES messages (id),
  emoji      TEXT    NOT NULL,
  user_id    TEXT    NOT NULL REFERENCES users (id),
  seq        INTEGER NOT NULL,                    -- of the event that brought it: the order of showing
  PRIMARY KEY (message_id, emoji, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_messages (                     -- a row stays when a message is no longer saved
  user_id    TEXT    NOT NULL REFERENCES users (id),
  message_id TEXT    NOT NULL REFERENCES messages (id),
  workspace_id TEXT  NOT NULL REFERENCES workspaces (id),
  saved_at   INTEGER,                             -- NULL: not saved any more
  version    INTEGER NOT NULL,
  PRIMARY KEY (user_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_messages_workspace ON saved_messages (user_id, workspace_id, saved_at);

CREATE TABLE drafts (
  user_id        TEXT    NOT NULL REFERENCES users (id),
  channel_id     TEXT    NOT NULL REFERENCES channels (id),
  thread_root_id TEXT    NOT NULL DEFAULT '',     -- '' : of the channel itself
  body           TEXT    NOT NULL,                -- '' : there is none any more
  updated_at     INTEGER NOT NULL,
  version        INTEGER NOT NULL,
  PRIMARY KEY (user_id, channel_id, thread_root_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_kept ON drafts (user_id) WHERE body <> '';

CREATE TABLE channel_preferences (
  user_id    TEXT    NOT NULL REFERENCES users (id),
  channel_id TEXT    NOT NULL REFERENCES channels (id),
  starred    INTEGER NOT NULL DEFAULT 0,
  muted      INTEGER NOT NULL DEFAULT 0,
  version    INTEGER NOT NULL,
  PRIMARY KEY (user_id, channel_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sidebars (                           -- how a member arranges a workspace's sidebar
  user_id      TEXT    NOT NULL REFERENCES users (id),
  workspace_id TEXT    NOT NULL REFERENCES workspaces (id),
  sections     TEXT    NOT NULL,                  -- JSON
  version      INTEGER NOT NULL,
  PRIMARY KEY (user_id, workspace_id)
) STRICT, WITHOUT ROWID;

-- People are found by the name that somebody types after an @.
CREATE INDEX users_name_folded ON users (name_folded);
