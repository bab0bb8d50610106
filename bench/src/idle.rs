//! P3: server memory for each idle socket that is subscribed to a workspace.

use std::path::Path;
use std::time::Duration;

use clickclack_client::{Client, Heard, Socket};
use clickclack_protocol::api::{ClientFrame, ServerFrame, SubscribeFrame};
use clickclack_protocol::ids::WorkspaceId;
use clickclack_protocol::limits::SOCKETS_PER_USER;

use crate::people;
use crate::report::Row;
use crate::server::Server;

const GOAL_KIB: f64 = 8.0;

/// Opens the sockets, lets them be quiet and looks at the server's memory.
pub(crate) async fn run(binary: &Path, sockets: usize) -> anyhow::Result<()> {
    let wanted = u64::try_from(sockets)? + 1_000;
    let limit = rlimit::increase_nofile_limit(wanted)?;
    anyhow::ensure!(limit >= wanted, "only {limit} descriptors may be open, {wanted} are needed");
    let server = Server::start(binary).await?;
    let workspace_id = people::workspace(&server.administrator).await?;
    let count = sockets.div_ceil(SOCKETS_PER_USER);
    let people = people::join(&server.administrator, workspace_id, count).await?;
    let before = server.memory_kib()?;
    let mut open = Vec::with_capacity(sockets);
    for number in 0..sockets {
        open.push(subscribe(&people[number % people.len()], workspace_id).await?);
    }
    // Presence of those who came later is still on its way to those who came first.
    let quiet = async {
        for socket in &mut open {
            while let Ok(heard) =
                tokio::time::timeout(Duration::from_millis(1), socket.hear()).await
            {
                heard?;
            }
        }
        anyhow::Ok(())
    };
    quiet.await?;
    let after = server.memory_kib()?;
    #[expect(clippy::cast_precision_loss, reason = "a count of KiB fits in a float")]
    let each = after.saturating_sub(before) as f64 / sockets as f64;
    println!("{sockets} sockets: {before} KiB before, {after} KiB with them");
    Row {
        measure: "P3 idle",
        unit: "KiB/socket",
        ours: each,
        reference: None,
        figures: vec![each],
        goal: GOAL_KIB,
        wants_less: true,
    }
    .print();
    Ok(())
}

async fn subscribe(person: &Client, workspace_id: WorkspaceId) -> anyhow::Result<Socket> {
    let mut socket = Socket::open(person).await?;
    let frame = SubscribeFrame { workspace_id, after_cursor: None };
    socket.say(&ClientFrame::Subscribe(frame)).await?;
    loop {
        match socket.hear().await? {
            Heard::Frame(frame) if matches!(*frame, ServerFrame::CaughtUp(_)) => return Ok(socket),
            Heard::Frame(_) => {}
            Heard::Closed(code) => anyhow::bail!("the server closed with {code}"),
        }
    }
}
