-- Conversation: threads, mentions, reactions, pins, saved messages, drafts and preferences.
-- `version` of what a member keeps for themselves is the membership's `state_version` at the change.

-- A reply that stands only in its thread has no place in the channel, so `seq` may be NULL now.
ALTER TABLE messages ALTER COLUMN seq DROP NOT NULL;
ALTER TABLE messages
  ADD COLUMN thread_root_id TEXT COLLATE "C",                  -- the message that this one replies to
  ADD COLUMN thread_seq BIGINT,                   -- dense in its thread, from 1
  ADD COLUMN quote_of TEXT COLLATE "C",                        -- the message that this one quotes
  ADD COLUMN names BIGINT NOT NULL DEFAULT 0,     -- whether `mentions` has rows for it
  ADD COLUMN everyone TEXT COLLATE "C" CHECK (everyone IN ('channel', 'here')),
  ADD COLUMN pinned_at BIGINT,
  ADD COLUMN pinned_by TEXT COLLATE "C",
  ADD COLUMN reactions_version BIGINT NOT NULL DEFAULT 0, -- sequence of the last event about its reactions; 0: never had one
  ADD CHECK ((thread_root_id IS NULL) = (thread_seq IS NULL)),
  ADD CHECK (seq IS NOT NULL OR thread_seq IS NOT NULL);
DROP INDEX messages_place;
CREATE UNIQUE INDEX messages_place ON messages (channel_id, seq) WHERE seq IS NOT NULL;
CREATE UNIQUE INDEX messages_thread ON messages (thread_root_id, thread_seq) WHERE thread_root_id IS NOT NULL;
CREATE INDEX messages_pinned ON messages (channel_id, pinned_at) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_everyone ON messages (channel_id, seq) WHERE everyone IS NOT NULL;
CREATE INDEX messages_everyone_thread ON messages (thread_root_id, thread_seq) WHERE everyone IS NOT NULL;

CREATE TABLE threads (                            -- a message that was replied to, or was given a title
  root_id       TEXT COLLATE "C"    PRIMARY KEY REFERENCES messages (id),
  channel_id    TEXT COLLATE "C"    NOT NULL REFERENCES channels (id),
  title         TEXT COLLATE "C"    NOT NULL DEFAULT '',
  locked_at     BIGINT,
  last_seq      BIGINT NOT NULL DEFAULT 0,       -- thread_seq of the newest reply
  reply_count   BIGINT NOT NULL DEFAULT 0,       -- replies that are not deleted
  last_reply_at BIGINT,                          -- of the newest reply, deleted or not
  version       BIGINT NOT NULL
);

CREATE TABLE thread_repliers (                    -- who has replies in a thread that are not deleted
  root_id    TEXT COLLATE "C"    NOT NULL REFERENCES threads (root_id),
  user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  replies    BIGINT NOT NULL,
  last_seq   BIGINT NOT NULL,                    -- thread_seq of their newest reply, deleted or not
  PRIMARY KEY (root_id, user_id)
);
CREATE INDEX thread_repliers_newest ON thread_repliers (root_id, last_seq);

CREATE TABLE thread_follows (                     -- a row stays when somebody stops following
  user_id   TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id),
  root_id   TEXT COLLATE "C"    NOT NULL REFERENCES messages (id),
  following BIGINT NOT NULL,
  read_seq  BIGINT NOT NULL,
  version   BIGINT NOT NULL,
  PRIMARY KEY (user_id, root_id)
);
CREATE INDEX thread_follows_workspace ON thread_follows (user_id, workspace_id, version);

CREATE TABLE mentions (                           -- whom a message names, and whom it called when it was sent
  user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  message_id TEXT COLLATE "C"    NOT NULL REFERENCES messages (id),
  channel_id TEXT COLLATE "C"    NOT NULL REFERENCES channels (id),
  seq        BIGINT,                             -- the message's place in its channel
  thread_root_id TEXT COLLATE "C",
  thread_seq BIGINT,
  called     BIGINT NOT NULL,                    -- 0: named by a later edit
  named      BIGINT NOT NULL,                    -- 0: no longer in the text
  PRIMARY KEY (message_id, user_id)
);
CREATE INDEX mentions_place ON mentions (user_id, channel_id, seq) WHERE called = 1 AND seq IS NOT NULL;
CREATE INDEX mentions_thread ON mentions (user_id, thread_root_id, thread_seq) WHERE called = 1 AND thread_root_id IS NOT NULL;

CREATE TABLE reactions (
  message_id TEXT COLLATE "C"    NOT NULL REFERENCES messages (id),
  emoji      TEXT COLLATE "C"    NOT NULL,
  user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  seq        BIGINT NOT NULL,                    -- of the event that brought it: the order of showing
  PRIMARY KEY (message_id, emoji, user_id)
);

CREATE TABLE saved_messages (                     -- a row stays when a message is no longer saved
  user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  message_id TEXT COLLATE "C"    NOT NULL REFERENCES messages (id),
  workspace_id TEXT COLLATE "C"  NOT NULL REFERENCES workspaces (id),
  saved_at   BIGINT,                             -- NULL: not saved any more
  version    BIGINT NOT NULL,
  PRIMARY KEY (user_id, message_id)
);
CREATE INDEX saved_messages_workspace ON saved_messages (user_id, workspace_id, saved_at);

CREATE TABLE drafts (
  user_id        TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  channel_id     TEXT COLLATE "C"    NOT NULL REFERENCES channels (id),
  thread_root_id TEXT COLLATE "C"    NOT NULL DEFAULT '',     -- '' : of the channel itself
  body           TEXT COLLATE "C"    NOT NULL,                -- '' : there is none any more
  updated_at     BIGINT NOT NULL,
  version        BIGINT NOT NULL,
  PRIMARY KEY (user_id, channel_id, thread_root_id)
);
CREATE INDEX drafts_kept ON drafts (user_id) WHERE body <> '';

CREATE TABLE channel_preferences (
  user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  channel_id TEXT COLLATE "C"    NOT NULL REFERENCES channels (id),
  starred    BIGINT NOT NULL DEFAULT 0,
  muted      BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL,
  PRIMARY KEY (user_id, channel_id)
);

CREATE TABLE sidebars (                           -- how a member arranges a workspace's sidebar
  user_id      TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  workspace_id TEXT COLLATE "C"    NOT NULL REFERENCES workspaces (id),
  sections     TEXT COLLATE "C"    NOT NULL,                  -- JSON
  version      BIGINT NOT NULL,
  PRIMARY KEY (user_id, workspace_id)
);

-- People are found by the name that somebody types after an @.
CREATE INDEX users_name_folded ON users (name_folded);
