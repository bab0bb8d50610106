-- The spine: the instance, its people, workspaces, channels, messages and the event log.
-- Times are milliseconds since 1970 (UTC). Booleans are 0 or 1. Ids are `prefix_` + ULID.
-- `version` is the sequence of the entity's last event in its workspace's log.

CREATE TABLE instance (
  id                 BIGINT PRIMARY KEY CHECK (id = 1),
  epoch              TEXT COLLATE "C"    NOT NULL,            -- names this database's life; part of every cursor
  name               TEXT COLLATE "C"    NOT NULL,
  signup_policy      TEXT COLLATE "C"    NOT NULL CHECK (signup_policy IN ('invite', 'closed', 'open')),
  workspace_creation TEXT COLLATE "C"    NOT NULL CHECK (workspace_creation IN ('everyone', 'administrator')),
  setup_token_hash   TEXT COLLATE "C",                        -- NULL once an administrator exists
  created_at         BIGINT NOT NULL
);

CREATE TABLE users (
  id               TEXT COLLATE "C"    PRIMARY KEY,
  kind             TEXT COLLATE "C"    NOT NULL CHECK (kind IN ('human', 'bot')),
  name             TEXT COLLATE "C"    NOT NULL,
  name_folded      TEXT COLLATE "C"    NOT NULL,                  -- lower case in every script, to be searched by
  email            TEXT COLLATE "C",                          -- lower case
  is_administrator BIGINT NOT NULL DEFAULT 0,
  deactivated_at   BIGINT,
  created_at       BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email) WHERE email IS NOT NULL;
CREATE INDEX users_administrator ON users (id) WHERE is_administrator = 1;

CREATE TABLE identities (                         -- the ways an account can prove itself
  provider   TEXT COLLATE "C"    NOT NULL,                    -- 'password'; a sign-in provider later
  subject    TEXT COLLATE "C"    NOT NULL,                    -- the account's id for 'password', else the provider's name for it
  user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  secret     TEXT COLLATE "C",                                -- the PHC string of a password
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (provider, subject)
);
CREATE INDEX identities_user ON identities (user_id);

CREATE TABLE sessions (
  id           TEXT COLLATE "C"    PRIMARY KEY,
  user_id      TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  token_hash   TEXT COLLATE "C"    NOT NULL UNIQUE,
  agent        TEXT COLLATE "C"    NOT NULL,                  -- the User-Agent that signed in
  address      TEXT COLLATE "C"    NOT NULL,                  -- the network address that signed in
  created_at   BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE revocations (                        -- credentials that ended, tailed by every running server
  seq        BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id    TEXT COLLATE "C"    NOT NULL,
  session_id TEXT COLLATE "C",                                -- NULL: every session of the account
  created_at BIGINT NOT NULL
);

CREATE TABLE magic_links (
  token_hash TEXT COLLATE "C"    PRIMARY KEY,
  user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  expires_at BIGINT NOT NULL,
  used_at    BIGINT 
);
CREATE INDEX magic_links_expiry ON magic_links (expires_at);
CREATE INDEX magic_links_user ON magic_links (user_id);

CREATE TABLE socket_tickets (
  token_hash TEXT COLLATE "C"    PRIMARY KEY,
  session_id TEXT COLLATE "C"    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  expires_at BIGINT NOT NULL
);
CREATE INDEX socket_tickets_session ON socket_tickets (session_id);
CREATE INDEX socket_tickets_expiry ON socket_tickets (expires_at);

CREATE TABLE jobs (                               -- slow effects, written by the action that wants them
  id         TEXT COLLATE "C"    PRIMARY KEY,
  kind       TEXT COLLATE "C"    NOT NULL,
  data       TEXT COLLATE "C"    NOT NULL,
  run_at     BIGINT NOT NULL,
  attempts   BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (run_at);

CREATE TABLE workspaces (
  id         TEXT COLLATE "C"    PRIMARY KEY,
  name       TEXT COLLATE "C"    NOT NULL,
  event_seq  BIGINT NOT NULL DEFAULT 0,          -- sequence of the newest event of its log
  version    BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);

CREATE TABLE members (
  workspace_id TEXT COLLATE "C"    NOT NULL REFERENCES workspaces (id),
  user_id      TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  role         TEXT COLLATE "C"    NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'guest', 'bot')),
  joined_at    BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 0,
  -- Grows with every change of what the member keeps for themselves here. In this row, and not in the
  -- account's, since only the workspace's lock orders those who write it.
  state_version BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX members_user ON members (user_id);

CREATE TABLE invites (
  id           TEXT COLLATE "C"    PRIMARY KEY,
  workspace_id TEXT COLLATE "C"    NOT NULL REFERENCES workspaces (id),
  token_hash   TEXT COLLATE "C"    NOT NULL UNIQUE,
  role         TEXT COLLATE "C"    NOT NULL CHECK (role IN ('admin', 'member', 'guest')),
  created_by   TEXT COLLATE "C"    NOT NULL,                  -- the account's id, or 'cli'
  max_uses     BIGINT,                           -- NULL: any number
  uses         BIGINT NOT NULL DEFAULT 0,
  expires_at   BIGINT,                           -- NULL: never
  revoked_at   BIGINT,
  created_at   BIGINT NOT NULL
);
CREATE INDEX invites_workspace ON invites (workspace_id, id);

CREATE TABLE channels (
  id           TEXT COLLATE "C"    PRIMARY KEY,
  workspace_id TEXT COLLATE "C"    NOT NULL REFERENCES workspaces (id),
  kind         TEXT COLLATE "C"    NOT NULL CHECK (kind IN ('public', 'private')),
  name         TEXT COLLATE "C"    NOT NULL,
  topic        TEXT COLLATE "C"    NOT NULL DEFAULT '',
  archived_at  BIGINT,
  created_by   TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  last_seq     BIGINT NOT NULL DEFAULT 0,        -- sequence of the newest message
  version      BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL
);
CREATE INDEX channels_workspace ON channels (workspace_id, id);
-- Only public names are unique: a refused name must not betray a private channel.
CREATE UNIQUE INDEX channels_public_name ON channels (workspace_id, name) WHERE kind = 'public';

CREATE TABLE invite_channels (                    -- where a guest who accepts may be
  invite_id  TEXT COLLATE "C" NOT NULL REFERENCES invites (id),
  channel_id TEXT COLLATE "C" NOT NULL REFERENCES channels (id),
  PRIMARY KEY (invite_id, channel_id)
);
CREATE INDEX invite_channels_channel ON invite_channels (channel_id);

CREATE TABLE channel_members (
  channel_id TEXT COLLATE "C"    NOT NULL REFERENCES channels (id),
  user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  joined_at  BIGINT NOT NULL,
  PRIMARY KEY (channel_id, user_id)
);
CREATE INDEX channel_members_user ON channel_members (user_id);

CREATE TABLE messages (
  id         TEXT COLLATE "C"    PRIMARY KEY,
  channel_id TEXT COLLATE "C"    NOT NULL REFERENCES channels (id),
  seq        BIGINT NOT NULL,                    -- dense in its channel, from 1
  author_id  TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  body       TEXT COLLATE "C"    NOT NULL,                    -- empty once deleted
  nonce      TEXT COLLATE "C" NOT NULL,                    -- the author's name for this send
  revision   BIGINT NOT NULL DEFAULT 1,          -- grows with every edit
  edited_at  BIGINT,
  deleted_at BIGINT,
  version    BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX messages_place ON messages (channel_id, seq);

CREATE TABLE message_revisions (                  -- what a message said before an edit
  message_id TEXT COLLATE "C"    NOT NULL REFERENCES messages (id),
  revision   BIGINT NOT NULL,
  body       TEXT COLLATE "C"    NOT NULL,
  created_at BIGINT NOT NULL,                    -- when this text was written
  PRIMARY KEY (message_id, revision)
);

CREATE TABLE sends (                              -- what was sent under which nonce; outlives the message
  author_id   TEXT COLLATE "C" NOT NULL,
  nonce       TEXT COLLATE "C" NOT NULL,
  fingerprint TEXT COLLATE "C" NOT NULL,                      -- of target and original text
  message_id  TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (author_id, nonce)
);

CREATE TABLE events (
  workspace_id TEXT COLLATE "C"    NOT NULL REFERENCES workspaces (id),
  seq          BIGINT NOT NULL,                  -- dense in its workspace, from 1
  id           TEXT COLLATE "C"    NOT NULL,
  type         TEXT COLLATE "C"    NOT NULL,
  channel_id   TEXT COLLATE "C",
  subject_id   TEXT COLLATE "C",                              -- the entity that changed
  user_id      TEXT COLLATE "C",                              -- whose access or membership changed
  facts        TEXT COLLATE "C",                              -- JSON: what dies with the change and is needed to tell it
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, seq)
);

CREATE TABLE reads (                              -- how far a person has read; never moves back by itself
  user_id      TEXT COLLATE "C"    NOT NULL REFERENCES users (id),
  channel_id   TEXT COLLATE "C"    NOT NULL REFERENCES channels (id),
  read_seq     BIGINT NOT NULL,
  version      BIGINT NOT NULL,                  -- the member's state_version at the change
  PRIMARY KEY (user_id, channel_id)
);
