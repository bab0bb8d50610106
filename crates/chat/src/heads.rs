//! Where the logs of workspaces end, for a server that looks whether another process has written.

use clickclack_protocol::ids::WorkspaceId;
use clickclack_store::{Lookup, Query, StoreError, Value};

/// The newest sequence of each of these workspaces.
#[derive(Debug, Clone)]
pub struct Heads {
    /// The workspaces; those that do not exist are not in the answer.
    pub workspace_ids: Vec<WorkspaceId>,
}

impl Lookup for Heads {
    type Output = Vec<(WorkspaceId, i64)>;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<Self::Output, StoreError> {
        let among = query.engine().among("id", "$1");
        let sql = format!("SELECT id, event_seq FROM workspaces WHERE {among}");
        let rows = query.rows(&sql, &[Value::list(&self.workspace_ids)]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
