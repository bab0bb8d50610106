//! What a client holds of a workspace, kept true by the socket and compared with what the server
//! says anew.

use clickclack_client::view::{View, ViewState};
use clickclack_protocol::api::{self, EventBody, ProblemCode, ServerFrame};
use clickclack_protocol::ids::{ChannelId, MessageId, WorkspaceId};

use crate::listener::{Heard, Listener};
use crate::town::Person;

/// A new snapshot with the whole history of every channel; none for who is not a member.
pub(crate) async fn fresh(person: &Person, workspace_id: WorkspaceId) -> Option<View> {
    let snapshot = match person.client.get_snapshot(workspace_id).await {
        Ok(snapshot) => snapshot,
        Err(error) => {
            assert_eq!(error.code(), Some(ProblemCode::NotFound), "{error}");
            return None;
        }
    };
    let mut view = View::new(snapshot);
    let channels: Vec<_> = view.channels.keys().copied().collect();
    for channel_id in channels {
        load_history(person, &mut view, channel_id).await;
    }
    Some(view)
}

/// Loads page after page from the newest back. A channel that was lost meanwhile has none.
async fn load_history(person: &Person, view: &mut View, channel_id: ChannelId) {
    let mut before_seq = None;
    loop {
        let query = api::ListMessagesQuery { before_seq, limit: Some(200), ..Default::default() };
        let page = match person.client.list_messages(channel_id, &query).await {
            Ok(page) => page,
            Err(error) => return assert_eq!(error.code(), Some(ProblemCode::NotFound), "{error}"),
        };
        view.load(channel_id, &page);
        for root in page.messages.iter().filter(|message| message.thread.is_some()) {
            load_thread(person, view, root.id).await;
        }
        match page.messages.first() {
            Some(first) if page.has_older => before_seq = first.seq,
            _ => return,
        }
    }
}

/// The same for a thread.
async fn load_thread(person: &Person, view: &mut View, root_id: MessageId) {
    let mut before_seq = None;
    loop {
        let query = api::GetThreadQuery { before_seq, limit: Some(200), ..Default::default() };
        let page = match person.client.get_thread(root_id, &query).await {
            Ok(page) => page,
            Err(error) => return assert_eq!(error.code(), Some(ProblemCode::NotFound), "{error}"),
        };
        view.load_thread(&page);
        match page.replies.first() {
            Some(first) if page.has_older => before_seq = first.thread_seq,
            _ => return,
        }
    }
}

/// What became of a view that followed the socket for a while.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Followed {
    /// It saw what it was waiting for.
    Arrived,
    /// The patience of this connection is over.
    Bored,
    /// The server is gone.
    Broken,
    /// A fresh snapshot is needed, or one is no longer a member.
    Lost,
}

/// Opens a socket and reduces what it says for so many frames, or until the workspace is called
/// `until`.
pub(crate) async fn follow(
    person: &Person,
    view: &mut View,
    frames: usize,
    until: &str,
) -> Followed {
    let Ok(socket) = clickclack_client::Socket::open(&person.client).await else {
        return Followed::Broken;
    };
    let mut listener = Listener { socket, subscribed: None };
    let (workspace_id, after) = (view.workspace.id, view.cursor.to_string());
    let frame = api::SubscribeFrame { workspace_id, after_cursor: Some(after) };
    if listener.socket.say(&api::ClientFrame::Subscribe(frame)).await.is_err() {
        return Followed::Broken;
    }
    for _ in 0..frames {
        // A replayed event tells what stands now, so the name can come before its own event.
        if view.workspace.name == until && view.cursor.seq >= view.workspace.version {
            return Followed::Arrived;
        }
        match listener.next().await {
            Heard::Closed(1006) => return Followed::Broken,
            Heard::Closed(code) => panic!("closed with {code}"),
            Heard::Frame(frame) => match *frame {
                ServerFrame::ResyncRequired(_) => return Followed::Lost,
                ServerFrame::Error(error) => {
                    assert_eq!(error.code, ProblemCode::NotFound, "{error:?}");
                    return Followed::Lost;
                }
                frame => {
                    let came_in = came_in(person, &frame);
                    reduce(view, frame);
                    // What one had kept in a channel counts as changed when one comes into it.
                    let query = api::GetMyStateQuery { workspace_id, since: None };
                    if came_in && let Ok(state) = person.client.get_my_state(&query).await {
                        view.personal(&state);
                    }
                }
            },
        }
        if view.state != ViewState::Live {
            return Followed::Lost;
        }
    }
    Followed::Bored
}

fn came_in(person: &Person, frame: &ServerFrame) -> bool {
    let ServerFrame::Event(frame) = frame else { return false };
    matches!(&frame.event.body, EventBody::ChannelMemberAdded(added) if added.user.id == person.id)
}

fn reduce(view: &mut View, frame: ServerFrame) {
    match frame {
        ServerFrame::Subscribed(subscribed) => {
            view.subscribed(&subscribed.channel_ids);
            view.personal(&subscribed.personal);
        }
        ServerFrame::Event(frame) => {
            let before = view.cursor.seq;
            view.apply(&frame.event);
            assert!(view.cursor.seq > before || view.state != ViewState::Live, "heard twice");
        }
        ServerFrame::CaughtUp(frame) => view.advance(&frame.cursor.parse().unwrap()),
        ServerFrame::ReadUpdated(frame) => view.read(&frame.read),
        ServerFrame::FollowUpdated(frame) => view.follow(&frame.follow),
        ServerFrame::Heartbeat(frame) => {
            for at in &frame.cursors {
                view.advance(&at.cursor.parse().unwrap());
            }
        }
        _ => {}
    }
}

/// Both hold the same, as far as the older view holds messages at all.
pub(crate) fn assert_agree(view: &View, fresh: &View) {
    assert_eq!(view.workspace, fresh.workspace);
    assert_eq!(view.me, fresh.me);
    assert_eq!(view.members, fresh.members);
    assert_eq!(view.channels, fresh.channels);
    assert_eq!(view.joined, fresh.joined);
    for (id, read) in &fresh.reads {
        let held = view.reads.get(id).unwrap_or_else(|| panic!("how far {id} was read"));
        // Only where it was counted differs.
        assert_eq!(api::ReadState { as_of: read.as_of.clone(), ..held.clone() }, *read);
    }
    for (id, follow) in &fresh.follows {
        let held = view.follows.get(id).unwrap_or_else(|| panic!("whether {id} is followed"));
        assert_eq!(api::ThreadFollow { as_of: follow.as_of.clone(), ..held.clone() }, *follow);
    }
    for (id, message) in &fresh.messages {
        let in_channel = message.seq.is_some_and(|seq| seq >= view.held_from[&message.channel_id]);
        let root = message.thread_root_id.and_then(|root_id| view.thread_held_from.get(&root_id));
        let in_thread = root.is_some_and(|(_, from)| message.thread_seq >= Some(*from));
        if in_channel || in_thread {
            assert_eq!(view.messages.get(id), Some(message));
        }
    }
    for (id, message) in &view.messages {
        assert_eq!(fresh.messages.get(id), Some(message), "nothing is held that is not there");
    }
    assert_eq!(view.cursor, fresh.cursor);
}
