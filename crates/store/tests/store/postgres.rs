//! What only a PostgreSQL server can do to its clients.

use clickclack_protocol::ids::WorkspaceId;
use clickclack_store::{Engine, Scope, params};

use crate::rig::{End, LOST, Rig, action, connect, note, run, tell};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_killed_in_a_batch_is_nobodys_success_and_is_replaced() {
    run(Engine::Postgres, async |rig| {
        let town = rig.workspace().await;
        let actions = (0..5).map(|n| {
            action(move |tx| {
                Box::pin(async move {
                    let sql = "INSERT INTO notes (body) VALUES (CAST($1 AS TEXT))";
                    tx.execute(sql, params![format!("note {n}")]).await?;
                    tell(tx, town, "told").await?;
                    if n == 2 {
                        tx.rows("SELECT pg_terminate_backend(pg_backend_pid())", params![]).await?;
                    }
                    Ok(())
                })
            })
        });
        let answers = rig.together(Scope::Workspace(town), actions.collect()).await;
        assert_eq!(answers, vec![Err(LOST); 5]);
        assert!(rig.sink.heard().is_empty());
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 0);
        let next = rig.store.write(Scope::Workspace(town), note(town, "next", End::Well)).await;
        assert_eq!(next, Ok(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_and_writers_recover_when_all_connections_are_gone() {
    run(Engine::Postgres, async |rig| {
        let town = rig.workspace().await;
        let write =
            |body: &str| rig.store.write(Scope::Workspace(town), note(town, body, End::Well));
        assert_eq!(write("before").await, Ok(1));
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 1);
        let other = connect(&rig.database.url()).await;
        let sql = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let killed: i64 = other.query_one(sql, &[]).await.unwrap().get(0);
        assert!(killed >= 2, "a reader and a writer");
        // A connection may learn of its death only by being used: one unavailable each is honest.
        let first = write("lost or not").await;
        assert!(first.is_err_and(|error| error == LOST) || rig.sink.seqs(town).len() == 2);
        let next = write("after").await.unwrap();
        assert_eq!(rig.sink.seqs(town), (1..=next).collect::<Vec<_>>());
        for _ in 0..5 {
            drop(rig.store.read(crate::rig::Select("SELECT 1")).await);
        }
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, next);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_workspace_row_is_locked_before_the_action_runs() {
    run(Engine::Postgres, async |rig| {
        let town = rig.workspace().await;
        let mut other = connect(&rig.database.url()).await;
        let holder = other.transaction().await.unwrap();
        let sql = "UPDATE workspaces SET event_seq = 5 WHERE id = $1";
        holder.execute(sql, &[&town.to_string()]).await.unwrap();
        holder.execute("INSERT INTO notes (body) VALUES ('theirs')", &[]).await.unwrap();
        let watch = connect(&rig.database.url()).await;
        let store = rig.store.clone();
        let waiting = tokio::spawn(async move {
            let count = action(move |tx| {
                Box::pin(async move {
                    let row = tx.one("SELECT COUNT(*) FROM notes", params![]).await?;
                    Ok((tx.seq(town), row.get::<i64>(0)?))
                })
            });
            store.write(Scope::Workspace(town), count).await
        });
        let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
            AND wait_event_type = 'Lock'";
        while watch.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            assert!(!waiting.is_finished(), "it ran without the lock");
            tokio::task::yield_now().await;
        }
        holder.commit().await.unwrap();
        assert_eq!(waiting.await.unwrap(), Ok((Some(5), 1)), "it saw what was committed first");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_locked_row_can_be_pointed_to_and_not_be_changed() {
    async fn lock(rig: &Rig, town: WorkspaceId) -> bool {
        let locked = rig.act(Scope::Workspace(town), |tx| {
            Box::pin(async move {
                tx.rows("SET LOCAL lock_timeout = '200ms'", params![]).await?;
                let lock = tx.engine().for_update();
                let sql = format!("SELECT id FROM users WHERE id = 'ana'{lock}");
                Ok(tx.one(&sql, params![]).await.map(drop)?)
            })
        });
        locked.await.is_ok()
    }
    run(Engine::Postgres, async |rig| {
        let town = rig.workspace().await;
        rig.sql(&["INSERT INTO users (id, kind, name, name_folded, created_at)
             VALUES ('ana', 'human', 'Ana', 'ana', 1)"])
            .await
            .unwrap();
        let mut other = connect(&rig.database.url()).await;
        let points = other.transaction().await.unwrap();
        let sql = "INSERT INTO identities (provider, subject, user_id, updated_at) \
            VALUES ('password', 'ana', 'ana', 1)";
        points.execute(sql, &[]).await.unwrap();
        assert!(lock(rig, town).await, "a row that points to it does not keep anybody waiting");
        points.commit().await.unwrap();
        let changes = other.transaction().await.unwrap();
        changes.execute("UPDATE users SET name = 'Ana Ruiz'", &[]).await.unwrap();
        assert!(!lock(rig, town).await, "a change does");
    })
    .await;
}
