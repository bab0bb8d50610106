//! The play: what everybody says and does, and when.

use clickclack_protocol::time::Millis;

use crate::calendar::Beginning;
use crate::parse::{self, ScriptError};
use crate::set::PLACES;

/// Something somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) beginning: Beginning,
    /// Milliseconds after the beginning of the scene.
    pub(crate) offset: Millis,
    /// Whose line, by place in the cast.
    pub(crate) by: usize,
    pub(crate) text: String,
    /// The line that this one replies to, by place in the channel's part.
    pub(crate) root: Option<Reply>,
    /// The line that this one quotes, by its label; of any channel.
    pub(crate) quotes: Option<String>,
    /// The name under which others quote it.
    pub(crate) label: Option<String>,
    /// What becomes of it, in this order.
    pub(crate) deeds: Vec<Deed>,
}

/// Where a reply stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The line that began the thread.
    pub(crate) root: usize,
    /// Whether it is shown in the channel too.
    pub(crate) shown: bool,
}

/// Something done with a line after it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Somebody reacts.
    React { by: usize, emoji: String },
    /// Its author puts it otherwise.
    Edit(String),
    /// Its author takes it back.
    Delete,
    /// Somebody pins it.
    Pin { by: usize },
    /// Who began its thread gives it a title.
    Title(String),
    /// Who began its thread locks it.
    Lock,
    /// The owner does something for themselves.
    Own(Own),
}

/// Something that only the owner sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Own {
    /// The message is saved.
    Save,
    /// The channel is read up to now.
    Read,
    /// The thread is read up to now.
    ReadThread,
    /// A text in the channel is begun.
    Draft(String),
    /// The channel is starred.
    Star,
}

/// A moment of the play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cue {
    pub(crate) time: Millis,
    /// The channel, by place in the set.
    pub(crate) place: usize,
    /// The line, by place in the channel's part.
    pub(crate) line: usize,
    /// What is done with the line, by place; nothing while it is only said.
    pub(crate) deed: Option<usize>,
}

/// The whole play, one part a channel.
#[derive(Debug)]
pub(crate) struct Play(pub(crate) Vec<Vec<Line>>);

/// How long after a line the first deed follows, and the next after that.
const DEED_AFTER: Millis = 21_700;

impl Play {
    /// Reads the script.
    pub(crate) fn read() -> Result<Self, ScriptError> {
        let parts = PLACES.iter().map(|place| parse::part(place.name, place.script));
        Ok(Self(parts.collect::<Result<_, _>>()?))
    }

    /// Everything that happens, in order, none of it after the present.
    pub(crate) fn cues(&self, now: Millis) -> Vec<Cue> {
        let mut cues = Vec::new();
        for (place, lines) in self.0.iter().enumerate() {
            for (line, said) in lines.iter().enumerate() {
                let mut time = said.beginning.time(now) + said.offset;
                cues.push(Cue { time: time.min(now), place, line, deed: None });
                for deed in 0..said.deeds.len() {
                    time += DEED_AFTER;
                    cues.push(Cue { time: time.min(now), place, line, deed: Some(deed) });
                }
            }
        }
        // Stable: of one moment, a line comes before what is done with it.
        cues.sort_by_key(|cue| cue.time);
        cues
    }

    /// The line of a cue.
    pub(crate) fn line(&self, cue: &Cue) -> &Line {
        &self.0[cue.place][cue.line]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use clickclack_protocol::api::{ChannelKind, Role};
    use clickclack_protocol::time::{from_wire, to_wire};

    use super::*;
    use crate::calendar::{EVENING, HOUR, TODAY};
    use crate::cast::{CAST, OWNER};

    fn play() -> Play {
        Play::read().unwrap()
    }

    /// Every line with its channel.
    fn lines(play: &Play) -> impl Iterator<Item = (usize, &Line)> {
        play.0
            .iter()
            .enumerate()
            .flat_map(|(place, part)| part.iter().map(move |line| (place, line)))
    }

    #[test]
    fn a_thousand_things_are_said_and_one_thread_is_long() {
        let play = play();
        let said = lines(&play).count();
        assert!((1_000..1_500).contains(&said), "{said}");
        let longest = play.0.iter().flat_map(|part| {
            let mut replies: HashMap<usize, usize> = HashMap::new();
            for reply in part.iter().filter_map(|line| line.root) {
                *replies.entry(reply.root).or_default() += 1;
            }
            replies.into_values()
        });
        assert!(longest.max().unwrap() > 100);
    }

    #[test]
    fn everybody_speaks_and_acts_only_where_they_are() {
        for (place, line) in lines(&play()) {
            let place = &PLACES[place];
            let acts = line.deeds.iter().filter_map(|deed| match deed {
                Deed::React { by, .. } | Deed::Pin { by } => Some(*by),
                Deed::Own(_) => Some(OWNER),
                Deed::Edit(_) | Deed::Delete | Deed::Title(_) | Deed::Lock => None,
            });
            for by in acts.chain([line.by]) {
                let handle = CAST[by].handle;
                let is_in = place.maker == handle || place.people.contains(&handle);
                assert!(is_in, "{handle} is not in #{}: {}", place.name, line.text);
            }
        }
        for (by, player) in CAST.iter().enumerate() {
            let play = play();
            assert!(lines(&play).any(|(_, line)| line.by == by), "{} is silent", player.name);
        }
    }

    #[test]
    fn nobody_says_the_same_twice_or_reacts_twice_in_the_same_way() {
        let play = play();
        let mut said = HashSet::new();
        for (_, line) in lines(&play) {
            let is_short = line.text.chars().count() < 16;
            assert!(is_short || said.insert(&line.text), "said twice: {}", line.text);
            let mut reactions = HashSet::new();
            for deed in &line.deeds {
                if let Deed::React { by, emoji } = deed {
                    assert!(reactions.insert((by, emoji)), "{emoji} twice: {}", line.text);
                    assert!(!emoji.is_ascii(), "{emoji} is no emoji: {}", line.text);
                }
            }
        }
    }

    #[test]
    fn what_is_quoted_was_said_before() {
        let play = play();
        let now = from_wire("2026-11-20T16:00:00.000Z").unwrap();
        let time = |line: &Line| line.beginning.time(now) + line.offset;
        let labels: HashMap<_, _> = lines(&play)
            .filter_map(|(place, line)| Some((line.label.as_ref()?, (place, time(line)))))
            .collect();
        for (_, line) in lines(&play) {
            if let Some(label) = &line.quotes {
                let (place, then) = labels[label];
                assert!(then < time(line), "{label}");
                let is_in = PLACES[place].people.contains(&CAST[line.by].handle);
                let is_guest = CAST[line.by].role == Role::Guest;
                let is_public = PLACES[place].kind == ChannelKind::Public;
                assert!(is_in || (is_public && !is_guest), "{label} is not seen by who quotes it");
            }
        }
    }

    #[test]
    fn scenes_follow_one_another_and_the_last_ends_before_the_present() {
        let play = play();
        for hour in 0..7 * 24 {
            let now = from_wire("2026-11-16T00:00:00.000Z").unwrap() + hour * HOUR;
            for (place, part) in play.0.iter().enumerate() {
                let mut before = 0;
                for line in part {
                    let begins = line.beginning.time(now);
                    let at = begins + line.offset;
                    let what = format!("#{} at {}: {}", PLACES[place].name, to_wire(at), line.text);
                    assert!(at < now, "in the future: {what}");
                    if let Beginning::Day { .. } = line.beginning {
                        assert!(at % (24 * HOUR) < EVENING, "late at night: {what}");
                    } else {
                        assert!(now - begins <= TODAY, "too early for today: {what}");
                    }
                    // A thread goes on beside the scenes.
                    if line.root.is_none() {
                        assert!(at > before, "before the line above it: {what}");
                        before = at;
                    }
                }
            }
        }
    }

    #[test]
    fn a_line_comes_before_what_is_done_with_it() {
        let play = play();
        let now = from_wire("2026-11-20T16:00:00.000Z").unwrap();
        let cues = play.cues(now);
        assert!(cues.is_sorted_by_key(|cue| cue.time));
        assert!(cues.last().unwrap().time <= now);
        let mut done = HashMap::new();
        for cue in cues {
            let next: &mut Option<usize> = done.entry((cue.place, cue.line)).or_default();
            assert_eq!(cue.deed, *next);
            *next = Some(next.map_or(0, |deed| deed + 1));
        }
    }
}
