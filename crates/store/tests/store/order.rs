//! Group commit, dense logs, and what is told when.

use std::sync::Arc;

use clickclack_protocol::ids::{EventId, UserId, WorkspaceId};
use clickclack_store::{Scope, StoreError, params};

use crate::both;
use crate::rig::{BROKEN, End, Refusal, note, row, tell};

both! {
    async fn waiting_actions_share_a_commit(rig: &Rig) {
        let town = rig.workspace().await;
        let before = rig.store.counts();
        let notes = (0..200).map(|n| note(town, format!("note {n}"), End::Well)).collect();
        let answers = rig.together(Scope::Workspace(town), notes).await;
        let expected: Vec<Result<i64, Refusal>> = (1..=200).map(Ok).collect();
        assert_eq!(answers, expected);
        let after = rig.store.counts();
        assert_eq!(after.commits - before.commits, 2, "one for the gate, one for all who waited");
        assert_eq!(after.actions - before.actions, 201);
    }

    async fn a_batch_has_its_limit(rig: &Rig) {
        let town = rig.workspace().await;
        let before = rig.store.counts();
        let notes = (0..300).map(|n| note(town, format!("note {n}"), End::Well)).collect();
        let answers = rig.together(Scope::Workspace(town), notes).await;
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(rig.store.counts().commits - before.commits, 3);
    }

    async fn logs_stay_dense_while_many_write_and_some_fail(rig: &Rig) {
        let towns = [rig.workspace().await, rig.bare_workspace().await];
        let writers = (0..32).map(|writer| {
            let store = rig.store.clone();
            tokio::spawn(async move {
                let mut kept = 0;
                for n in 0..20 {
                    let end = match (writer * 20 + n) % 7 {
                        2 => End::Refused,
                        5 => End::Panic,
                        _ => End::Well,
                    };
                    let town = towns[(writer + n) % 2];
                    let action = note(town, format!("{writer}/{n}"), end);
                    let answer = store.write(Scope::Workspace(town), action).await;
                    assert_eq!(answer.is_ok(), end == End::Well);
                    kept += i64::from(answer.is_ok());
                }
                kept
            })
        });
        let mut kept = 0;
        for writer in writers.collect::<Vec<_>>() {
            kept += writer.await.unwrap();
        }
        let mut total = 0;
        for town in towns {
            let newest = rig.act(Scope::Workspace(town), move |tx| {
                Box::pin(async move { Ok(tx.seq(town).unwrap()) })
            }).await.unwrap();
            assert_eq!(rig.sink.seqs(town), (1..=newest).collect::<Vec<_>>());
            total += newest;
        }
        assert_eq!(total, kept);
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, kept);
        let logs = "SELECT w.event_seq, COUNT(*), MIN(e.seq), MAX(e.seq) FROM workspaces w \
            JOIN events e ON e.workspace_id = w.id GROUP BY w.id, w.event_seq";
        for log in rig.rows(logs).await {
            let [newest, count, first, last] = [0, 1, 2, 3].map(|at| log.get::<i64>(at).unwrap());
            assert_eq!([count, first, last], [newest, 1, newest]);
        }
    }

    async fn what_is_answered_was_told(rig: &Rig) {
        let town = rig.workspace().await;
        for n in 1..=20 {
            let answer = rig.store.write(Scope::Workspace(town), note(town, n.to_string(), End::Well));
            assert_eq!(answer.await, Ok(n));
            assert_eq!(rig.sink.seqs(town).last(), Some(&n));
        }
    }

    async fn notices_keep_their_place_and_fall_with_their_action(rig: &Rig) {
        let town = rig.workspace().await;
        for does_fail in [false, true] {
            let answer = rig.act(Scope::Workspace(town), move |tx| Box::pin(async move {
                tx.notify(Arc::new("first".to_owned()));
                tell(tx, town, "second").await?;
                tx.notify(Arc::new("third".to_owned()));
                if does_fail { Err(Refusal::Changed) } else { Ok(()) }
            })).await;
            assert_eq!(answer.is_err(), does_fail);
            assert_eq!(rig.sink.heard(), ["[first]", "second", "[third]"]);
        }
    }

    async fn an_event_row_says_what_was_told(rig: &Rig) {
        let town = rig.workspace().await;
        rig.clock.turn(500);
        let (event, user): (EventId, UserId) = rig.act(Scope::Workspace(town), move |tx| {
            Box::pin(async move {
                let (seq, user): (i64, UserId) = (tx.next_seq(town)?, tx.new_id());
                let mut event = row(town, seq, "x");
                event.user_id = Some(user);
                event.subject_id = Some("subject".to_owned());
                event.facts = Some("{}".to_owned());
                Ok((tx.emit(event).await?, user))
            })
        }).await.unwrap();
        let sql = "SELECT id, workspace_id, seq, type, channel_id, subject_id, user_id, facts, created_at \
            FROM events";
        let found = rig.rows(sql).await.remove(0);
        assert_eq!(found.get(0), Ok(event));
        assert_eq!(found.get(1), Ok(town));
        assert_eq!(found.get(2), Ok(1_i64));
        assert_eq!(found.get(3), Ok("note.written".to_owned()));
        assert_eq!(found.get(4), Ok(None::<String>));
        assert_eq!(found.get(5), Ok(Some("subject".to_owned())));
        assert_eq!(found.get(6), Ok(Some(user)));
        assert_eq!(found.get(7), Ok(Some("{}".to_owned())));
        assert_eq!(found.get(8), Ok(1_000_500_i64));
    }

    async fn a_reserved_sequence_must_be_emitted(rig: &Rig) {
        let town = rig.workspace().await;
        let forgot = rig.act(Scope::Workspace(town), move |tx| Box::pin(async move {
            tx.execute("INSERT INTO notes (body) VALUES ('x')", params![]).await?;
            tell(tx, town, "told").await?;
            tx.next_seq(town)?;
            Ok(())
        })).await;
        assert_eq!(forgot, Err(BROKEN));
        let swapped = rig.act(Scope::Workspace(town), move |tx| Box::pin(async move {
            let (first, second) = (tx.next_seq(town)?, tx.next_seq(town)?);
            tx.emit(row(town, second, "second")).await?;
            tx.emit(row(town, first, "first")).await?;
            Ok(())
        })).await;
        assert_eq!(swapped, Err(BROKEN));
        let doubled = rig.act(Scope::Workspace(town), move |tx| Box::pin(async move {
            let seq = tell(tx, town, "once").await?;
            tx.emit(row(town, seq, "twice")).await?;
            Ok(())
        })).await;
        assert_eq!(doubled, Err(BROKEN));
        assert!(rig.sink.heard().is_empty());
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 0);
        assert_eq!(rig.number("SELECT COUNT(*) FROM events").await, 0);
        let answer = rig.store.write(Scope::Workspace(town), note(town, "x", End::Well)).await;
        assert_eq!(answer, Ok(1));
    }

    async fn a_log_outside_the_scope_is_closed(rig: &Rig) {
        let (town, other) = (rig.workspace().await, rig.bare_workspace().await);
        for scope in [Scope::Instance, Scope::Workspace(other), Scope::InstanceAnd(vec![other])] {
            assert_eq!(rig.store.write(scope, note(town, "x", End::Well)).await, Err(BROKEN));
        }
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 0);
    }

    async fn an_unknown_workspace_has_no_log(rig: &Rig) {
        let town = rig.workspace().await;
        let unknown: WorkspaceId = rig.act(Scope::Instance, |tx| {
            Box::pin(async move { Ok(tx.new_id()) })
        }).await.unwrap();
        for scope in [Scope::Workspace(unknown), Scope::InstanceAnd(vec![unknown, town])] {
            let seqs = rig.act(scope, move |tx| {
                Box::pin(async move { Ok((tx.seq(unknown), tx.next_seq(unknown))) })
            });
            assert_eq!(seqs.await, Ok((None, Err(StoreError::Internal))));
        }
    }

    async fn a_new_workspace_begins_its_log(rig: &Rig) {
        let found = |does_fail: bool| rig.act(Scope::Instance, move |tx| Box::pin(async move {
            let id: WorkspaceId = tx.new_id();
            let sql = "INSERT INTO workspaces (id, name, created_at) VALUES ($1, 'new', 1)";
            tx.execute(sql, params![id]).await?;
            tx.begin_log(id);
            tell(tx, id, "founded").await?;
            tell(tx, id, "settled").await?;
            if does_fail { Err(Refusal::Changed) } else { Ok(id) }
        }));
        assert_eq!(found(true).await, Err(Refusal::Changed));
        let town = found(false).await.unwrap();
        assert_eq!(rig.sink.heard(), ["founded", "settled"]);
        assert_eq!(rig.number("SELECT event_seq FROM workspaces").await, 2);
        let next = rig.act(Scope::Workspace(town), move |tx| {
            Box::pin(async move { Ok(tell(tx, town, "grown").await?) })
        });
        assert_eq!(next.await, Ok(3));
    }

    async fn one_change_can_be_told_in_many_workspaces(rig: &Rig) {
        let towns = [rig.workspace().await, rig.bare_workspace().await, rig.bare_workspace().await];
        // Named twice and in no order, by many at once: nobody waits in a circle.
        let writes = (0..12_usize).map(|n| {
            let scope = Scope::InstanceAnd(vec![towns[(n + 1) % 3], towns[n % 3], towns[(n + 1) % 3]]);
            let both = [towns[n % 3], towns[(n + 1) % 3]];
            rig.act(scope, move |tx| Box::pin(async move {
                for town in both {
                    tell(tx, town, "renamed").await?;
                }
                Ok(())
            }))
        });
        let singles = (0..12_usize).map(|n| {
            let town = towns[n % 3];
            rig.store.write(Scope::Workspace(town), note(town, n.to_string(), End::Well))
        });
        let (writes, singles) = futures_util::future::join(
            futures_util::future::join_all(writes),
            futures_util::future::join_all(singles),
        ).await;
        assert!(writes.iter().all(Result::is_ok), "{writes:?}");
        assert!(singles.iter().all(Result::is_ok), "{singles:?}");
        for town in towns {
            assert_eq!(rig.sink.seqs(town), (1..=12).collect::<Vec<_>>());
        }
    }

    async fn ids_follow_each_other_and_time_stands_still_in_an_action(rig: &Rig) {
        let clock = rig.clock.clone();
        let (ids, times, secrets) = rig.act(Scope::Instance, move |tx| {
            let clock = clock.clone();
            Box::pin(async move {
                let (mut ids, mut times) = (Vec::new(), Vec::new());
                for _ in 0..100 {
                    ids.push(tx.new_id::<UserId>());
                    times.push(tx.now());
                    clock.turn(1);
                }
                Ok((ids, times, [tx.secret(), tx.secret()]))
            })
        }).await.unwrap();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(times.iter().all(|time| *time == times[0]));
        assert_ne!(secrets[0], secrets[1]);
    }
}
