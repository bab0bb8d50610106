//! Preferences: starred and muted channels, and a sidebar of one's own.

use std::slice::from_ref;

use clickclack_client::ClientError;
use clickclack_protocol::api::{self, ChannelKind, ProblemCode, ServerFrame};
use clickclack_protocol::ids::ChannelId;
use clickclack_trial::both;

use crate::listener::Listener;
use crate::town::{Person, Town};

fn section(key: &str, name: Option<&str>, channels: &[ChannelId]) -> api::SidebarSection {
    api::SidebarSection {
        key: key.into(),
        name: name.map(Into::into),
        collapsed: false,
        channel_ids: channels.to_vec(),
    }
}

async fn arrange(
    person: &Person,
    town: &Town,
    sections: &[api::SidebarSection],
) -> Result<api::Sidebar, ClientError> {
    let body = api::UpdatePreferences { sections: Some(sections.to_vec()) };
    person.client.update_preferences(town.workspace_id, &body).await
}

async fn hears(listener: &mut Listener) -> api::PreferencesUpdatedFrame {
    listener
        .until(|frame| match frame {
            ServerFrame::PreferencesUpdated(frame) => Some(frame.clone()),
            _ => None,
        })
        .await
}

both! {
    async fn a_channel_is_starred_and_muted_for_oneself(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut phone = ben.listens(town.workspace_id).await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let wishes = async |starred, muted| {
            let wish = api::UpdateChannelPreferences { starred, muted };
            ben.client.update_channel_preferences(town.general, &wish).await.unwrap()
        };
        let none = wishes(None, Some(false)).await;
        assert!(!none.starred && !none.muted && none.version == 0, "nothing has changed");
        let starred = wishes(Some(true), None).await;
        assert!(starred.starred && !starred.muted && starred.version > 0);
        let frame = hears(&mut phone).await;
        assert_eq!((frame.channel, frame.sidebar), (Some(starred.clone()), None));
        let both = wishes(None, Some(true)).await;
        assert!(both.starred && both.muted, "what is not named stays");
        assert_eq!(hears(&mut phone).await.channel, Some(both.clone()));
        let state = async |since| {
            let query = api::GetMyStateQuery { workspace_id: town.workspace_id, since };
            ben.client.get_my_state(&query).await.unwrap().channel_preferences
        };
        assert_eq!(state(None).await, from_ref(&both));
        assert_eq!(state(Some(both.version)).await, []);
        let plain = wishes(Some(false), Some(false)).await;
        assert_eq!(state(Some(both.version)).await, [plain], "that it went is told");
        assert_eq!(state(None).await, []);
        let frames = ana_hears.settles().await;
        let told = |frame: &ServerFrame| matches!(frame, ServerFrame::PreferencesUpdated(_));
        assert!(!frames.iter().any(told), "it is Ben's alone: {frames:?}");
        town.close().await;
    }

    async fn a_sidebar_is_arranged_once_for_every_device(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let mut phone = ben.listens(town.workspace_id).await;
        let sections = [
            section("starred", None, &[pier]),
            section("own_1", Some("Work"), &[pier, town.general]),
            api::SidebarSection { collapsed: true, ..section("channels", None, &[]) },
        ];
        let sidebar = arrange(&ben, &town, &sections).await.unwrap();
        assert_eq!(sidebar.sections, sections);
        let frame = hears(&mut phone).await;
        assert_eq!((frame.sidebar, frame.channel), (Some(sidebar.clone()), None));
        let again = arrange(&ben, &town, &sections).await.unwrap();
        assert_eq!(again, sidebar, "the same again changes nothing");
        let nothing = api::UpdatePreferences { sections: None };
        let unchanged = ben.client.update_preferences(town.workspace_id, &nothing).await.unwrap();
        assert_eq!(unchanged, sidebar);
        assert_eq!(ben.snapshot(town.workspace_id).await.personal.sidebar, sidebar);
        let empty = arrange(&ben, &town, &[]).await.unwrap();
        assert!(empty.sections.is_empty() && empty.version > sidebar.version);
        town.close().await;
    }

    async fn an_arrangement_that_makes_no_sense_is_refused(database: &Database) {
        let town = Town::open(database).await;
        let general = town.general;
        for wrong in [
            vec![section("Own", Some("Work"), &[])],
            vec![section("own", None, &[])],
            vec![section("own", Some("Work"), &[]), section("own", Some("Play"), &[])],
            vec![section("own", Some("Work"), &[general, general])],
            vec![section("a", Some("A"), &[general]), section("b", Some("B"), &[general])],
            vec![section("channels", Some("Places"), &[])],
        ] {
            let refused = arrange(&town.ana, &town, &wrong).await;
            let Err(ClientError::Refused(problem)) = refused else { panic!("{wrong:?}") };
            assert_eq!(problem.code, ProblemCode::InvalidRequest);
            assert_eq!(problem.errors.unwrap()[0].field, "sections");
        }
        let state = town.ana.snapshot(town.workspace_id).await.personal;
        assert_eq!(state.sidebar.version, 0, "nothing was kept");
        town.close().await;
    }

    async fn a_sidebar_does_not_tell_of_channels_that_one_does_not_see(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let attic = town.private_channel("attic", &[]).await;
        let nowhere = "chn_01HZXW3V9Y4Q2J8K7M6N5P4R3S".parse().unwrap();
        let sections = [section("own", Some("Home"), &[attic, kitchen, nowhere])];
        let sidebar = arrange(&ben, &town, &sections).await.unwrap();
        assert_eq!(sidebar.sections[0].channel_ids, [kitchen], "the others are left out");
        let star = api::UpdateChannelPreferences { starred: Some(true), muted: None };
        ben.client.update_channel_preferences(kitchen, &star).await.unwrap();
        let version = ben.snapshot(town.workspace_id).await.personal.version;

        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();
        let state = ben.snapshot(town.workspace_id).await.personal;
        assert_eq!(state.sidebar.sections[0].channel_ids, []);
        assert_eq!(state.channel_preferences, []);
        town.ana.client.add_channel_member(kitchen, ben.id).await.unwrap();
        let query =
            api::GetMyStateQuery { workspace_id: town.workspace_id, since: Some(version) };
        let state = ben.client.get_my_state(&query).await.unwrap();
        assert_eq!(state.sidebar.sections[0].channel_ids, [kitchen]);
        assert!(state.sidebar.version > version, "his devices learn of it again");
        assert_eq!(state.channel_preferences.len(), 1);
        town.close().await;
    }
}
