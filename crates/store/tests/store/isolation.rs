//! What goes wrong in one action, and whom it touches.

use clickclack_store::{Scope, Settings, Store, StoreError, params};

use crate::both;
use crate::rig::{BROKEN, End, LOST, Refusal, Rig, Sql, note, tell, waits};

both! {
    async fn an_error_or_a_panic_takes_back_its_action_alone(rig: &Rig) {
        let town = rig.workspace().await;
        let ends = [End::Well, End::Refused, End::Well, End::Panic, End::Refused, End::Well];
        let notes = ends.iter().zip('a'..).map(|(end, body)| note(town, body, *end)).collect();
        let answers = rig.together(Scope::Workspace(town), notes).await;
        let refused = Err(Refusal::Changed);
        assert_eq!(answers, [Ok(1), refused.clone(), Ok(2), Err(BROKEN), refused, Ok(3)]);
        assert_eq!(rig.sink.heard(), ["a", "c", "f"]);
        assert_eq!(rig.sink.seqs(town), [1, 2, 3]);
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 3);
        assert_eq!(rig.number("SELECT COUNT(*) FROM events").await, 3);
        assert_eq!(rig.store.counts().failed_actions, 3);
        assert_eq!(rig.store.counts().lost_batches, 0);
    }

    async fn a_failed_commit_is_nobodys_success(rig: &Rig) {
        let town = rig.workspace().await;
        rig.sql(&[
            "CREATE TABLE parents (id BIGINT PRIMARY KEY)",
            "CREATE TABLE children (parent_id BIGINT \
                REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)",
        ]).await.unwrap();
        let before = rig.store.counts();
        let gate = rig.gate(Scope::Workspace(town)).await;
        let scope = || Scope::Workspace(town);
        let mut first = Box::pin(rig.store.write(scope(), note(town, "a", End::Well)));
        let mut orphan =
            Box::pin(rig.store.write(scope(), Sql(&["INSERT INTO children VALUES (7)"])));
        let mut last = Box::pin(rig.store.write(scope(), note(town, "b", End::Refused)));
        assert!(waits(first.as_mut()));
        assert!(waits(orphan.as_mut()));
        assert!(waits(last.as_mut()));
        gate.open().await;
        assert_eq!(first.await, Err(LOST));
        assert_eq!(orphan.await, Err(LOST));
        assert_eq!(last.await, Err(LOST), "even a refusal may rest on what never came to be");
        assert!(rig.sink.heard().is_empty());
        assert_eq!(rig.store.counts().lost_batches - before.lost_batches, 1);
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 0);
        assert_eq!(rig.store.write(scope(), note(town, "a", End::Well)).await, Ok(1));
    }

    async fn a_taken_name_is_a_conflict_with_a_name(rig: &Rig) {
        rig.sql(&[
            "CREATE TABLE pages (id BIGINT PRIMARY KEY, path TEXT, book TEXT, place BIGINT, \
                UNIQUE (book, place))",
            "CREATE UNIQUE INDEX pages_path ON pages (path) WHERE path IS NOT NULL",
            "CREATE TABLE marks (page TEXT, word TEXT, PRIMARY KEY (page, word))",
            "INSERT INTO pages VALUES (1, 'a', 'x', 1)",
            "INSERT INTO marks VALUES ('a', 'b')",
        ]).await.unwrap();
        let conflicts = [
            ("INSERT INTO pages VALUES (1, 'b', 'x', 2)", "pages_pkey"),
            ("INSERT INTO pages VALUES (2, 'a', 'x', 2)", "pages_path"),
            ("INSERT INTO pages VALUES (2, 'b', 'x', 1)", "pages_book_place_key"),
            ("INSERT INTO marks VALUES ('a', 'b')", "marks_pkey"),
        ];
        for (sql, constraint) in conflicts {
            let answer = rig.act(Scope::Instance, move |tx| Box::pin(async move {
                Ok(tx.execute(sql, params![]).await?)
            })).await;
            let Err(Refusal::Store(error)) = answer else { panic!("{sql} was accepted") };
            assert!(error.violates(constraint), "{sql}: {error:?}");
            assert!(!error.to_string().contains("pages"), "no word of the database gets out");
        }
        let answer = rig.sql(&["INSERT INTO pages VALUES (NULL, 'c', NULL, NULL), (NULL, 'a', NULL, NULL)"]);
        assert!(answer.await.is_err());
    }

    async fn an_action_cannot_hide_a_failed_statement(rig: &Rig) {
        let town = rig.workspace().await;
        let answer = rig.act(Scope::Workspace(town), move |tx| Box::pin(async move {
            tell(tx, town, "x").await?;
            tx.execute("INSERT INTO notes (body) VALUES ('x')", params![]).await?;
            let again = tx.execute("INSERT INTO notes (body) VALUES ('x')", params![]).await;
            assert!(again.unwrap_err().violates("notes_pkey"));
            let after = tx.rows("SELECT 1", params![]).await;
            assert_eq!(after.unwrap_err(), StoreError::Internal);
            Ok(())
        })).await;
        assert_eq!(answer, Err(BROKEN));
        assert!(rig.sink.heard().is_empty());
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 0);
        let answer = rig.store.write(Scope::Workspace(town), note(town, "x", End::Well)).await;
        assert_eq!(answer, Ok(1), "the next action starts anew");
    }

    async fn nul_never_reaches_the_database(rig: &Rig) {
        let town = rig.workspace().await;
        let answer = rig.store.write(Scope::Workspace(town), note(town, "a\0b", End::Well)).await;
        assert_eq!(answer, Err(Refusal::Store(StoreError::Nul)));
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 0);
    }

    async fn broken_statements_are_internal_errors(rig: &Rig) {
        rig.workspace().await;
        let broken = ["SELEKT 1", "INSERT INTO nowhere VALUES (1)", "INSERT INTO notes VALUES ($1)"];
        for sql in broken {
            let answer = rig.act(Scope::Instance, move |tx| Box::pin(async move {
                Ok(tx.execute(sql, params![]).await?)
            }));
            assert_eq!(answer.await, Err(BROKEN), "{sql}");
        }
    }

    async fn a_caller_that_goes_away_does_not_undo_its_action(rig: &Rig) {
        let town = rig.workspace().await;
        let gate = rig.gate(Scope::Workspace(town)).await;
        let mut write =
            Box::pin(rig.store.write(Scope::Workspace(town), note(town, "left", End::Well)));
        assert!(waits(write.as_mut()));
        drop(write);
        gate.open().await;
        let next = rig.store.write(Scope::Workspace(town), note(town, "next", End::Well)).await;
        assert_eq!(next, Ok(2));
        assert_eq!(rig.sink.heard(), ["left", "next"]);
    }

    async fn too_many_waiting_are_told_so(rig: &Rig) {
        let town = rig.workspace().await;
        let settings = Settings { queue: 2, ..rig.settings() };
        let small = Rig {
            store: Store::open(settings).await.unwrap(),
            sink: rig.sink.clone(),
            clock: rig.clock.clone(),
            database: crate::rig::Database::File { folder: std::path::PathBuf::new() },
        };
        let gate = small.gate(Scope::Workspace(town)).await;
        let write = |body: &str| {
            Box::pin(small.store.write(Scope::Workspace(town), note(town, body, End::Well)))
        };
        let (mut first, mut second) = (write("a"), write("b"));
        assert!(waits(first.as_mut()));
        assert!(waits(second.as_mut()));
        assert_eq!(write("c").await, Err(Refusal::Store(StoreError::Busy)));
        gate.open().await;
        assert_eq!((first.await, second.await), (Ok(1), Ok(2)));
        small.store.close().await;
    }

    async fn closing_finishes_what_waits_and_refuses_the_rest(rig: &Rig) {
        let town = rig.workspace().await;
        let gate = rig.gate(Scope::Workspace(town)).await;
        let mut waiting =
            Box::pin(rig.store.write(Scope::Workspace(town), note(town, "last", End::Well)));
        assert!(waits(waiting.as_mut()));
        let mut closing = Box::pin(rig.store.close());
        assert!(waits(closing.as_mut()));
        let late = rig.store.write(Scope::Workspace(town), note(town, "late", End::Well)).await;
        assert_eq!(late, Err(LOST));
        gate.open().await;
        assert_eq!(waiting.await, Ok(1));
        closing.await;
        let read = rig.store.read(crate::rig::Select("SELECT 1")).await;
        assert_eq!(read, Err(StoreError::Unavailable));
    }
}
