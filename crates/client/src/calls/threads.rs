//! Threads.

use clickclack_protocol::api;
use clickclack_protocol::ids::MessageId;

use crate::answer::ClientError;
use crate::call::Call;
use crate::client::Client;

impl Client {
    /// A thread: its root and a stretch of its replies.
    pub async fn get_thread(
        &self,
        root_id: MessageId,
        query: &api::GetThreadQuery,
    ) -> Result<api::ThreadPage, ClientError> {
        self.get(Call::of("getThread", &[("message_id", &root_id)]).query(query)).await
    }

    /// Replies to a message, exactly once for a nonce.
    pub async fn send_reply(
        &self,
        root_id: MessageId,
        body: &api::SendReply,
    ) -> Result<api::Sent, ClientError> {
        self.get(Call::of("sendReply", &[("message_id", &root_id)]).json(body)).await
    }

    /// The threads that one follows.
    pub async fn list_threads(
        &self,
        query: &api::ListThreadsQuery,
    ) -> Result<api::FollowedThreadPage, ClientError> {
        self.get(Call::of("listThreads", &[]).query(query)).await
    }

    /// Gives a thread a title, locks it or opens it again.
    pub async fn update_thread(
        &self,
        root_id: MessageId,
        body: &api::UpdateThread,
    ) -> Result<api::ThreadSummary, ClientError> {
        self.get(Call::of("updateThread", &[("root_id", &root_id)]).json(body)).await
    }

    /// Follows a thread.
    pub async fn follow_thread(
        &self,
        root_id: MessageId,
    ) -> Result<api::ThreadFollow, ClientError> {
        self.get(Call::of("followThread", &[("root_id", &root_id)])).await
    }

    /// Follows a thread no longer.
    pub async fn unfollow_thread(
        &self,
        root_id: MessageId,
    ) -> Result<api::ThreadFollow, ClientError> {
        self.get(Call::of("unfollowThread", &[("root_id", &root_id)])).await
    }

    /// Says how far one has read in a thread.
    pub async fn mark_thread_read(
        &self,
        root_id: MessageId,
        body: &api::MarkRead,
    ) -> Result<api::ThreadFollow, ClientError> {
        self.get(Call::of("markThreadRead", &[("root_id", &root_id)]).json(body)).await
    }

    /// Makes everything from a reply on unread again.
    pub async fn mark_thread_unread(
        &self,
        root_id: MessageId,
        body: &api::MarkUnread,
    ) -> Result<api::ThreadFollow, ClientError> {
        self.get(Call::of("markThreadUnread", &[("root_id", &root_id)]).json(body)).await
    }
}
