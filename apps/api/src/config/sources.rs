//! Where a setting's value comes from: the layers and which one wins.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::ConfigError;
use super::keys::{self, KEYS, Key, Shape};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The environment variable of this name.
    Environment(String),
    /// A file.
    File(PathBuf),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The settings that are in force, each with its source.
#[derive(Debug, Clone, Default)]
pub struct Settings(BTreeMap<&'static str, (String, Source)>);

impl Settings {
    /// Lays the layers over each other. `environment` answers a variable's value.
    pub fn resolve(
        flags: &Flags,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let path = flags
            .file
            .clone()
            .or_else(|| environment("CLICKCLACK_CONFIG").filter(|p| !p.is_empty()).map(Into::into));
        let file = path.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let mut settings = Self::default();
        for key in KEYS {
            let variable = key.variable();
            let found = if let Some(value) = flags.values.get(key.name) {
                Some((value.clone(), Source::Flag))
            } else if let Some(value) = environment(&variable).filter(|value| !value.is_empty()) {
                Some((value, Source::Environment(variable)))
            } else if let (Some(value), Some(path)) = (file.get(key.name), &path) {
                Some((value.clone(), Source::File(path.clone())))
            } else {
                key.default.map(|value| (value.to_owned(), Source::Default))
            };
            if let Some(found) = found {
                settings.0.insert(key.name, found);
            }
        }
        Ok(settings)
    }

    /// The defaults alone.
    pub fn of_defaults() -> Self {
        Self::resolve(&Flags::default(), |_| None).expect("without a file nothing can be wrong")
    }

    /// The same with one value as if it stood on the command line.
    #[must_use]
    pub fn with_flag(mut self, name: &str, value: &str) -> Self {
        self.0.insert(keys::by_name(name).name, (value.to_owned(), Source::Flag));
        self
    }

    /// A value, if anybody gave one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(keys::by_name(name).name).map(|(value, _)| value.as_str())
    }

    /// The value of a setting that has a default.
    pub fn value(&self, name: &str) -> &str {
        self.get(name).expect("only settings with a default are asked for so")
    }

    /// The parts of a setting with several.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).unwrap_or("").split(',').map(str::trim).filter(|part| !part.is_empty())
    }

    /// Every setting with what is in force and where it came from, secrets hidden.
    pub fn report(&self) -> Vec<(&'static Key, Option<String>, Source)> {
        KEYS.iter()
            .map(|key| match self.0.get(key.name) {
                Some((value, source)) if key.is_secret => {
                    (key, Some(without_password(value)), source.clone())
                }
                Some((value, source)) => (key, Some(value.clone()), source.clone()),
                None if key.name == "db" => (key, Some(self.database()), Source::Default),
                None => (key, None, Source::Default),
            })
            .collect()
    }
}

impl Settings {
    /// The database: the one that is named, or a file in the data folder.
    pub fn database(&self) -> String {
        let in_data = || {
            let file = Path::new(self.value("data")).join("clickclack.db");
            format!("sqlite://{}", file.display())
        };
        self.get("db").map_or_else(in_data, str::to_owned)
    }
}

/// Hides what stands between the account's name and the host of a URL.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "***".to_owned() };
    let authority = rest.find(['/', '?']).unwrap_or(rest.len());
    let Some(at) = rest[..authority].rfind('@') else { return url.to_owned() };
    let name = rest[..at].split_once(':').map_or(&rest[..at], |(name, _)| name);
    format!("{scheme}://{name}:***{}", &rest[at..])
}

fn read_file(path: &Path) -> Result<BTreeMap<&'static str, String>, ConfigError> {
    let wrong = |message: String| ConfigError { key: "config", message };
    let text = std::fs::read_to_string(path)
        .map_err(|error| wrong(format!("cannot read {}: {error}", path.display())))?;
    let table: toml::Table =
        text.parse().map_err(|error| wrong(format!("{} is not TOML: {error}", path.display())))?;
    let mut values = BTreeMap::new();
    for (entry, value) in table {
        let key = KEYS
            .iter()
            .find(|key| key.entry() == entry)
            .ok_or_else(|| wrong(format!("{} names no setting {entry}", path.display())))?;
        values.insert(key.name, plain(key, &value)?);
    }
    Ok(values)
}

fn plain(key: &Key, value: &toml::Value) -> Result<String, ConfigError> {
    let wrong = |wanted: &str| ConfigError { key: key.name, message: wanted.to_owned() };
    match (key.shape, value) {
        (_, toml::Value::String(text)) => Ok(text.clone()),
        (_, toml::Value::Integer(number)) => Ok(number.to_string()),
        (Shape::Flag, toml::Value::Boolean(is_set)) => Ok(is_set.to_string()),
        (Shape::Many, toml::Value::Array(items)) => {
            let items: Option<Vec<_>> = items.iter().map(toml::Value::as_str).collect();
            items.map(|items| items.join(",")).ok_or_else(|| wrong("must be a list of texts"))
        }
        _ => Err(wrong("must be a text")),
    }
}

/// What stands on the command line.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    values: BTreeMap<&'static str, String>,
    file: Option<PathBuf>,
}

impl Flags {
    /// One flag, for tests.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.insert(keys::by_name(name).name, value.to_owned());
        self
    }

    /// The file named on the command line.
    #[must_use]
    pub fn with_file(mut self, path: PathBuf) -> Self {
        self.file = Some(path);
        self
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let command = command.arg(
            Arg::new("config-file")
                .long("config")
                .value_name("FILE")
                .help("TOML file with settings [env: CLICKCLACK_CONFIG]")
                .global(true)
                .help_heading("Settings")
                .value_parser(clap::value_parser!(PathBuf)),
        );
        KEYS.iter().fold(command, |command, key| {
            let mut help = format!("{} [env: {}]", key.help, key.variable());
            if let (Some(default), true) = (key.default, key.shape != Shape::Flag) {
                help = format!("{help} [default: {default}]");
            }
            let arg =
                Arg::new(key.name).long(key.name).help(help).global(true).help_heading("Settings");
            command.arg(match key.shape {
                Shape::One => arg.value_name(key.value),
                Shape::Many => arg.value_name(key.value).action(ArgAction::Append),
                Shape::Flag => arg.action(ArgAction::SetTrue),
            })
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.file = matches.get_one::<PathBuf>("config-file").cloned();
        for key in KEYS {
            let value = match key.shape {
                Shape::One => matches.get_one::<String>(key.name).cloned(),
                Shape::Many => matches
                    .get_many::<String>(key.name)
                    .map(|parts| parts.cloned().collect::<Vec<_>>().join(",")),
                Shape::Flag => matches.get_flag(key.name).then(|| "true".to_owned()),
            };
            if let Some(value) = value {
                self.values.insert(key.name, value);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_with(text: &str) -> (PathBuf, impl Drop) {
        struct Gone(PathBuf);
        impl Drop for Gone {
            fn drop(&mut self) {
                let _ = std::fs::remove_file(&self.0);
            }
        }
        let name = format!("clickclack-{}-{}.toml", std::process::id(), text.len());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        (path.clone(), Gone(path))
    }

    #[test]
    fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
        let (path, _gone) = file_with("addr = '10.0.0.1:1'\nlog = 'file'\ndata = 'file'\n");
        let environment = |name: &str| match name {
            "CLICKCLACK_ADDR" => Some("10.0.0.2:2".to_owned()),
            "CLICKCLACK_DATA" => Some("environment".to_owned()),
            _ => None,
        };
        let flags = Flags::default().with("addr", "10.0.0.3:3").with_file(path.clone());
        let settings = Settings::resolve(&flags, environment).unwrap();
        let source = |name| settings.0[name].1.clone();
        assert_eq!(settings.value("addr"), "10.0.0.3:3");
        assert_eq!(source("addr"), Source::Flag);
        assert_eq!(settings.value("data"), "environment");
        assert_eq!(source("data"), Source::Environment("CLICKCLACK_DATA".to_owned()));
        assert_eq!(settings.value("log"), "file");
        assert_eq!(source("log"), Source::File(path));
        assert_eq!(settings.value("log-format"), "text");
        assert_eq!(source("log-format"), Source::Default);
    }

    #[test]
    fn a_file_with_an_unknown_name_is_refused() {
        let (path, _gone) = file_with("adr = '10.0.0.1:1'");
        let flags = Flags::default().with_file(path);
        let error = Settings::resolve(&flags, |_| None).unwrap_err();
        assert!(error.message.ends_with("names no setting adr"), "{error}");
    }

    #[test]
    fn lists_come_from_every_layer() {
        let (path, _gone) = file_with("trusted_proxy = ['10.0.0.0/8', '::1']\ndev = true\n");
        let settings = Settings::resolve(&Flags::default().with_file(path), |_| None).unwrap();
        assert_eq!(settings.list("trusted-proxy").collect::<Vec<_>>(), ["10.0.0.0/8", "::1"]);
        assert_eq!(settings.value("dev"), "true");
    }

    #[test]
    fn passwords_are_not_shown() {
        for (url, shown) in [
            ("postgres://ana:p@ss:w@db:5432/chat", "postgres://ana:***@db:5432/chat"),
            ("postgres://db/chat?x=a@b", "postgres://db/chat?x=a@b"),
            ("sqlite:///var/chat.db", "sqlite:///var/chat.db"),
            ("secret", "***"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
