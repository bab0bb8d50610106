//! Histories of any length, brought in by large pieces.

use clickclack_chat::Desk;
use clickclack_chat::channels::GENERAL;
use clickclack_chat::importing::{IMPORT_MESSAGES, ImportMessages, Written};
use clickclack_chat::messages::MessageError;
use clickclack_protocol::ids::{ChannelId, UserId};
use clickclack_protocol::time::Millis;

use crate::clock::StageClock;
use crate::crowd::Crowd;
use crate::error::SeedError;

/// A channel that gets a share of the history.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) channel_id: ChannelId,
    /// Who talks there; at least one.
    pub(crate) people: Vec<UserId>,
    /// Another seed, another talk.
    pub(crate) seed: u64,
    pub(crate) messages: u64,
    /// When the first of them is written.
    pub(crate) from: Millis,
    /// When all of them are.
    pub(crate) to: Millis,
}

impl Part {
    /// When a message is written, counted from 0: they are spread evenly.
    fn time(&self, number: u64) -> Millis {
        let span = i128::from(self.to - self.from) * i128::from(number) / i128::from(self.messages);
        self.from + Millis::try_from(span).expect("a part of a span is no longer than the span")
    }
}

/// Brings in the histories of all these channels, piece by piece in order of time.
pub(crate) async fn bring(
    desk: &Desk,
    clock: &StageClock,
    parts: &[Part],
) -> Result<(), MessageError> {
    let mut crowds: Vec<_> =
        parts.iter().map(|part| (Crowd::new(part.people.len(), part.seed), 0)).collect();
    let chunk = u64::try_from(IMPORT_MESSAGES).expect("a piece is small");
    loop {
        // The channel that is the furthest behind, so that ids and the log grow with time.
        let behind = (0..parts.len())
            .filter(|place| crowds[*place].1 < parts[*place].messages)
            .min_by_key(|place| parts[*place].time(crowds[*place].1));
        let Some(place) = behind else { return Ok(()) };
        let (part, (crowd, done)) = (&parts[place], &mut crowds[place]);
        let end = (*done + chunk).min(part.messages);
        let messages = (*done..end).map(|number| {
            let (by, body) = crowd.next();
            Written { author_id: part.people[by], body, created_at: part.time(number) }
        });
        let messages = messages.collect();
        clock.set(part.time(end - 1));
        desk.act(ImportMessages { channel_id: part.channel_id, messages }).await?;
        *done = end;
    }
}

/// A channel that may get a share of the messages.
#[derive(Debug)]
pub(crate) struct Venue {
    pub(crate) name: String,
    pub(crate) channel_id: ChannelId,
    pub(crate) is_public: bool,
    pub(crate) people: Vec<UserId>,
    /// How much has been said there.
    pub(crate) said: i64,
    /// When what is added begins.
    pub(crate) from: Millis,
}

/// Who gets how many messages: the channel that is named all of them; else the public ones a
/// twentieth each, and `#general` or whatever comes first the rest.
pub(crate) fn share(
    messages: u64,
    into: Option<&str>,
    mut venues: Vec<Venue>,
    to: Millis,
) -> Result<Vec<Part>, SeedError> {
    let chosen = |venue: &Venue| match into {
        Some(name) => venue.name == name,
        None => venue.is_public,
    };
    venues.retain(|venue| chosen(venue) && !venue.people.is_empty());
    venues.sort_by_key(|venue| venue.name != GENERAL);
    if venues.is_empty() {
        return Err(SeedError::NoChannel(into.unwrap_or(GENERAL).to_owned()));
    }
    venues.truncate(if into.is_some() { 1 } else { 8 });
    let few = messages / 20;
    let others = u64::try_from(venues.len() - 1).expect("there are at most eight");
    let shares = venues.into_iter().enumerate().map(|(place, venue)| Part {
        channel_id: venue.channel_id,
        people: venue.people,
        seed: venue.said.unsigned_abs() + u64::try_from(place).expect("there are at most eight"),
        messages: if place == 0 { messages - others * few } else { few },
        from: venue.from,
        to,
    });
    Ok(shares.filter(|part| part.messages > 0).collect())
}
