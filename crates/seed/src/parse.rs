//! Reads a channel's part of the script.
//!
//! ```text
//! == 6 09:02          a scene: six working days ago at 09:02 (UTC); `== -1:30`: 90 minutes ago
//! ana: Good morning.  a line; `| ` goes on with it on a new line
//! > ben: Is it?       a reply to the last line that is no reply; `>>`: shown in the channel too
//! ... 20              twenty minutes pass
//! + 🦀 chi dev        reactions to the last line
//! ~ Good evening.     its author changes it
//! x                   its author deletes it
//! * pin ben           and more that is done with it: see `deed`
//! ```

use clickclack_protocol::time::Millis;

use crate::calendar::{Beginning, HOUR, MINUTE, SECOND};
use crate::cast::{self, call_by_name};
use crate::chance::Chance;
use crate::play::{Deed, Line, Own, Reply};

/// A line of the script that says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("#{part}, line {line}: {what}")]
pub(crate) struct ScriptError {
    part: &'static str,
    line: usize,
    what: String,
}

/// Reads the part of a channel.
pub(crate) fn part(name: &'static str, script: &str) -> Result<Vec<Line>, ScriptError> {
    let mut reader = Reader {
        lines: Vec::new(),
        beginning: None,
        offset: 0,
        root: None,
        chance: Chance::new(name.len() as u64),
    };
    for (number, text) in script.lines().enumerate() {
        let text = text.trim_end();
        if text.is_empty() || text.starts_with("//") {
            continue;
        }
        reader.take(text).map_err(|what| ScriptError { part: name, line: number + 1, what })?;
    }
    Ok(reader.lines)
}

struct Reader {
    lines: Vec<Line>,
    beginning: Option<Beginning>,
    offset: Millis,
    /// The last line that is no reply.
    root: Option<usize>,
    chance: Chance,
}

impl Reader {
    fn take(&mut self, text: &str) -> Result<(), String> {
        let (sign, rest) = text.split_once(' ').unwrap_or((text, ""));
        match sign {
            "==" => {
                self.beginning = Some(beginning(rest).ok_or("no time of a scene")?);
                self.offset = 0;
                self.root = None;
            }
            "..." => {
                let minutes: Millis = rest.parse().map_err(|_| "a pause has minutes")?;
                self.offset += minutes * MINUTE;
            }
            "|" => self.go_on(rest)?,
            "+" => self.react(rest)?,
            "~" => self.last()?.deeds.push(Deed::Edit(call_by_name(rest))),
            "x" => self.last()?.deeds.push(Deed::Delete),
            "*" => self.deed(rest)?,
            ">" | ">>" => {
                let root = self.root.ok_or("a reply to nothing")?;
                self.say(rest, Some(Reply { root, shown: sign == ">>" }))?;
            }
            _ => {
                self.root = Some(self.lines.len());
                self.say(text, None)?;
            }
        }
        Ok(())
    }

    fn say(&mut self, text: &str, root: Option<Reply>) -> Result<(), String> {
        let (handle, said) =
            text.split_once(": ").ok_or_else(|| format!("{text:?} says nothing"))?;
        let by = cast::find(handle).ok_or_else(|| format!("{handle} is not in the cast"))?;
        let beginning = self.beginning.ok_or("a line before the first scene")?;
        let again = self.lines.last().is_some_and(|line| line.by == by);
        self.offset += self.takes(said, again);
        self.lines.push(Line {
            beginning,
            offset: self.offset,
            by,
            text: call_by_name(said),
            root,
            quotes: None,
            label: None,
            deeds: Vec::new(),
        });
        Ok(())
    }

    /// How long somebody needs to write something; who speaks on does not wait to read first.
    fn takes(&mut self, said: &str, again: bool) -> Millis {
        let typing = Millis::try_from(said.len()).unwrap_or(0) * SECOND / 9;
        let thinking = self.chance.below(if again { 15_000 } else { 70_000 });
        4 * SECOND + typing + Millis::try_from(thinking).unwrap_or(0)
    }

    /// Adds a line of text to what was said last, or to what it was changed into.
    fn go_on(&mut self, text: &str) -> Result<(), String> {
        let line = self.last()?;
        let target = match line.deeds.last_mut() {
            Some(Deed::Edit(text)) => text,
            Some(_) => return Err("a line goes on before something is done with it".into()),
            None => &mut line.text,
        };
        target.push('\n');
        target.push_str(&call_by_name(text));
        Ok(())
    }

    fn react(&mut self, text: &str) -> Result<(), String> {
        let (emoji, handles) = text.split_once(' ').ok_or("nobody reacts")?;
        for handle in handles.split(' ') {
            let by = cast::find(handle).ok_or_else(|| format!("{handle} is not in the cast"))?;
            self.last()?.deeds.push(Deed::React { by, emoji: emoji.to_owned() });
        }
        Ok(())
    }

    fn deed(&mut self, text: &str) -> Result<(), String> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let deed = match word {
            "pin" => Deed::Pin { by: cast::find(rest).ok_or("nobody pins it")? },
            "save" => Deed::Own(Own::Save),
            "title" => Deed::Title(rest.to_owned()),
            "lock" => Deed::Lock,
            "read" => Deed::Own(Own::Read),
            "read-thread" => Deed::Own(Own::ReadThread),
            "draft" => Deed::Own(Own::Draft(rest.to_owned())),
            "star" => Deed::Own(Own::Star),
            "label" => {
                self.last()?.label = Some(rest.to_owned());
                return Ok(());
            }
            "quotes" => {
                self.last()?.quotes = Some(rest.to_owned());
                return Ok(());
            }
            _ => return Err(format!("nobody knows how to {word}")),
        };
        self.last()?.deeds.push(deed);
        Ok(())
    }

    fn last(&mut self) -> Result<&mut Line, String> {
        self.lines.last_mut().ok_or_else(|| "nothing was said yet".to_owned())
    }
}

/// `6 09:02` or `-1:30`.
fn beginning(text: &str) -> Option<Beginning> {
    let span = |text: &str| -> Option<Millis> {
        let (hours, minutes) = text.split_once(':')?;
        Some(hours.parse::<Millis>().ok()? * HOUR + minutes.parse::<Millis>().ok()? * MINUTE)
    };
    if let Some(ago) = text.strip_prefix('-') {
        return Some(Beginning::Ago(span(ago)?));
    }
    let (ago, at) = text.split_once(' ')?;
    Some(Beginning::Day { ago: ago.parse().ok()?, at: span(at)? })
}
