//! The session's cookie: reading it from a request, setting it and taking it away.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::auth::origin::Site;

/// The session token that a request's cookie carries.
pub fn token<'a>(site: &Site, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = site.cookie_name()?;
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, token)| (found == name).then_some(token))
}

/// The header that stores a session token in the browser; `None` where no cookie is safe.
pub fn set(site: &Site, token: &str, life_s: i64) -> Option<HeaderValue> {
    header(site, token, life_s)
}

/// The header that takes the cookie away.
pub fn clear(site: &Site) -> Option<HeaderValue> {
    header(site, "", 0)
}

fn header(site: &Site, token: &str, life_s: i64) -> Option<HeaderValue> {
    let name = site.cookie_name()?;
    let secure = if site.is_https() { "; Secure" } else { "" };
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life_s}{secure}");
    Some(HeaderValue::try_from(text).expect("tokens are base64 letters"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::origin::PublicUrl;

    fn https() -> Site {
        Site::new(Some(PublicUrl::parse("https://chat.example").unwrap()), false, 8080)
    }

    #[test]
    fn over_tls_the_cookie_is_bound_to_the_host() {
        assert_eq!(
            set(&https(), "cks_x", 60).unwrap(),
            "__Host-clickclack=cks_x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
        );
        let local = Site::new(None, false, 8080);
        assert_eq!(
            clear(&local).unwrap(),
            "clickclack-8080=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
        let plain = Site::new(Some(PublicUrl::parse("http://chat.example").unwrap()), false, 80);
        assert_eq!(set(&plain, "cks_x", 60), None);
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=b; __Host-clickclack=cks_x; c=d".parse().unwrap());
        assert_eq!(token(&https(), &headers), Some("cks_x"));
        assert_eq!(token(&Site::new(None, false, 8080), &headers), None);
    }
}
