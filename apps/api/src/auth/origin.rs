//! Which `Host` and `Origin` the server answers to: the public URL's, or without one those of this
//! machine with the server's own port, so that DNS rebinding finds nothing.

use axum::http::Uri;

/// Whether people come over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain.
    Http,
    /// Over TLS, ended here or at a proxy.
    Https,
}

impl Scheme {
    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// The address that people open, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    scheme: Scheme,
    host: String,
    port: u16,
}

impl PublicUrl {
    /// Reads `https://chat.example` or `http://localhost:8080`.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const WANTED: &str = "must be http(s)://host or http(s)://host:port, without a path";
        let uri: Uri = text.parse().map_err(|_| WANTED)?;
        let scheme = match uri.scheme_str() {
            Some("http") => Scheme::Http,
            Some("https") => Scheme::Https,
            _ => return Err(WANTED),
        };
        let authority = uri.authority().ok_or(WANTED)?;
        let extra = authority.as_str().contains('@') || uri.query().is_some() || uri.path() != "/";
        if extra || authority.host().is_empty() {
            return Err(WANTED);
        }
        let port = authority.port_u16().unwrap_or(scheme.default_port());
        Ok(Self { scheme, host: authority.host().to_ascii_lowercase(), port })
    }

    /// Whether it is a name of this machine.
    pub fn is_local(&self) -> bool {
        is_loopback_name(&self.host)
    }

    /// As a browser writes a `Host` header: without the scheme's own port.
    fn authority(&self) -> String {
        if self.port == self.scheme.default_port() {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// Where the server is found.
#[derive(Debug, Clone)]
pub struct Site {
    public: Option<PublicUrl>,
    scheme: Scheme,
    port: u16,
}

impl Site {
    /// A server that listens on `port` and speaks TLS itself or not.
    pub fn new(public: Option<PublicUrl>, speaks_tls: bool, port: u16) -> Self {
        let spoken = if speaks_tls { Scheme::Https } else { Scheme::Http };
        let scheme = public.as_ref().map_or(spoken, |url| url.scheme);
        Self { public, scheme, port }
    }

    /// Whether people come over TLS.
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// Whether browsers trust what comes from here: https, or this machine (W3C Secure Contexts
    /// §3.1, "potentially trustworthy").
    pub fn is_trustworthy(&self) -> bool {
        self.is_https() || self.public.as_ref().is_none_or(PublicUrl::is_local)
    }

    /// Whether somebody said under which address people come.
    pub fn has_public_url(&self) -> bool {
        self.public.is_some()
    }

    /// The start of every link, without a slash at its end.
    pub fn url(&self) -> String {
        let scheme = self.scheme.as_str();
        match &self.public {
            Some(public) => format!("{scheme}://{}", public.authority()),
            None => format!("{scheme}://localhost:{}", self.port),
        }
    }

    /// Whether a `Host` header names this server.
    pub fn accepts_host(&self, host: &str) -> bool {
        match &self.public {
            Some(public) => split_host(host).is_some_and(|(name, port)| {
                name.eq_ignore_ascii_case(&public.host)
                    && port.unwrap_or(self.scheme.default_port()) == public.port
            }),
            None => self.is_this_machine(host),
        }
    }

    /// Whether a `Host` header names this machine and the server's own port.
    pub fn is_this_machine(&self, host: &str) -> bool {
        split_host(host).is_some_and(|(name, port)| {
            is_loopback_name(name) && port.unwrap_or(self.scheme.default_port()) == self.port
        })
    }

    /// Whether a `Host` header names this server, and by a name of this machine.
    pub fn is_local_name(&self, host: &str) -> bool {
        self.accepts_host(host) && split_host(host).is_some_and(|(name, _)| is_loopback_name(name))
    }

    /// Whether a page of this server sent the request. A missing header never does.
    pub fn accepts_origin(&self, origin: Option<&str>, host: &str) -> bool {
        let Some((scheme, authority)) = origin.and_then(|origin| origin.split_once("://")) else {
            return false;
        };
        let is_named = match &self.public {
            Some(public) => public.authority() == authority,
            // The same name as the request's: localhost and 127.0.0.1 are two origins.
            None => self.is_this_machine(authority) && authority.eq_ignore_ascii_case(host),
        };
        scheme == self.scheme.as_str() && is_named
    }

    /// The session cookie's name; `None` where no cookie is safe: plain http to another machine.
    pub fn cookie_name(&self) -> Option<String> {
        if self.is_https() {
            return Some("__Host-clickclack".to_owned());
        }
        match &self.public {
            Some(_) if !self.is_trustworthy() => None,
            // The port keeps two servers of one machine apart: cookies do not know ports.
            Some(public) => Some(format!("clickclack-{}", public.port)),
            None => Some(format!("clickclack-{}", self.port)),
        }
    }
}

fn is_loopback_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
}

/// Host and port of a `Host` header.
fn split_host(host: &str) -> Option<(&str, Option<u16>)> {
    let after_name = if host.starts_with('[') { host.find(']')? + 1 } else { 0 };
    match host[after_name..].find(':') {
        None => Some((host, None)),
        Some(colon) => {
            let (name, port) = host.split_at(after_name + colon);
            let digits = &port[1..];
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| digits.parse().ok().map(|port| (name, Some(port))))?
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(public: Option<&str>) -> Site {
        Site::new(public.map(|url| PublicUrl::parse(url).unwrap()), false, 8080)
    }

    #[test]
    fn only_the_own_host_is_answered() {
        let cases = [
            (None, "localhost:8080", true),
            (None, "LOCALHOST:8080", true),
            (None, "127.0.0.1:8080", true),
            (None, "[::1]:8080", true),
            (None, "localhost", false),
            (None, "localhost:8081", false),
            (None, "127.0.0.2:8080", false),
            (None, "evil.example:8080", false),
            (None, "localhost.evil.example:8080", false),
            (None, "localhost:8080@evil.example", false),
            (None, "localhost:+8080", false),
            (None, "[::1", false),
            (None, "", false),
            (Some("https://chat.example"), "chat.example", true),
            (Some("https://chat.example"), "Chat.Example:443", true),
            (Some("https://chat.example"), "chat.example:80", false),
            (Some("https://chat.example"), "localhost:8080", false),
            (Some("https://chat.example"), "chat.example.evil.example", false),
            (Some("http://localhost:5173"), "localhost:5173", true),
            (Some("http://localhost:5173"), "127.0.0.1:5173", false),
        ];
        for (public, host, accepted) in cases {
            assert_eq!(site(public).accepts_host(host), accepted, "{public:?} {host}");
        }
    }

    #[test]
    fn only_pages_of_this_server_may_write() {
        let cases = [
            (None, Some("http://localhost:8080"), "localhost:8080", true),
            (None, Some("http://127.0.0.1:8080"), "127.0.0.1:8080", true),
            (None, Some("http://localhost:8080"), "127.0.0.1:8080", false),
            (None, Some("https://localhost:8080"), "localhost:8080", false),
            (None, Some("http://localhost:3000"), "localhost:8080", false),
            (None, Some("http://evil.example"), "localhost:8080", false),
            (None, Some("null"), "localhost:8080", false),
            (None, None, "localhost:8080", false),
            (Some("https://chat.example"), Some("https://chat.example"), "chat.example", true),
            (Some("https://chat.example"), Some("http://chat.example"), "chat.example", false),
            (Some("https://chat.example"), Some("https://a.chat.example"), "chat.example", false),
            (Some("https://chat.example"), None, "chat.example", false),
        ];
        for (public, origin, host, accepted) in cases {
            let site = site(public);
            assert_eq!(site.accepts_origin(origin, host), accepted, "{public:?} {origin:?} {host}");
        }
    }

    #[test]
    fn the_cookie_is_named_after_how_people_come() {
        for (public, name) in [
            (None, Some("clickclack-8080")),
            (Some("http://localhost:5173"), Some("clickclack-5173")),
            (Some("https://chat.example"), Some("__Host-clickclack")),
            (Some("http://chat.example"), None),
        ] {
            assert_eq!(site(public).cookie_name().as_deref(), name);
        }
        assert_eq!(Site::new(None, true, 8443).cookie_name().unwrap(), "__Host-clickclack");
    }

    #[test]
    fn a_public_url_has_no_path() {
        for text in
            ["chat.example", "https://", "https://a/b", "https://a?b", "ftp://a", "https://u@a"]
        {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
        assert_eq!(site(Some("https://Chat.example:443/")).url(), "https://chat.example");
        assert_eq!(site(None).url(), "http://localhost:8080");
    }
}
