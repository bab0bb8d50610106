//! Every URL of the server in one table. A handler is named after its operation in the contract.

use axum::Router;
use axum::routing;

use crate::http::{
    channels, drafts, health, instance, invites, members, messages, people, pins, preferences,
    reactions, realtime, saved, signing_in, threads, workspaces,
};
use crate::leaves::Leaves;
use crate::{socket, web};

/// A line of the table, for whoever compares it with the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// In upper case, `POST`.
    pub method: &'static str,
    /// With named parameters, `/api/channels/{channel_id}/messages`.
    pub path: &'static str,
    /// The operation's name in snake case, `send_message`.
    pub handler: &'static str,
}

macro_rules! routes {
    ($($method:ident $path:literal => $module:ident::$handler:ident;)+) => {
        /// The table.
        pub const ROUTES: &[Route] = &[$(
            Route {
                method: stringify!($method),
                path: $path,
                handler: stringify!($handler),
            },
        )+];

        fn api() -> Router<Leaves> {
            Router::new()$(.route($path, method!($method)($module::$handler)))+
        }
    };
}

macro_rules! method {
    (GET) => {
        routing::get
    };
    (POST) => {
        routing::post
    };
    (PUT) => {
        routing::put
    };
    (PATCH) => {
        routing::patch
    };
    (DELETE) => {
        routing::delete
    };
}

routes! {
    GET    "/api/auth/providers"                                => signing_in::get_auth_providers;
    POST   "/api/auth/setup"                                    => signing_in::set_up;
    POST   "/api/auth/signup"                                   => signing_in::sign_up;
    POST   "/api/auth/login"                                    => signing_in::log_in;
    POST   "/api/auth/dev"                                      => signing_in::log_in_as_demo;
    POST   "/api/auth/logout"                                   => signing_in::log_out;
    POST   "/api/auth/magic-link"                               => signing_in::request_magic_link;
    POST   "/api/auth/magic-link/consume"                       => signing_in::consume_magic_link;
    GET    "/api/sessions"                                      => people::list_sessions;
    DELETE "/api/sessions/{session_id}"                         => people::revoke_session;
    GET    "/api/me"                                            => people::get_me;
    PATCH  "/api/me"                                            => people::update_me;
    PUT    "/api/me/password"                                   => people::change_password;
    GET    "/api/me/state"                                      => people::get_my_state;
    GET    "/api/users"                                         => people::list_users;
    GET    "/api/users/{user_id}"                               => people::get_user;
    POST   "/api/users/{user_id}/deactivate"                    => people::deactivate_user;
    POST   "/api/users/{user_id}/reactivate"                    => people::reactivate_user;
    GET    "/api/instance"                                      => instance::get_instance;
    PATCH  "/api/instance"                                      => instance::update_instance;
    GET    "/api/online"                                        => realtime::list_online;
    GET    "/api/workspaces"                                    => workspaces::list_workspaces;
    POST   "/api/workspaces"                                    => workspaces::create_workspace;
    GET    "/api/workspaces/{workspace_id}"                     => workspaces::get_workspace;
    PATCH  "/api/workspaces/{workspace_id}"                     => workspaces::update_workspace;
    PATCH  "/api/workspaces/{workspace_id}/preferences"         => preferences::update_preferences;
    GET    "/api/workspaces/{workspace_id}/snapshot"            => workspaces::get_snapshot;
    GET    "/api/workspaces/{workspace_id}/members"             => members::list_members;
    PATCH  "/api/workspaces/{workspace_id}/members/{user_id}"   => members::update_member;
    DELETE "/api/workspaces/{workspace_id}/members/{user_id}"   => members::remove_member;
    GET    "/api/workspaces/{workspace_id}/invites"             => invites::list_invites;
    POST   "/api/workspaces/{workspace_id}/invites"             => invites::create_invite;
    DELETE "/api/workspaces/{workspace_id}/invites/{invite_id}" => invites::revoke_invite;
    GET    "/api/invites/{token}"                               => invites::get_invite;
    POST   "/api/invites/{token}/accept"                        => invites::accept_invite;
    GET    "/api/workspaces/{workspace_id}/channels"            => channels::list_channels;
    POST   "/api/workspaces/{workspace_id}/channels"            => channels::create_channel;
    GET    "/api/channels/{channel_id}"                         => channels::get_channel;
    PATCH  "/api/channels/{channel_id}"                         => channels::update_channel;
    POST   "/api/channels/{channel_id}/join"                    => channels::join_channel;
    POST   "/api/channels/{channel_id}/leave"                   => channels::leave_channel;
    POST   "/api/channels/{channel_id}/read"                    => channels::mark_read;
    POST   "/api/channels/{channel_id}/unread"                  => channels::mark_unread;
    PATCH  "/api/channels/{channel_id}/preferences"             => preferences::update_channel_preferences;
    GET    "/api/channels/{channel_id}/pins"                    => pins::list_pins;
    GET    "/api/channels/{channel_id}/members"                 => channels::list_channel_members;
    PUT    "/api/channels/{channel_id}/members/{user_id}"       => channels::add_channel_member;
    DELETE "/api/channels/{channel_id}/members/{user_id}"       => channels::remove_channel_member;
    GET    "/api/channels/{channel_id}/messages"                => messages::list_messages;
    POST   "/api/channels/{channel_id}/messages"                => messages::send_message;
    GET    "/api/messages/{message_id}"                         => messages::get_message;
    PATCH  "/api/messages/{message_id}"                         => messages::edit_message;
    DELETE "/api/messages/{message_id}"                         => messages::delete_message;
    GET    "/api/messages/{message_id}/history"                 => messages::get_message_history;
    GET    "/api/messages/{message_id}/thread"                  => threads::get_thread;
    POST   "/api/messages/{message_id}/thread/replies"          => threads::send_reply;
    GET    "/api/threads"                                       => threads::list_threads;
    PATCH  "/api/threads/{root_id}"                             => threads::update_thread;
    PUT    "/api/threads/{root_id}/follow"                      => threads::follow_thread;
    DELETE "/api/threads/{root_id}/follow"                      => threads::unfollow_thread;
    POST   "/api/threads/{root_id}/read"                        => threads::mark_thread_read;
    POST   "/api/threads/{root_id}/unread"                      => threads::mark_thread_unread;
    GET    "/api/messages/{message_id}/reactions"               => reactions::list_reactions;
    POST   "/api/messages/{message_id}/reactions"               => reactions::add_reaction;
    DELETE "/api/messages/{message_id}/reactions/{emoji}"       => reactions::remove_reaction;
    PUT    "/api/messages/{message_id}/pin"                     => pins::pin_message;
    DELETE "/api/messages/{message_id}/pin"                     => pins::unpin_message;
    PUT    "/api/messages/{message_id}/save"                    => saved::save_message;
    DELETE "/api/messages/{message_id}/save"                    => saved::unsave_message;
    GET    "/api/saved"                                         => saved::list_saved;
    GET    "/api/drafts"                                        => drafts::list_drafts;
    PUT    "/api/drafts"                                        => drafts::put_draft;
    GET    "/api/realtime/events"                               => realtime::list_events;
    POST   "/api/realtime/ephemeral"                            => realtime::send_ephemeral;
    POST   "/api/realtime/tickets"                              => realtime::create_ticket;
    GET    "/api/realtime/ws"                                   => socket::open_socket;
    GET    "/api/openapi.yaml"                                  => health::get_contract;
    GET    "/healthz"                                           => health::get_health;
    GET    "/readyz"                                            => health::get_readiness;
    GET    "/metrics"                                           => health::get_metrics;
}

/// The router: the table, and the page for everything else.
pub fn router() -> Router<Leaves> {
    api().fallback(web::page)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clickclack_protocol::operations::OPERATIONS;

    use super::*;

    fn snake(id: &str) -> String {
        let spread = |c: char| if c.is_ascii_uppercase() { format!("_{c}") } else { c.to_string() };
        id.chars().map(spread).collect::<String>().to_lowercase()
    }

    #[test]
    fn the_table_is_the_contract() {
        let contract: BTreeSet<_> =
            OPERATIONS.iter().map(|o| (o.path, o.method, snake(o.id))).collect();
        let table: BTreeSet<_> =
            ROUTES.iter().map(|r| (r.path, r.method, r.handler.to_owned())).collect();
        assert_eq!(table, contract);
        assert_eq!(ROUTES.len(), OPERATIONS.len());
    }
}
