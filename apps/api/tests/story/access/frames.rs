//! What comes of each frame that a client can say, by how they stand to the workspace.

use std::collections::{BTreeMap, BTreeSet};

use clickclack_protocol::api::{self, ClientFrame, ProblemCode, ServerFrame, TypingState};
use clickclack_protocol::ids::ChannelId;
use clickclack_trial::both;

use super::scene::{Cast, Place, Scene, Standing};
use super::{Row, refusal, rows};
use crate::contract;
use crate::listener::Listener;
use crate::town::Town;

/// As the table of operations. Without a session there is no socket, so the first two have no say;
/// who is let does what the frame is for, and who is refused gets an `error` and stays connected.
const TABLE: &str = "
frame                  where     none shut else boss past gout gin  mout min  made admin owner
subscribe              -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
unsubscribe            -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
presence               -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
ping                   -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
typing                 public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
typing                 private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
typing                 archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
";

#[test]
fn every_frame_has_its_rows() {
    let mut places: BTreeMap<&str, BTreeSet<Option<Place>>> = BTreeMap::new();
    for row in rows(TABLE) {
        places.entry(row.name()).or_default().insert(row.place);
    }
    for (frame, fields) in contract::client_frames() {
        let known = places.remove(frame.as_str()).unwrap_or_default();
        assert!(!known.is_empty(), "{frame} has no row");
        let wanted = if fields.contains("channel_id") { Place::ALL.len() } else { 1 };
        assert!(known.len() >= wanted, "{frame} needs a row for each kind of channel");
    }
    assert!(places.is_empty(), "not in the contract: {places:?}");
}

both! {
    async fn everybody_may_say_what_the_table_says_and_nothing_else(database: &Database) {
        let town = Town::open(database).await;
        let cast = Cast::gather(&town).await;
        let scene = Scene::open(&cast).await;
        let mut wrong = Vec::new();
        for row in rows(TABLE) {
            for (standing, outcome) in Standing::ALL.into_iter().zip(&row.outcomes) {
                let heard = attempt(&town, &cast, &scene, &row, standing).await;
                if heard != refusal(outcome) {
                    let place = row.place;
                    wrong.push(format!("{} {place:?} {standing:?}: {heard:?}", row.what));
                }
            }
        }
        assert!(wrong.is_empty(), "{} fields of the table are wrong: {wrong:#?}", wrong.len());
        town.close().await;
    }
}

async fn attempt(
    town: &Town,
    cast: &Cast,
    scene: &Scene,
    row: &Row,
    standing: Standing,
) -> Option<ProblemCode> {
    let client = cast.person(standing).map_or(&town.nobody, |person| &person.client);
    let socket = clickclack_client::Socket::open(client).await;
    let mut speaker = match socket {
        Ok(socket) => Listener::on(socket).await,
        Err(error) => return Some(error.code().expect("a socket is refused with a problem")),
    };
    let workspace_id = scene.workspace_id;
    match row.name() {
        "subscribe" => {
            speaker.subscribe(workspace_id, None).await;
            let answer = speaker.frame().await;
            refused(&answer).or_else(|| match answer {
                ServerFrame::Subscribed(_) => None,
                other => panic!("no answer to subscribe: {other:?}"),
            })
        }
        "unsubscribe" => {
            speaker.says(&ClientFrame::Unsubscribe(api::UnsubscribeFrame { workspace_id })).await;
            speaker.settles().await.iter().find_map(refused)
        }
        "presence" => {
            let state = api::SetPresenceFrameState::Active;
            speaker.says(&ClientFrame::Presence(api::SetPresenceFrame { state })).await;
            speaker.settles().await.iter().find_map(refused)
        }
        "ping" => speaker.settles().await.iter().find_map(refused),
        "typing" => {
            // Who may not subscribe types all the same, and is not heard.
            speaker.subscribe(workspace_id, None).await;
            while !matches!(speaker.frame().await, ServerFrame::CaughtUp(_) | ServerFrame::Error(_))
            {
            }
            let channel_id = scene.channel(row.place.expect("typing happens in a channel"));
            types(cast, scene, &mut speaker, standing, channel_id).await
        }
        other => panic!("nobody knows how to say {other}"),
    }
}

/// Types until either the others see it or an error comes.
async fn types(
    cast: &Cast,
    scene: &Scene,
    speaker: &mut Listener,
    standing: Standing,
    channel_id: ChannelId,
) -> Option<ProblemCode> {
    // Nobody hears themselves.
    let other = if standing == Standing::Owner { Standing::Maker } else { Standing::Owner };
    let other = cast.person(other).expect("they have an account");
    let mut other = Listener::subscribed(&other.client, scene.workspace_id, None).await;
    speaker.types(channel_id, TypingState::Started).await;
    loop {
        tokio::select! {
            frame = speaker.frame() => {
                if let Some(code) = refused(&frame) {
                    return Some(code);
                }
            }
            frame = other.frame() => {
                if matches!(frame, ServerFrame::Typing(typing) if typing.channel_id == channel_id) {
                    return None;
                }
            }
        }
    }
}

fn refused(frame: &ServerFrame) -> Option<ProblemCode> {
    match frame {
        ServerFrame::Error(error) => Some(error.code),
        _ => None,
    }
}
