//! Events, presence and typing by HTTP.

use clickclack_protocol::api;

use crate::answer::ClientError;
use crate::call::Call;
use crate::client::Client;

impl Client {
    /// Who is online or away.
    pub async fn list_online(
        &self,
        query: &api::ListOnlineQuery,
    ) -> Result<api::PresenceList, ClientError> {
        self.get(Call::of("listOnline", &[]).query(query)).await
    }

    /// The events after a cursor.
    pub async fn list_events(
        &self,
        query: &api::ListEventsQuery,
    ) -> Result<api::EventPage, ClientError> {
        self.get(Call::of("listEvents", &[]).query(query)).await
    }

    /// Says that one is typing.
    pub async fn send_ephemeral(&self, body: &api::SendEphemeral) -> Result<(), ClientError> {
        self.done(Call::of("sendEphemeral", &[]).json(body)).await
    }

    /// A ticket to open a socket with.
    pub async fn create_ticket(&self) -> Result<api::Ticket, ClientError> {
        self.get(Call::of("createTicket", &[])).await
    }
}
