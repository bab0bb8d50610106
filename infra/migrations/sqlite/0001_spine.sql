-- The spine: the instance, its people, workspaces, channels, messages and the event log.
-- Times are milliseconds since 1970 (UTC). Booleans are 0 or 1. Ids are `prefix_` + ULID.
-- `version` is the sequence of the entity's last event in its workspace's log.

CREATE TABLE instance (
  id                 INTEGER PRIMARY KEY CHECK (id = 1),
  epoch              TEXT    NOT NULL,            -- names this database's life; part of every cursor
  name               TEXT    NOT NULL,
  signup_policy      TEXT    NOT NULL CHECK (signup_policy IN ('invite', 'closed', 'open')),
  workspace_creation TEXT    NOT NULL CHECK (workspace_creation IN ('everyone', 'administrator')),
  setup_token_hash   TEXT,                        -- NULL once an administrator exists
  created_at         INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
  id               TEXT    PRIMARY KEY,
  kind             TEXT    NOT NULL CHECK (kind IN ('human', 'bot')),
  name             TEXT    NOT NULL,
  name_folded      TEXT    NOT NULL,                  -- lower case in every script, to be searched by
  email            TEXT,                          -- lower case
  is_administrator INTEGER NOT NULL DEFAULT 0,
  deactivated_at   INTEGER,
  created_at       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_email ON users (email) WHERE email IS NOT NULL;
CREATE INDEX users_administrator ON users (id) WHERE is_administrator = 1;

CREATE TABLE identities (                         -- the ways an account can prove itself
  provider   TEXT    NOT NULL,                    -- 'password'; a sign-in provider later
  subject    TEXT    NOT NULL,                    -- the account's id for 'password', else the provider's name for it
  user_id    TEXT    NOT NULL REFERENCES users (id),
  secret     TEXT,                                -- the PHC string of a password
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (provider, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_user ON identities (user_id);

CREATE TABLE sessions (
  id           TEXT    PRIMARY KEY,
  user_id      TEXT    NOT NULL REFERENCES users (id),
  token_hash   TEXT    NOT NULL UNIQUE,
  agent        TEXT    NOT NULL,                  -- the User-Agent that signed in
  address      TEXT    NOT NULL,                  -- the network address that signed in
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE revocations (                        -- credentials that ended, tailed by every running server
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    TEXT    NOT NULL,
  session_id TEXT,                                -- NULL: every session of the account
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE magic_links (
  token_hash TEXT    PRIMARY KEY,
  user_id    TEXT    NOT NULL REFERENCES users (id),
  expires_at INTEGER NOT NULL,
  used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX magic_links_expiry ON magic_links (expires_at);
CREATE INDEX magic_links_user ON magic_links (user_id);

CREATE TABLE socket_tickets (
  token_hash TEXT    PRIMARY KEY,
  session_id TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX socket_tickets_session ON socket_tickets (session_id);
CREATE INDEX socket_tickets_expiry ON socket_tickets (expires_at);

CREATE TABLE jobs (                               -- slow effects, written by the action that wants them
  id         TEXT    PRIMARY KEY,
  kind       TEXT    NOT NULL,
  data       TEXT    NOT NULL,
  run_at     INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (run_at);

CREATE TABLE workspaces (
  id         TEXT    PRIMARY KEY,
  name       TEXT    NOT NULL,
  event_seq  INTEGER NOT NULL DEFAULT 0,          -- sequence of the newest event of its log
  version    INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
  workspace_id TEXT    NOT NULL REFERENCES workspaces (id),
  user_id      TEXT    NOT NULL REFERENCES users (id),
  role         TEXT    NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'guest', 'bot')),
  joined_at    INTEGER NOT NULL,
  version      INTEGER NOT NULL DEFAULT 0,
  -- Grows with every change of what the member keeps for themselves here. In this row, and not in the
  -- account's, since only the workspace's lock orders those who write it.
  state_version INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_user ON members (user_id);

CREATE TABLE invites (
  id           TEXT    PRIMARY KEY,
  workspace_id TEXT    NOT NULL REFERENCES workspaces (id),
  token_hash   TEXT    NOT NULL UNIQUE,
  role         TEXT    NOT NULL CHECK (role IN ('admin', 'member', 'guest')),
  created_by   TEXT    NOT NULL,                  -- the account's id, or 'cli'
  max_uses     INTEGER,                           -- NULL: any number
  uses         INTEGER NOT NULL DEFAULT 0,
  expires_at   INTEGER,                           -- NULL: never
  revoked_at   INTEGER,
  created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX invites_workspace ON invites (workspace_id, id);

CREATE TABLE channels (
  id           TEXT    PRIMARY KEY,
  workspace_id TEXT    NOT NULL REFERENCES workspaces (id),
  kind         TEXT    NOT NULL CHECK (kind IN ('public', 'private')),
  name         TEXT    NOT NULL,
  topic        TEXT    NOT NULL DEFAULT '',
  archived_at  INTEGER,
  created_by   TEXT    NOT NULL REFERENCES users (id),
  last_seq     INTEGER NOT NULL DEFAULT 0,        -- sequence of the newest message
  version      INTEGER NOT NULL DEFAULT 0,
  created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX channels_workspace ON channels (workspace_id, id);
-- Only public names are unique: a refused name must not betray a private channel.
CREATE UNIQUE INDEX channels_public_name ON channels (workspace_id, name) WHERE kind = 'public';

CREATE TABLE invite_channels (                    -- where a guest who accepts may be
  invite_id  TEXT NOT NULL REFERENCES invites (id),
  channel_id TEXT NOT NULL REFERENCES channels (id),
  PRIMARY KEY (invite_id, channel_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX invite_channels_channel ON invite_channels (channel_id);

CREATE TABLE channel_members (
  channel_id TEXT    NOT NULL REFERENCES channels (id),
  user_id    TEXT    NOT NULL REFERENCES users (id),
  joined_at  INTEGER NOT NULL,
  PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_members_user ON channel_members (user_id);

CREATE TABLE messages (
  id         TEXT    PRIMARY KEY,
  channel_id TEXT    NOT NULL REFERENCES channels (id),
  seq        INTEGER NOT NULL,                    -- dense in its channel, from 1
  author_id  TEXT    NOT NULL REFERENCES users (id),
  body       TEXT    NOT NULL,                    -- empty once deleted
  nonce      TEXT    NOT NULL,                    -- the author's name for this send
  revision   INTEGER NOT NULL DEFAULT 1,          -- grows with every edit
  edited_at  INTEGER,
  deleted_at INTEGER,
  version    INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX messages_place ON messages (channel_id, seq);

CREATE TABLE message_revisions (                  -- what a message said before an edit
  message_id TEXT    NOT NULL REFERENCES messages (id),
  revision   INTEGER NOT NULL,
  body       TEXT    NOT NULL,
  created_at INTEGER NOT NULL,                    -- when this text was written
  PRIMARY KEY (message_id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE sends (                              -- what was sent under which nonce; outlives the message
  author_id   TEXT NOT NULL,
  nonce       TEXT NOT NULL,
  fingerprint TEXT NOT NULL,                      -- of target and original text
  message_id  TEXT NOT NULL,
  PRIMARY KEY (author_id, nonce)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  workspace_id TEXT    NOT NULL REFERENCES workspaces (id),
  seq          INTEGER NOT NULL,                  -- dense in its workspace, from 1
  id           TEXT    NOT NULL,
  type         TEXT    NOT NULL,
  channel_id   TEXT,
  subject_id   TEXT,                              -- the entity that changed
  user_id      TEXT,                              -- whose access or membership changed
  facts        TEXT,                              -- JSON: what dies with the change and is needed to tell it
  created_at   INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE reads (                              -- how far a person has read; never moves back by itself
  user_id      TEXT    NOT NULL REFERENCES users (id),
  channel_id   TEXT    NOT NULL REFERENCES channels (id),
  read_seq     INTEGER NOT NULL,
  version      INTEGER NOT NULL,                  -- the member's state_version at the change
  PRIMARY KEY (user_id, channel_id)
) STRICT, WITHOUT ROWID;
