//! Small talk without end, for histories of any length: sentences put together by chance, of the
//! lengths and shapes that a timeline meets.

use crate::chance::Chance;

const OPENINGS: [&str; 24] = [
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "Good morning. ",
    "Note to self: ",
    "For the record: ",
    "Small thing: ",
    "Before I forget: ",
    "Half a question: ",
    "Update: ",
    "As expected, ",
    "Against all odds, ",
    "Good news: ",
    "Not urgent: ",
    "Late, but: ",
    "Since somebody asked: ",
    "Out of curiosity: ",
    "To be clear, ",
    "Once more, ",
];

const THINGS: [&str; 40] = [
    "the gauge at pier 4",
    "the tide table",
    "the harbour master's spreadsheet",
    "the berth planner",
    "the importer",
    "the export",
    "the night build",
    "the staging database",
    "the map layer",
    "the login page",
    "the onboarding mail",
    "the second buoy",
    "the pressure sensor",
    "the invoice template",
    "the changelog",
    "the API client",
    "the retry queue",
    "the cache",
    "the settings screen",
    "the chart renderer",
    "the ferry timetable",
    "the storm warning",
    "the test harbour",
    "the migration",
    "the webhook",
    "the time zone code",
    "the Rotterdam pilot",
    "the offline mode",
    "the search box",
    "the release branch",
    "the print view",
    "the dark theme",
    "the mobile layout",
    "the backup script",
    "the forecast model",
    "the lock gate",
    "the ballast form",
    "the unit converter",
    "the phone on the wall",
    "the coffee machine",
];

const DOINGS: [&str; 40] = [
    "works again",
    "is slower than yesterday",
    "passes all its tests",
    "has an opinion about commas",
    "needs a second pair of eyes",
    "is waiting for review",
    "went out this morning",
    "no longer blinks",
    "counts twice on Tuesdays",
    "is half the size it was",
    "survived a restart",
    "has been renamed, sorry",
    "now says please",
    "is off by one metre",
    "agrees with the almanac",
    "refuses empty input",
    "accepts empty input, which is worse",
    "has a test now",
    "can be deleted, I think",
    "must not be deleted, I was wrong",
    "is documented",
    "speaks Portuguese",
    "does what the customer asked for",
    "does what the customer meant",
    "will move to next week",
    "is blocked by a ferry",
    "hums",
    "is cheaper than we thought",
    "has its own dashboard",
    "was never plugged in",
    "starts in under a second",
    "uses a third of the memory",
    "is green on every machine but mine",
    "looks right on paper",
    "wants a password again",
    "rounds the wrong way",
    "is ready for Thursday",
    "rusts",
    "sends one mail instead of nine",
    "is fine, as far as anybody can see",
];

const TAILS: [&str; 32] = [
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "Details tomorrow.",
    "I will write it up.",
    "Nobody touched it, which is suspicious.",
    "Measured twice.",
    "Somebody owes me a biscuit.",
    "The log is long and boring.",
    "I would leave it like that.",
    "Objections until noon.",
    "The old way stays until Friday.",
    "We have a photo.",
    "It was the cable.",
    "It was not the cable.",
    "The fix is one line, finding it was not.",
    "More after lunch.",
    "I left a note in the code.",
    "The customer has not noticed.",
    "The customer has noticed.",
    "Low tide is at four, so be quick.",
    "I am not proud of it.",
    "I am a little proud of it.",
    "Please try to break it.",
    "Three people tried to break it.",
    "It can wait.",
    "It cannot wait.",
];

const ANSWERS: [&str; 28] = [
    "Yes.",
    "No.",
    "Seen.",
    "On it.",
    "After lunch.",
    "That explains the noise.",
    "Thank you!",
    "Which one?",
    "Both.",
    "Neither, sadly.",
    "Let us not.",
    "Let us.",
    "Works here.",
    "Since when?",
    "Since always.",
    "🦀",
    "👍",
    "I would rather not say.",
    "Good catch.",
    "Then it is settled.",
    "Can it wait until Monday?",
    "It says so in the manual.",
    "There is a manual?",
    "Merged.",
    "Reverted.",
    "Merged again.",
    "Ask the gauge.",
    "Noted.",
];

const SNIPPETS: [&str; 8] = [
    "```sql\nSELECT station, MAX(height_mm)\nFROM readings\nWHERE taken_at > $1\nGROUP BY station;\n```",
    "```rust\nlet height = reading.height_mm - station.chart_datum_mm;\nassert!(height.abs() < 20_000, \"nobody has tides like that\");\n```",
    "```sh\nebb export --station pier-4 --since yesterday | sort -u | wc -l\n```",
    "```json\n{ \"station\": \"pier-4\", \"height_mm\": 3120, \"trend\": \"falling\" }\n```",
    "```ts\nconst rising = readings.filter((r, i) => i > 0 && r.height > readings[i - 1].height);\n```",
    "```toml\n[gauge]\ninterval_s = 60\nunit = \"mm\"\n```",
    "```python\nfor reading in readings:\n    if reading.height_mm < 0:\n        print(reading.station, \"is a desert now\")\n```",
    "```diff\n- timeout = 30\n+ timeout = 31\n```",
];

/// Says one thing after the other.
#[derive(Debug)]
pub(crate) struct Crowd {
    people: usize,
    chance: Chance,
    last: usize,
}

impl Crowd {
    /// A crowd of so many people, at least one. Another seed, another talk.
    pub(crate) fn new(people: usize, seed: u64) -> Self {
        Self { people, chance: Chance::new(seed), last: 0 }
    }

    /// Who says what next.
    pub(crate) fn next(&mut self) -> (usize, String) {
        // People often say two things in a row.
        if self.chance.below(5) < 3 {
            self.last = self.chance.below(self.people);
        }
        (self.last, self.say())
    }

    fn say(&mut self) -> String {
        match self.chance.below(100) {
            0..18 => (*self.chance.one_of(&ANSWERS)).to_owned(),
            18..78 => self.sentence(),
            78..88 => format!("{} {}", self.sentence(), self.sentence()),
            88..92 => (0..6).map(|_| self.sentence()).collect::<Vec<_>>().join(" "),
            92..95 => (0..4).fold("What is left:".to_owned(), |list, _| {
                let (thing, doing) = (self.chance.one_of(&THINGS), self.chance.one_of(&DOINGS));
                format!("{list}\n- {thing} {doing}")
            }),
            95..97 => format!("{}\n{}", self.sentence(), self.chance.one_of(&SNIPPETS)),
            97 => format!("> {}\n\n{}", self.sentence(), self.chance.one_of(&ANSWERS)),
            98 => format!(
                "**{}** See https://tidepool.example/notes/{}",
                self.sentence(),
                self.number()
            ),
            _ => format!("{} is at `{}` of {} now.", self.thing(), self.number(), self.number()),
        }
    }

    fn sentence(&mut self) -> String {
        let (opening, thing) = (self.chance.one_of(&OPENINGS), self.chance.one_of(&THINGS));
        let (doing, tail) = (self.chance.one_of(&DOINGS), self.chance.one_of(&TAILS));
        let said = format!("{opening}{thing} {doing}. {tail}");
        capital(said.trim_end())
    }

    fn thing(&mut self) -> String {
        let thing: &str = self.chance.one_of::<&str>(&THINGS);
        capital(thing)
    }

    fn number(&mut self) -> usize {
        self.chance.below(9_000) + 100
    }
}

/// The text with a capital letter at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_crowd_repeats_itself_only_with_its_seed() {
        let hear = |seed| {
            let mut crowd = Crowd::new(5, seed);
            (0..200).map(|_| crowd.next()).collect::<Vec<_>>()
        };
        assert_eq!(hear(1), hear(1));
        assert_ne!(hear(1), hear(2));
    }

    #[test]
    fn everybody_speaks_and_long_texts_are_seldom_the_same() {
        let mut crowd = Crowd::new(5, 1);
        let heard: Vec<_> = (0..10_000).map(|_| crowd.next()).collect();
        let people: HashSet<_> = heard.iter().map(|(by, _)| by).collect();
        assert_eq!(people.len(), 5);
        let long: Vec<_> =
            heard.iter().map(|(_, text)| text).filter(|text| text.len() > 40).collect();
        let different: HashSet<_> = long.iter().collect();
        assert!(different.len() * 10 > long.len() * 9, "{} of {}", different.len(), long.len());
        assert!(heard.iter().all(|(_, text)| !text.trim().is_empty()));
    }
}
