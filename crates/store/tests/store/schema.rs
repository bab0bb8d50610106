//! Opening: migrations, their refusals, the instance row.

use clickclack_store::{OpenError, Settings, Store};

use crate::both;
use crate::rig::Database;

both! {
    async fn a_new_database_has_an_instance_with_a_life_of_its_own(rig: &Rig) {
        let epoch = rig.store.epoch();
        assert!((1..=16).contains(&epoch.len()));
        assert!(epoch.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        let sql = "SELECT epoch, name, signup_policy, workspace_creation FROM instance";
        let row = rig.rows(sql).await.remove(0);
        let texts = [0, 1, 2, 3].map(|at| row.get::<String>(at).unwrap());
        assert_eq!(texts, [epoch, "ClickClack", "invite", "everyone"]);
        let again = Store::open(rig.settings()).await.unwrap();
        assert_eq!(again.epoch(), epoch, "it lives on");
        again.close().await;
        let other = Database::create(rig.store.engine()).await.unwrap();
        let second = Store::open(other.settings(rig.clock.clone())).await.unwrap();
        assert_ne!(second.epoch(), epoch);
        second.close().await;
        other.remove().await;
    }

    async fn a_newer_database_is_refused_politely(rig: &Rig) {
        rig.sql(&["INSERT INTO migrations VALUES ('9999_future', 'x', 1)"]).await.unwrap();
        let Err(error) = Store::open(rig.settings()).await else { panic!("it was opened") };
        assert!(matches!(&error, OpenError::Newer { names } if names == &["9999_future"]));
        let said = error.to_string();
        assert!(said.contains("newer ClickClack") && said.contains("9999_future"), "{said}");
    }

    async fn a_changed_migration_is_refused(rig: &Rig) {
        rig.sql(&["UPDATE migrations SET checksum = 'x' WHERE name = '0001_spine'"]).await.unwrap();
        let Err(error) = Store::open(rig.settings()).await else { panic!("it was opened") };
        assert!(matches!(error, OpenError::Changed { name } if name == "0001_spine"));
    }

    async fn servers_that_start_together_migrate_once(rig: &Rig) {
        let fresh = Database::create(rig.store.engine()).await.unwrap();
        let open = || Store::open(fresh.settings(rig.clock.clone()));
        let (a, b, c, d) = tokio::join!(open(), open(), open(), open());
        let stores = [a.unwrap(), b.unwrap(), c.unwrap(), d.unwrap()];
        for store in &stores {
            assert_eq!(store.epoch(), stores[0].epoch());
        }
        for store in &stores {
            store.close().await;
        }
        fresh.remove().await;
    }

    async fn migrations_wait_for_being_asked(rig: &Rig) {
        let fresh = Database::create(rig.store.engine()).await.unwrap();
        let settings = || Settings { migrate: false, ..fresh.settings(rig.clock.clone()) };
        let Err(error) = Store::open(settings()).await else { panic!("it was opened") };
        assert!(matches!(&error, OpenError::Behind { names } if names[0] == "0001_spine"));
        assert!(error.to_string().contains("clickclack migrate"));
        assert_eq!(Store::migrate(settings()).await.unwrap()[0], "0001_spine");
        assert!(Store::migrate(settings()).await.unwrap().is_empty());
        Store::open(settings()).await.unwrap().close().await;
        fresh.remove().await;
    }
}

#[tokio::test]
async fn a_url_must_name_an_engine() {
    let clock = std::sync::Arc::new(crate::rig::HandClock::default());
    for url in ["", "chat.db", "mysql://host/chat", "sqlite://"] {
        let opened = Store::open(Settings::new(url, clock.clone())).await;
        assert!(matches!(opened, Err(OpenError::Url)), "{url:?}");
    }
}

#[tokio::test]
async fn an_unreachable_database_says_so() {
    let clock = std::sync::Arc::new(crate::rig::HandClock::default());
    for url in ["sqlite:///nowhere/at/all/chat.db", "postgres://nobody@127.0.0.1:1/chat"] {
        let opened = Store::open(Settings::new(url, clock.clone())).await;
        assert!(matches!(opened, Err(OpenError::Connect(_))), "{url:?}");
    }
}
