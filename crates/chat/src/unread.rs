//! What is counted as unread, as fragments of SQL. Every count stops at [`limits::UNREAD_COUNT`] and
//! walks an index from the reading position on, so what it costs does not grow with history; where
//! nothing is newer than the position nothing is looked at. The order changes no count: it keeps
//! PostgreSQL from collecting all that is newer before it counts the first hundred.

use clickclack_protocol::limits;

/// The counts of a row `r` of `reads` whose channel is `c` and whose membership, if any, is `cm`:
/// what is unread, and what of it called the reader.
pub(crate) fn of_channel() -> String {
    let unread = count(
        "SELECT 1 FROM messages m
         WHERE m.channel_id = r.channel_id AND m.seq > r.read_seq
           AND m.author_id <> r.user_id AND m.deleted_at IS NULL
         ORDER BY m.seq",
    );
    let by_name = by_name("x.channel_id = r.channel_id AND x.seq > r.read_seq", "r.user_id");
    let by_all = by_all("m.channel_id = r.channel_id AND m.seq > r.read_seq", "r.user_id");
    let mentions = count(&format!("{by_name} UNION ALL {by_all}"));
    let is_read = "cm.user_id IS NULL OR c.last_seq <= r.read_seq";
    format!(
        "CASE WHEN {is_read} THEN 0 ELSE {unread} END,
         CASE WHEN {is_read} THEN 0 ELSE {mentions} END"
    )
}

/// The counts of a row `f` of `thread_follows` whose thread, if any, is `t`.
pub(crate) fn of_thread() -> String {
    let unread = count(&format!("{} ORDER BY m.thread_seq", replies()));
    let by_name =
        by_name("x.thread_root_id = f.root_id AND x.thread_seq > f.read_seq", "f.user_id");
    let by_all = by_all("m.thread_root_id = f.root_id AND m.thread_seq > f.read_seq", "f.user_id");
    let mentions = count(&format!("{by_name} UNION ALL {by_all}"));
    let is_read = "f.following = 0 OR t.root_id IS NULL OR t.last_seq <= f.read_seq";
    format!(
        "CASE WHEN {is_read} THEN 0 ELSE {unread} END,
         CASE WHEN {is_read} THEN 0 ELSE {mentions} END"
    )
}

/// The condition that a followed thread has unread replies.
pub(crate) fn in_thread() -> String {
    format!("t.last_seq > f.read_seq AND EXISTS ({})", replies())
}

fn replies() -> String {
    "SELECT 1 FROM messages m
     WHERE m.thread_root_id = f.root_id AND m.thread_seq > f.read_seq
       AND m.author_id <> f.user_id AND m.deleted_at IS NULL"
        .to_owned()
}

/// Messages that called somebody by name; nobody calls themself.
fn by_name(place: &str, reader: &str) -> String {
    format!(
        "SELECT 1 FROM mentions x JOIN messages m ON m.id = x.message_id
         WHERE x.user_id = {reader} AND {place} AND x.called = 1 AND m.deleted_at IS NULL"
    )
}

/// Messages that called everybody, and somebody not also by name.
fn by_all(place: &str, reader: &str) -> String {
    format!(
        "SELECT 1 FROM messages m
         WHERE {place} AND m.everyone IS NOT NULL
           AND m.author_id <> {reader} AND m.deleted_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM mentions x
                           WHERE x.message_id = m.id AND x.user_id = {reader} AND x.called = 1)"
    )
}

fn count(rows: &str) -> String {
    let most = limits::UNREAD_COUNT;
    format!("(SELECT COUNT(*) FROM ({rows} LIMIT {most}) AS found)")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clickclack_protocol::time::{Clock, Millis};
    use clickclack_store::{Action, Engine, Scope, Settings, Store, StoreError, Tx, params};
    use clickclack_trial::both;

    use crate::{follows, reads};

    /// A clock that stands.
    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> Millis {
            1_795_000_000_000
        }
    }

    /// Forty channels of a thousand messages each, which all but the first reply to it, and somebody
    /// who has read none of them.
    struct Fill;

    const FILL: &[&str] = &[
        "INSERT INTO users (id, kind, name, name_folded, created_at)
         VALUES ('usr_0', 'human', 'Ana', 'ana', 1), ('usr_1', 'human', 'Chi', 'chi', 1),
                ('usr_2', 'human', 'Dev', 'dev', 1), ('usr_b', 'human', 'Ben', 'ben', 1)",
        "INSERT INTO workspaces (id, name, version, created_at) VALUES ('wsp_1', 'Tidepool', 1, 1)",
        "INSERT INTO members (workspace_id, user_id, role, joined_at, version)
         VALUES ('wsp_1', 'usr_0', 'owner', 1, 1), ('wsp_1', 'usr_b', 'member', 1, 1)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
         INSERT INTO channels
           (id, workspace_id, kind, name, topic, created_by, last_seq, version, created_at)
         SELECT 'chn_' || i, 'wsp_1', 'public', 'c' || i, '', 'usr_0', 1000, 1, 1 FROM n",
        "INSERT INTO channel_members (channel_id, user_id, joined_at)
         SELECT id, 'usr_b', 1 FROM channels",
        "INSERT INTO reads (user_id, channel_id, read_seq, version)
         SELECT 'usr_b', id, 0, 1 FROM channels",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO messages
           (id, channel_id, seq, author_id, body, nonce, everyone, version, created_at)
         SELECT 'msg_' || c.id || '_' || n.i, c.id, n.i, 'usr_' || (n.i % 3), 'word', 'x',
                CASE WHEN n.i % 100 = 0 THEN 'here' END, 1, 1
         FROM n CROSS JOIN channels c WHERE n.i > 0",
        "INSERT INTO threads (root_id, channel_id, last_seq, reply_count, last_reply_at, version)
         SELECT id, channel_id, 500, 500, 1, 1 FROM messages WHERE seq = 1",
        "INSERT INTO thread_follows (user_id, workspace_id, root_id, following, read_seq, version)
         SELECT 'usr_b', 'wsp_1', root_id, 1, 0, 1 FROM threads",
        "UPDATE messages SET thread_root_id = 'msg_' || channel_id || '_1', thread_seq = seq - 1
         WHERE seq > 1",
        "INSERT INTO mentions
           (user_id, message_id, channel_id, seq, thread_root_id, thread_seq, called, named)
         SELECT 'usr_b', id, channel_id, seq, thread_root_id, thread_seq, 1, 1
         FROM messages WHERE seq % 50 = 2 AND thread_seq IS NOT NULL",
    ];

    impl Action for Fill {
        type Output = Vec<Vec<String>>;
        type Error = StoreError;

        async fn run(&self, tx: &mut Tx) -> Result<Self::Output, StoreError> {
            for sql in FILL {
                tx.execute(sql, params![]).await?;
            }
            let explain = match tx.engine() {
                Engine::Sqlite => "EXPLAIN QUERY PLAN",
                Engine::Postgres => {
                    tx.execute("ANALYZE", params![]).await?;
                    "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF)"
                }
            };
            let sql = format!("{explain} {}", reads::rows_of("r.version > $3"));
            let mut plans = vec![tx.rows(&sql, params!["wsp_1", "usr_b", 0]).await?];
            let sql = format!("{explain} {}", follows::newest("f.version > $3", "$4"));
            plans.push(tx.rows(&sql, params!["wsp_1", "usr_b", 0, 500]).await?);
            let text = if tx.engine() == Engine::Sqlite { 3 } else { 0 };
            plans.iter().map(|plan| plan.iter().map(|row| row.get(text)).collect()).collect()
        }
    }

    both! {
        async fn what_is_unread_is_found_by_index_and_not_beyond_what_is_counted(
            database: &Database
        ) {
            let store = Store::open(Settings::new(database.url(), Arc::new(Noon))).await.unwrap();
            let plans = store.write(Scope::Instance, Fill).await.unwrap();
            for line in plans.iter().flatten() {
                // What was found already may be walked, and the page of follows.
                let is_walk = line.starts_with("SCAN ");
                assert!(!is_walk || ["SCAN found", "SCAN p"].contains(&&**line), "{plans:#?}");
                let visited = line.split_once("(actual rows=").map(|(_, rest)| rest.split(' '));
                let is_history = line.contains(" on messages ") || line.contains(" on mentions ");
                let is_history = is_history || line.contains("Scan on messages_");
                if let Some(visited) = visited.filter(|_| is_history).and_then(|mut all| all.next()) {
                    let visited: f64 = visited.parse().unwrap();
                    assert!(visited <= 100.0, "{line} in {plans:#?}");
                }
            }
            store.close().await;
        }
    }
}
