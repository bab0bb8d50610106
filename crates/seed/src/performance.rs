//! The performance: what the script says is done, each thing at its time, by the action that the
//! doors would take.

use std::collections::HashMap;

use clickclack_chat::Desk;
use clickclack_chat::drafts::PutDraft;
use clickclack_chat::follows::MarkThreadRead;
use clickclack_chat::messages::{DeleteMessage, EditMessage};
use clickclack_chat::pins::PinMessage;
use clickclack_chat::preferences::UpdateChannelPreferences;
use clickclack_chat::reactions::AddReaction;
use clickclack_chat::reads::MarkRead;
use clickclack_chat::replies::SendReply;
use clickclack_chat::saved::SaveMessage;
use clickclack_chat::sending::SendMessage;
use clickclack_chat::threads::UpdateThread;
use clickclack_protocol::ids::MessageId;

use crate::cast::OWNER;
use crate::clock::StageClock;
use crate::error::SeedError;
use crate::play::{Cue, Deed, Line, Own, Play};
use crate::stage::Stage;

/// Beyond the newest message, which counts as the newest.
const ALL: i64 = i64::MAX;

/// A play under way.
pub(crate) struct Performance<'a> {
    desk: &'a Desk,
    stage: &'a Stage,
    play: &'a Play,
    /// What was said: the messages by channel and line.
    said: HashMap<(usize, usize), MessageId>,
    /// The messages that can be quoted, by their labels.
    labels: HashMap<&'a str, MessageId>,
}

impl<'a> Performance<'a> {
    pub(crate) fn new(desk: &'a Desk, stage: &'a Stage, play: &'a Play) -> Self {
        Self { desk, stage, play, said: HashMap::new(), labels: HashMap::new() }
    }

    /// Plays these moments; how many messages that made.
    pub(crate) async fn run(mut self, clock: &StageClock, cues: &[Cue]) -> Result<u64, SeedError> {
        for cue in cues {
            clock.set(cue.time);
            let line = self.play.line(cue);
            match cue.deed {
                None => self.say(cue, line).await?,
                Some(deed) => self.follow(cue, line, &line.deeds[deed]).await?,
            }
        }
        Ok(u64::try_from(self.said.len()).expect("a play is short"))
    }

    async fn say(&mut self, cue: &Cue, line: &'a Line) -> Result<(), SeedError> {
        let actor = self.stage.person(line.by);
        let nonce = format!("demo-{}-{:04}", cue.place, cue.line);
        let body = line.text.clone();
        let quoted = line.quotes.as_deref().map(|label| self.labels[label]);
        let answer = match line.root {
            None => {
                let channel_id = self.stage.channel(cue.place);
                let message = SendMessage { actor, channel_id, nonce, body, quote_of: quoted };
                self.desk.act(message).await?
            }
            Some(reply) => {
                let (root_id, also_in_channel) = (self.said[&(cue.place, reply.root)], reply.shown);
                let reply =
                    SendReply { actor, root_id, nonce, body, quote_of: quoted, also_in_channel };
                self.desk.act(reply).await?
            }
        };
        self.said.insert((cue.place, cue.line), answer.sent.id);
        if let Some(label) = &line.label {
            self.labels.insert(label, answer.sent.id);
        }
        Ok(())
    }

    /// Does something with a line that was said.
    async fn follow(&self, cue: &Cue, line: &Line, deed: &Deed) -> Result<(), SeedError> {
        let message_id = self.said[&(cue.place, cue.line)];
        let author = self.stage.person(line.by);
        match deed {
            Deed::React { by, emoji } => {
                let (actor, emoji) = (self.stage.person(*by), emoji.clone());
                self.desk.act(AddReaction { actor, message_id, emoji }).await?;
            }
            Deed::Edit(text) => {
                let (actor, body) = (author, text.clone());
                self.desk.act(EditMessage { actor, message_id, body, version: None }).await?;
            }
            Deed::Delete => {
                self.desk.act(DeleteMessage { actor: author, message_id }).await?;
            }
            Deed::Pin { by } => {
                self.desk.act(PinMessage { actor: self.stage.person(*by), message_id }).await?;
            }
            Deed::Title(title) => self.update_thread(cue, line, Some(title.clone()), None).await?,
            Deed::Lock => self.update_thread(cue, line, None, Some(true)).await?,
            Deed::Own(own) => self.follow_own(cue, line, own).await?,
        }
        Ok(())
    }

    /// Does what the owner keeps for themselves.
    async fn follow_own(&self, cue: &Cue, line: &Line, own: &Own) -> Result<(), SeedError> {
        let actor = self.stage.person(OWNER);
        let channel_id = self.stage.channel(cue.place);
        match own {
            Own::Save => {
                let message_id = self.said[&(cue.place, cue.line)];
                self.desk.act(SaveMessage { actor, message_id }).await?;
            }
            Own::Read => {
                self.desk.act(MarkRead { actor, channel_id, seq: ALL }).await?;
            }
            Own::ReadThread => {
                let root_id = self.root(cue, line);
                self.desk.act(MarkThreadRead { actor, root_id, seq: ALL }).await?;
            }
            Own::Draft(text) => {
                let body = text.clone();
                let draft = PutDraft { actor, channel_id, thread_root_id: None, body };
                self.desk.act(draft).await?;
            }
            Own::Star => {
                let (starred, muted) = (Some(true), None);
                let star = UpdateChannelPreferences { actor, channel_id, starred, muted };
                self.desk.act(star).await?;
            }
        }
        Ok(())
    }

    /// Titles or locks the thread that a line began or replies in, as who began it.
    async fn update_thread(
        &self,
        cue: &Cue,
        line: &Line,
        title: Option<String>,
        locked: Option<bool>,
    ) -> Result<(), SeedError> {
        let began = line.root.map_or(line, |reply| &self.play.0[cue.place][reply.root]);
        let (actor, root_id) = (self.stage.person(began.by), self.root(cue, line));
        self.desk.act(UpdateThread { actor, root_id, title, locked, version: None }).await?;
        Ok(())
    }

    /// The message on which the thread of a line hangs.
    fn root(&self, cue: &Cue, line: &Line) -> MessageId {
        self.said[&(cue.place, line.root.map_or(cue.line, |reply| reply.root))]
    }
}
