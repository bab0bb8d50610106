//! Whom a text speaks to, before anybody is looked up: what stands behind an `@` outside of code.
//!
//! A person is `<@usr_…>`, or an `@` and their whole name, which becomes the former; everybody is
//! `@channel` or `@here`. What is code, and what is escaped, is for Markdown to say.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use clickclack_protocol::api::{MentionsEveryone, User};
use clickclack_protocol::ids::UserId;
use clickclack_protocol::limits;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// Where a name can end behind one `@`: more words than a name has.
const ENDS: usize = 16;
/// `usr_` and a ULID.
const ID_BYTES: usize = 30;

/// What a text says behind its `@`s.
#[derive(Debug, Default)]
pub(crate) struct Naming {
    spots: Vec<Spot>,
    everyone: Option<MentionsEveryone>,
}

/// A place where somebody may be named.
#[derive(Debug)]
enum Spot {
    /// `<@usr_…>`: who.
    Id(UserId),
    /// An `@`: where it stands and where a name behind it can end, the nearest first.
    Name { at: usize, ends: Vec<usize> },
}

/// People by their names in lower case; nobody where several have the name.
pub(crate) type ByName = HashMap<String, Option<User>>;

impl Naming {
    /// Reads a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut naming = Self::default();
        for range in prose(text) {
            naming.read(text, &range);
        }
        naming
    }

    /// Whether the text calls everybody, and how.
    pub(crate) fn everyone(&self) -> Option<MentionsEveryone> {
        self.everyone
    }

    /// The ids that stand in the text.
    pub(crate) fn ids(&self) -> BTreeSet<UserId> {
        let id = |spot: &Spot| if let Spot::Id(id) = spot { Some(*id) } else { None };
        self.spots.iter().filter_map(id).collect()
    }

    /// All that may be a name, in lower case.
    pub(crate) fn names(&self, text: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for spot in &self.spots {
            if let Spot::Name { at, ends } = spot {
                names.extend(ends.iter().map(|end| folded(text, *at, *end)));
            }
        }
        names
    }

    /// The text with every name made an id, and the people in it, in the order of their ids.
    pub(crate) fn settle(
        &self,
        text: &str,
        by_id: &HashMap<UserId, User>,
        by_name: &ByName,
    ) -> (String, Vec<User>) {
        let mut people = BTreeMap::new();
        let mut body = String::with_capacity(text.len());
        let mut copied = 0;
        for spot in &self.spots {
            let found = match spot {
                Spot::Id(id) => by_id.get(id).map(|user| (user, None)),
                Spot::Name { at, ends } => {
                    longest(text, *at, ends, by_name).map(|(user, end)| (user, Some(*at..end)))
                }
            };
            let Some((user, place)) = found else { continue };
            if people.len() >= limits::MENTIONS && !people.contains_key(&user.id) {
                continue;
            }
            people.insert(user.id, user.clone());
            if let Some(place) = place {
                body.push_str(&text[copied..place.start]);
                body.push_str("<@");
                body.push_str(&user.id.to_string());
                body.push('>');
                copied = place.end;
            }
        }
        body.push_str(&text[copied..]);
        (body, people.into_values().collect())
    }

    fn read(&mut self, text: &str, range: &Range<usize>) {
        let mut from = range.start;
        while let Some(found) = text[from..range.end].find('@') {
            let at = from + found;
            from = at + 1;
            if let Some((id, end)) = marked(text, range, at) {
                self.add(Spot::Id(id));
                from = end;
            } else if stands_alone(text, range, at) {
                let rest = line(&text[from..range.end]);
                if let Some(everyone) = everyone(rest) {
                    // Everybody who has joined are more than those of them who are here.
                    self.everyone = Some(match self.everyone {
                        Some(MentionsEveryone::Channel) => MentionsEveryone::Channel,
                        _ => everyone,
                    });
                } else {
                    let ends: Vec<_> = ends(rest).map(|end| from + end).collect();
                    if !ends.is_empty() {
                        self.add(Spot::Name { at, ends });
                    }
                }
            }
        }
    }

    /// What lies beyond the bound stays text.
    fn add(&mut self, spot: Spot) {
        let names = |spot: &&Spot| matches!(spot, Spot::Name { .. });
        let full = match &spot {
            Spot::Id(_) => self.spots.len() >= 2 * limits::MENTIONS,
            Spot::Name { .. } => self.spots.iter().filter(names).count() >= limits::MENTIONS,
        };
        if !full {
            self.spots.push(spot);
        }
    }
}

/// The stretches of a text that people read as words: not code, not addresses.
fn prose(text: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut is_code = false;
    let mut is_address = false;
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Start(Tag::Link { link_type, .. }) => {
                is_address = matches!(link_type, LinkType::Autolink | LinkType::Email);
            }
            Event::End(TagEnd::Link) => is_address = false,
            // Tags are shown as they were typed.
            Event::Text(_) | Event::Html(_) | Event::InlineHtml(_) if !is_code && !is_address => {
                match ranges.last_mut() {
                    Some(last) if last.end == range.start => last.end = range.end,
                    _ => ranges.push(range),
                }
            }
            _ => {}
        }
    }
    ranges
}

/// The id in `<@usr_…>` around an `@`, and where it ends.
fn marked(text: &str, range: &Range<usize>, at: usize) -> Option<(UserId, usize)> {
    let opening = at.checked_sub(1).filter(|opening| *opening >= range.start)?;
    if text.as_bytes()[opening] != b'<' || is_escaped(text, range, opening) {
        return None;
    }
    let end = at + 1 + ID_BYTES;
    let id = text.get(at + 1..end).filter(|_| text[..range.end].get(end..end + 1) == Some(">"))?;
    Some((id.parse().ok()?, end + 1))
}

/// Whether an `@` begins a word: that of an e-mail address does not.
fn stands_alone(text: &str, range: &Range<usize>, at: usize) -> bool {
    // What stands before the stretch is markup, not a word.
    let before = text[range.start..at].chars().next_back();
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '@' | '/' | '.' | ':' | '=');
    !is_escaped(text, range, at) && !before.is_some_and(joins)
}

/// A backslash that escapes is no text itself, so a stretch begins behind it.
fn is_escaped(text: &str, range: &Range<usize>, at: usize) -> bool {
    at == range.start && text[..at].ends_with('\\')
}

/// As much of a line as a name can be, and the character after it.
fn line(text: &str) -> &str {
    let most = text.char_indices().nth(limits::NAME_CHARS + 1).map_or(text.len(), |(end, _)| end);
    text[..most].split(['\n', '\r']).next().unwrap_or_default()
}

fn everyone(rest: &str) -> Option<MentionsEveryone> {
    let words = [("channel", MentionsEveryone::Channel), ("here", MentionsEveryone::Here)];
    let found = words.into_iter().find(|(word, _)| {
        let after = rest.strip_prefix(word).map(|after| after.trim_start_matches('-'));
        after.is_some_and(|after| !after.starts_with(is_word))
    });
    found.map(|(_, everyone)| everyone)
}

/// Where a name at the beginning of a text can end: at the end of each word, and behind each sign.
fn ends(rest: &str) -> impl Iterator<Item = usize> {
    let most = rest.char_indices().nth(limits::NAME_CHARS).map_or(rest.len(), |(end, _)| end);
    let chars = rest[..most].char_indices();
    let ends = chars.filter_map(move |(start, c)| {
        let end = start + c.len_utf8();
        let goes_on = is_word(c) && rest[end..].starts_with(is_word);
        (!c.is_whitespace() && !goes_on).then_some(end)
    });
    let begins = rest.starts_with(|c: char| !c.is_whitespace());
    ends.take(if begins { ENDS } else { 0 })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn folded(text: &str, at: usize, end: usize) -> String {
    text[at + 1..end].to_lowercase()
}

/// Who has the longest name behind an `@`. Where several have it, nobody is named: a shorter name
/// in it is not who was meant.
fn longest<'a>(
    text: &str,
    at: usize,
    ends: &[usize],
    by_name: &'a ByName,
) -> Option<(&'a User, usize)> {
    let known = ends
        .iter()
        .rev()
        .find_map(|end| by_name.get(&folded(text, at, *end)).map(|user| (user.as_ref(), *end)));
    known.and_then(|(user, end)| Some((user?, end)))
}

#[cfg(test)]
mod tests {
    use clickclack_protocol::api::UserKind;

    use super::*;

    fn user(number: u64, name: &str) -> User {
        let id = format!("usr_{number:026}").parse().unwrap();
        User { id, name: name.to_owned(), kind: UserKind::Human, deactivated: false }
    }

    fn people() -> Vec<User> {
        vec![
            user(1, "Ana"),
            user(2, "Ana Ruiz"),
            user(3, "Ben"),
            user(4, "Ben"),
            user(5, "Zoë O'Neil"),
            user(6, "snake_case"),
            user(7, "R2.D2"),
        ]
    }

    /// The text as it is kept, with the numbers of the people in braces, and the same of those who
    /// are named.
    fn settled(text: &str) -> (String, Vec<String>) {
        let people = people();
        let by_id = people.iter().map(|user| (user.id, user.clone())).collect();
        let mut by_name = ByName::new();
        for user in &people {
            by_name
                .entry(user.name.to_lowercase())
                .and_modify(|known| *known = None)
                .or_insert_with(|| Some(user.clone()));
        }
        let (body, named) = Naming::of(text).settle(text, &by_id, &by_name);
        (body, named.into_iter().map(|user| user.name).collect())
    }

    fn names(text: &str) -> Vec<String> {
        settled(text).1
    }

    fn everyone(text: &str) -> Option<MentionsEveryone> {
        Naming::of(text).everyone()
    }

    #[test]
    fn a_whole_name_becomes_an_id() {
        let (ana, ruiz) = (user(1, "").id, user(2, "").id);
        for (text, body) in [
            ("@Ana: look", format!("<@{ana}>: look")),
            ("hello @ana ruiz!", format!("hello <@{ruiz}>!")),
            ("(@ANA)", format!("(<@{ana}>)")),
            ("**@Ana** and _@Ana Ruiz_", format!("**<@{ana}>** and _<@{ruiz}>_")),
            ("> @Ana\n\n- @Ana", format!("> <@{ana}>\n\n- <@{ana}>")),
            ("@Ana\nRuiz", format!("<@{ana}>\nRuiz")),
            ("| @Ana |", format!("| <@{ana}> |")),
            ("<b>@Ana</b>", format!("<b><@{ana}></b>")),
            ("[@Ana](https://x.example)", format!("[<@{ana}>](https://x.example)")),
        ] {
            assert_eq!(settled(text).0, body);
        }
    }

    #[test]
    fn the_longest_name_wins_and_a_name_of_two_is_nobodys() {
        assert_eq!(names("@Ana Ruiz"), ["Ana Ruiz"]);
        assert_eq!(names("@Ana Ruizo"), ["Ana"]);
        assert_eq!(names("@Ben"), [""; 0]);
        assert_eq!(names("@zoë o'neil's"), ["Zoë O'Neil"]);
        assert_eq!(names("@snake_case, @R2.D2."), ["snake_case", "R2.D2"]);
        assert_eq!(names("@Anabel @An @Ana_ @nobody"), [""; 0]);
    }

    #[test]
    fn nobody_is_named_in_code_or_addresses_or_behind_a_backslash() {
        let id = user(1, "").id;
        for text in [
            "`@Ana`",
            "``a ` @Ana``",
            "```\n@Ana\n```",
            "~~~rust\n@Ana\n",
            "    @Ana",
            "- a\n\n      @Ana",
            "\\@Ana",
            "ana@Ana",
            "@@Ana",
            "https://x.example/@Ana",
            "<https://x.example?@Ana>",
            "<mail@Ana.example>",
            "@ Ana",
        ] {
            assert_eq!(settled(text), (text.to_owned(), vec![]), "{text:?}");
        }
        for text in [format!("`<@{id}>`"), format!("\\<@{id}>"), format!("    <@{id}>")] {
            assert_eq!(settled(&text), (text.clone(), vec![]), "{text:?}");
        }
        assert_eq!(names("an unclosed ` @Ana"), ["Ana"]);
        assert_eq!(names("\\\\ @Ana"), ["Ana"]);
    }

    #[test]
    fn an_id_names_who_is_known_and_stays_text_otherwise() {
        let (ana, stranger) = (user(1, "").id, user(99, "").id);
        let text = format!("<@{ana}><@{stranger}> <@usr_x> *<@{ana}>*");
        assert_eq!(settled(&text), (text.clone(), vec!["Ana".to_owned()]));
    }

    #[test]
    fn everybody_is_a_whole_word_outside_of_code() {
        assert_eq!(everyone("@channel"), Some(MentionsEveryone::Channel));
        assert_eq!(everyone("hi @here!"), Some(MentionsEveryone::Here));
        assert_eq!(everyone("@here and @channel, @here"), Some(MentionsEveryone::Channel));
        for text in ["@channels", "`@here`", "@Here", "a@here", "\\@channel", "@here-ish", "@ here"]
        {
            assert_eq!(everyone(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_message_names_only_so_many() {
        let text = "@Ana ".repeat(3_000);
        let (body, named) = settled(&text);
        assert_eq!(named, ["Ana"]);
        assert_eq!(body.matches("<@").count(), limits::MENTIONS);
        assert!(Naming::of(&"@a b c d ".repeat(2_000)).names(&text).len() <= 50 * ENDS);
    }
}
