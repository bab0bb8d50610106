//! P1: durable sends acknowledged a second over HTTP.

use std::path::Path;
use std::time::{Duration, Instant};

use clickclack_client::Client;
use clickclack_protocol::api;
use clickclack_protocol::ids::ChannelId;
use futures_util::future::try_join_all;

use crate::report::{Row, median};
use crate::server::Server;
use crate::{people, reference};

const CHANNELS: usize = 50;
const GOAL: f64 = 0.5;

/// Senders over HTTP and the bare loop in turn, round by round.
pub(crate) async fn run(
    binary: &Path,
    senders: usize,
    rounds: usize,
    each: Duration,
) -> anyhow::Result<()> {
    let server = Server::start(binary).await?;
    let workspace_id = people::workspace(&server.administrator).await?;
    let people = people::join(&server.administrator, workspace_id, senders).await?;
    let channels = people::channels(&server.administrator, workspace_id, &people, CHANNELS).await?;
    let mut bare = reference::Loop::open(&server.folder().join("reference.db"), senders, CHANNELS)?;
    let (mut ours, mut theirs, mut latencies) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let (rate, mut waited) = senders_for(&people, &channels, round, each).await?;
        let bare_rate = tokio::task::block_in_place(|| bare.run(each))?;
        println!("round {round}: {rate:.0} beside {bare_rate:.0} sends a second");
        ours.push(rate);
        theirs.push(bare_rate);
        latencies.append(&mut waited);
    }
    latencies.sort_unstable();
    let at = |share: usize| latencies[(latencies.len() - 1) * share / 100];
    println!("answer to a send: p50 {:?}, p99 {:?}", at(50), at(99));
    let ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(ours, bare)| ours / bare).collect();
    Row {
        measure: "P1 send",
        unit: "sends/s",
        ours: median(&ours),
        reference: Some(median(&theirs)),
        figures: ratios,
        goal: GOAL,
        wants_less: false,
    }
    .print();
    Ok(())
}

/// Everybody sends one after the other until the time is over; sends a second, and each wait.
async fn senders_for(
    people: &[Client],
    channels: &[ChannelId],
    round: usize,
    each: Duration,
) -> anyhow::Result<(f64, Vec<Duration>)> {
    let start = Instant::now();
    let senders = people.iter().enumerate().map(|(number, person)| {
        let (person, channels) = (person.clone(), channels.to_vec());
        async move { sender(&person, &channels, (round, number), start, each).await }
    });
    let waited = try_join_all(senders.map(tokio::spawn)).await?;
    let waited: Vec<Vec<Duration>> = waited.into_iter().collect::<Result<_, _>>()?;
    let took = start.elapsed().as_secs_f64();
    let waited: Vec<Duration> = waited.into_iter().flatten().collect();
    #[expect(clippy::cast_precision_loss, reason = "a count of sends fits in a float")]
    Ok((waited.len() as f64 / took, waited))
}

async fn sender(
    person: &Client,
    channels: &[ChannelId],
    (round, number): (usize, usize),
    start: Instant,
    each: Duration,
) -> anyhow::Result<Vec<Duration>> {
    let mut waited = Vec::new();
    while start.elapsed() < each {
        let count = waited.len();
        let send = api::SendMessage {
            nonce: format!("bench-{round}-{number}-{count}"),
            body: reference::BODY.into(),
            quote_of: None,
        };
        let before = Instant::now();
        person.send_message(channels[(number + count) % channels.len()], &send).await?;
        waited.push(before.elapsed());
    }
    Ok(waited)
}
