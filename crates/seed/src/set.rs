//! Where it plays: the channels of the demo workspace, each with its part of the script.

use clickclack_protocol::api::ChannelKind;

/// A channel.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) kind: ChannelKind,
    pub(crate) topic: &'static str,
    /// Who made it.
    pub(crate) maker: &'static str,
    /// Who is in it, besides who made it.
    pub(crate) people: &'static [&'static str],
    /// What is said there, for [`crate::parse`].
    pub(crate) script: &'static str,
}

const TEAM: &[&str] =
    &["ana", "ben", "chi", "dev", "eli", "fatou", "goran", "hana", "ines", "leila", "mateo"];

/// The channels. Every workspace begins with the first.
pub(crate) const PLACES: [Place; 8] = [
    Place {
        name: "general",
        kind: ChannelKind::Public,
        topic: "Everybody, about everything that has no better place.",
        maker: "ana",
        people: &[
            "ben", "chi", "dev", "eli", "fatou", "goran", "hana", "ines", "leila", "mateo",
            "shipbot",
        ],
        script: include_str!("../script/general.txt"),
    },
    Place {
        name: "release",
        kind: ChannelKind::Public,
        topic: "Ship on Thursdays. Freeze at 14:00.",
        maker: "ben",
        people: &["ana", "chi", "dev", "eli", "fatou", "goran", "hana", "ines", "mateo", "shipbot"],
        script: include_str!("../script/release.txt"),
    },
    Place {
        name: "design-critique",
        kind: ChannelKind::Public,
        topic: "Bring it while it is still ugly.",
        maker: "hana",
        people: &["ana", "ines", "goran", "mateo", "fatou", "chi"],
        script: include_str!("../script/design-critique.txt"),
    },
    Place {
        name: "founders",
        kind: ChannelKind::Private,
        topic: "Money, contracts, and who waters the plants.",
        maker: "ana",
        people: &["leila", "ben"],
        script: include_str!("../script/founders.txt"),
    },
    Place {
        name: "ops-alerts",
        kind: ChannelKind::Public,
        topic: "If it pages twice, it gets a runbook. Runbooks: https://runbooks.tidepool.example",
        maker: "eli",
        people: &["ana", "ben", "chi", "dev", "mateo", "shipbot"],
        script: include_str!("../script/ops-alerts.txt"),
    },
    Place {
        name: "help",
        kind: ChannelKind::Public,
        topic: "No question is too small. Some answers are.",
        maker: "fatou",
        people: &[
            "ana", "ben", "chi", "dev", "eli", "goran", "hana", "ines", "leila", "mateo", "kalani",
        ],
        script: include_str!("../script/help.txt"),
    },
    Place {
        name: "random",
        kind: ChannelKind::Public,
        topic: "Lunch, weather, and the printer.",
        maker: "mateo",
        people: TEAM,
        script: include_str!("../script/random.txt"),
    },
    Place {
        name: "crustaceans",
        kind: ChannelKind::Public,
        topic: "Ten legs or it did not happen. 🦀🦞🦐",
        maker: "mateo",
        people: &[
            "ana", "ben", "chi", "dev", "eli", "fatou", "goran", "hana", "ines", "kalani", "leila",
        ],
        script: include_str!("../script/crustaceans.txt"),
    },
];
