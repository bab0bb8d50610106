//! Settings: what they are, where they come from (flags, then environment, then file, then
//! default) and what they mean.

pub mod keys;
pub mod sources;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::auth::origin::PublicUrl;
use crate::auth::peer::Network;
use sources::Settings;

/// A setting that cannot be used as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {message}")]
pub struct ConfigError {
    /// The setting's name.
    pub key: &'static str,
    /// What is wrong with it, for the operator.
    pub message: String,
}

impl ConfigError {
    fn new(key: &'static str, message: impl Into<String>) -> Self {
        Self { key, message: message.into() }
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Files of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, PEM.
    pub cert: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// How mail is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// `smtp://` or `smtps://`, with the account in it.
    pub smtp_url: String,
    /// The sender's address.
    pub from: String,
}

/// How many requests are answered, each a minute; 0 is any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Tries at signing in, per address and per account.
    pub credentials: u32,
    /// Requests of any kind, per address and per session.
    pub requests: u32,
}

/// What a password costs to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hardness {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Hardness {
    /// OWASP's figures for argon2id.
    pub const OWASP: Self = Self { memory_kib: 19 * 1024, passes: 2 };
}

/// The settings of a server, read and checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The database, `sqlite://PATH` or `postgres://…`.
    pub db: String,
    /// Where files are kept.
    pub data: PathBuf,
    /// Where the server listens.
    pub addr: SocketAddr,
    /// The address that people know it by.
    pub public_url: Option<PublicUrl>,
    /// Serve TLS itself.
    pub tls: Option<TlsFiles>,
    /// Proxies whose word about the client's address is believed.
    pub trusted_proxies: Vec<Network>,
    /// How mail is sent; without it the server sends none.
    pub mail: Option<MailSettings>,
    /// Sign in as the demo administrator on loopback.
    pub dev: bool,
    /// What is logged, in the syntax of `tracing`'s filters.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// Rate limits.
    pub rates: Rates,
    /// What a password costs to check. Not a setting: only tests make it cheaper.
    pub hardness: Hardness,
}

impl Config {
    /// Reads the settings that are in force.
    pub fn from_settings(settings: &Settings) -> Result<Self, ConfigError> {
        let data = PathBuf::from(settings.value("data"));
        let db = settings.database();
        if !["sqlite://", "postgres://", "postgresql://"].iter().any(|kind| db.starts_with(kind)) {
            return Err(ConfigError::new("db", "must be sqlite://PATH or postgres://…"));
        }
        let config = Self {
            db,
            data,
            addr: parsed(settings, "addr", "must be an address with a port, 127.0.0.1:8080")?,
            public_url: settings
                .get("public-url")
                .map(|text| PublicUrl::parse(text).map_err(|e| ConfigError::new("public-url", e)))
                .transpose()?,
            tls: tls(settings)?,
            trusted_proxies: settings
                .list("trusted-proxy")
                .map(|text| Network::parse(text).map_err(|e| ConfigError::new("trusted-proxy", e)))
                .collect::<Result<_, _>>()?,
            mail: mail(settings)?,
            dev: flag(settings, "dev")?,
            log: settings.value("log").to_owned(),
            log_format: match settings.value("log-format") {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err(ConfigError::new("log-format", "must be text or json")),
            },
            rates: Rates {
                credentials: parsed(settings, "credential-rate", "must be a whole number")?,
                requests: parsed(settings, "request-rate", "must be a whole number")?,
            },
            hardness: Hardness::OWASP,
        };
        if config.dev && !config.is_for_this_machine() {
            return Err(ConfigError::new(
                "dev",
                "lets everybody in as administrator, so addr and public-url must be this machine's",
            ));
        }
        Ok(config)
    }

    /// Whether nobody but people on this machine can come.
    fn is_for_this_machine(&self) -> bool {
        is_loopback(self.addr.ip()) && self.public_url.as_ref().is_none_or(PublicUrl::is_local)
    }

    /// The settings of a server that nobody configured, with its files in `data`.
    pub fn defaults(data: impl AsRef<Path>) -> Self {
        let settings =
            Settings::of_defaults().with_flag("data", &data.as_ref().display().to_string());
        Self::from_settings(&settings).expect("the defaults are settings that can be used")
    }
}

fn parsed<T: std::str::FromStr>(
    settings: &Settings,
    key: &'static str,
    wanted: &str,
) -> Result<T, ConfigError> {
    settings.value(key).parse().map_err(|_| ConfigError::new(key, wanted))
}

fn flag(settings: &Settings, key: &'static str) -> Result<bool, ConfigError> {
    match settings.value(key) {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(ConfigError::new(key, "must be true or false")),
    }
}

fn tls(settings: &Settings) -> Result<Option<TlsFiles>, ConfigError> {
    match (settings.get("tls-cert"), settings.get("tls-key")) {
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert: cert.into(), key: key.into() })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(ConfigError::new("tls-key", "is needed beside tls-cert")),
        (None, Some(_)) => Err(ConfigError::new("tls-cert", "is needed beside tls-key")),
    }
}

fn mail(settings: &Settings) -> Result<Option<MailSettings>, ConfigError> {
    let Some(url) = settings.get("smtp-url") else { return Ok(None) };
    if !(url.starts_with("smtp://") || url.starts_with("smtps://")) {
        return Err(ConfigError::new("smtp-url", "must be smtp://… or smtps://…"));
    }
    let from = settings
        .get("mail-from")
        .ok_or_else(|| ConfigError::new("mail-from", "is needed beside smtp-url"))?;
    Ok(Some(MailSettings { smtp_url: url.to_owned(), from: from.to_owned() }))
}

/// Whether an address is this machine's own.
pub fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_administrator_is_for_this_machine_only() {
        let read = |flags: &[(&'static str, &str)]| {
            let start = Settings::of_defaults().with_flag("dev", "true");
            let settings = flags.iter().fold(start, |all, (key, value)| all.with_flag(key, value));
            Config::from_settings(&settings)
        };
        assert!(read(&[]).is_ok());
        assert!(read(&[("addr", "[::1]:9000"), ("public-url", "http://localhost:9000")]).is_ok());
        for flags in [
            [("addr", "0.0.0.0:8080")].as_slice(),
            &[("addr", "192.0.2.7:8080")],
            &[("public-url", "https://chat.example")],
        ] {
            assert_eq!(read(flags).unwrap_err().key, "dev", "{flags:?}");
        }
    }
}
