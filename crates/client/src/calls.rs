//! Every operation of the contract as a method, by noun.

mod accounts;
mod channels;
mod messages;
mod personal;
mod reactions;
mod realtime;
mod threads;
mod workspaces;

use serde::de::DeserializeOwned;

use crate::answer::ClientError;
use crate::call::Call;
use crate::client::Client;

impl Client {
    /// Sends a call and reads its answer.
    async fn get<T: DeserializeOwned>(&self, call: Call) -> Result<T, ClientError> {
        self.send(call).await?.json()
    }

    /// Sends a call whose answer has no body.
    async fn done(&self, call: Call) -> Result<(), ClientError> {
        self.send(call).await?.success()
    }
}
