//! The names of the settings, one table for flags, environment, file and documentation.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its flag without the dashes; the file's name has underscores, the environment's is
    /// `CLICKCLACK_` and upper case.
    pub name: &'static str,
    /// What stands for its value in the help.
    pub value: &'static str,
    /// What it is.
    pub help: &'static str,
    /// Used when nobody says anything.
    pub default: Option<&'static str>,
    /// How it is given.
    pub shape: Shape,
    /// Never shown in full.
    pub is_secret: bool,
}

/// How a setting is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    One,
    /// Several: the flag again, or separated by commas.
    Many,
    /// There or not.
    Flag,
}

impl Key {
    /// Its name in the environment.
    pub fn variable(&self) -> String {
        format!("CLICKCLACK_{}", self.name.to_uppercase().replace('-', "_"))
    }

    /// Its name in the file.
    pub fn entry(&self) -> String {
        self.name.replace('-', "_")
    }
}

const fn one(
    name: &'static str,
    value: &'static str,
    default: Option<&'static str>,
    help: &'static str,
) -> Key {
    Key { name, value, help, default, shape: Shape::One, is_secret: false }
}

/// Every setting.
pub const KEYS: &[Key] = &[
    Key {
        is_secret: true,
        ..one("db", "URL", None, "Database: sqlite://PATH or postgres://… [default: in --data]")
    },
    one("data", "DIR", Some("clickclack-data"), "Folder for everything the server keeps"),
    one("addr", "ADDR", Some("127.0.0.1:8080"), "Address and port to listen on"),
    one("public-url", "URL", None, "Address that people open, https://chat.example"),
    one("tls-cert", "FILE", None, "Certificate chain (PEM), to serve TLS without a proxy"),
    one("tls-key", "FILE", None, "Private key (PEM) of the certificate"),
    Key {
        shape: Shape::Many,
        ..one(
            "trusted-proxy",
            "CIDR",
            None,
            "Proxy whose X-Forwarded-For is believed, an address or a network",
        )
    },
    Key {
        is_secret: true,
        ..one("smtp-url", "URL", None, "Mail server: smtp(s)://user:password@host:port")
    },
    one("mail-from", "ADDRESS", None, "Sender of the server's mail"),
    Key {
        shape: Shape::Flag,
        ..one("dev", "", Some("false"), "Let people on this machine in as the demo administrator")
    },
    one("log", "FILTER", Some("info"), "What is logged, for instance info,clickclack_api=debug"),
    one("log-format", "FORMAT", Some("text"), "text or json"),
    one(
        "credential-rate",
        "N",
        Some("20"),
        "Tries at signing in a minute, per address and per account; 0 for any number",
    ),
    one(
        "request-rate",
        "N",
        Some("3000"),
        "Requests a minute, per address and per session; 0 for any number",
    ),
];

/// The setting of a name.
pub fn by_name(name: &str) -> &'static Key {
    KEYS.iter().find(|key| key.name == name).expect("settings are asked for by names of the table")
}
