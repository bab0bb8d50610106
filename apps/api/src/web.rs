//! The embedded page: its files as they were built and compressed, found without touching a disk.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clickclack_protocol::api::ProblemCode;

use crate::http::problem::Problem;

/// A file of the page.
struct File {
    path: &'static str,
    etag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Every file, in order of their paths.
const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Everything that is no route: a file of the page, or the page itself, which knows its own
/// addresses.
pub async fn page(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::new(ProblemCode::NotFound).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = [(header::ALLOW, HeaderValue::from_static("GET,HEAD"))];
        return (StatusCode::METHOD_NOT_ALLOWED, allow).into_response();
    }
    let file = match find(path) {
        Some(file) => file,
        // A stale page asks for a chunk of an older build: that must fail, not become HTML.
        None if path.starts_with("assets/") || !accepts_html(request.headers()) => {
            return Problem::new(ProblemCode::NotFound).into_response();
        }
        None => find("index.html").expect("the table always has an index"),
    };
    serve(file, request.headers())
}

fn find(path: &str) -> Option<&'static File> {
    FILES.binary_search_by_key(&path, |file| file.path).ok().map(|index| &FILES[index])
}

fn accepts_html(headers: &HeaderMap) -> bool {
    match headers.get(header::ACCEPT).map(HeaderValue::to_str) {
        None => true,
        Some(Ok(accept)) => accept.contains("text/html") || accept.contains("*/*"),
        Some(Err(_)) => false,
    }
}

fn serve(file: &'static File, request: &HeaderMap) -> Response {
    let caching = if file.path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let (encoding, bytes) = encoded(file, request);
    let has_it = request
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|tag| same_tag(tag.trim(), file.etag)));
    let mut response =
        if has_it { StatusCode::NOT_MODIFIED.into_response() } else { bytes.into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::ETAG, HeaderValue::from_static(file.etag));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(file.path)));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The best form that the client takes.
fn encoded(file: &'static File, request: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let takes = |name: &str| {
        accepted.unwrap_or("").split(',').any(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let refused = |q: &str| q.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
            pieces.next() == Some(name) && !pieces.any(refused)
        })
    };
    match (file.brotli, file.gzip) {
        (Some(bytes), _) if takes("br") => (Some("br"), bytes),
        (_, Some(bytes)) if takes("gzip") => (Some("gzip"), bytes),
        _ => (None, file.plain),
    }
}

/// A proxy that compresses turns the tag into a weak one; the content is the same.
fn same_tag(tag: &str, own: &str) -> bool {
    tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == own
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn get(path: &str, accept: &str) -> Response {
        let request = Request::builder().uri(path).header("accept", accept).body(Body::empty());
        page(request.unwrap()).await
    }

    #[tokio::test]
    async fn the_page_answers_its_own_addresses_only() {
        for (path, accept, status) in [
            ("/", "text/html", 200),
            ("/invite/cki_x", "text/html,*/*;q=0.8", 200),
            ("/index.html", "*/*", 200),
            ("/assets/gone.js", "*/*", 404),
            ("/assets/gone.js", "text/html", 404),
            ("/picture", "image/png", 404),
            ("/api", "text/html", 404),
            ("/api/no/such", "text/html", 404),
        ] {
            assert_eq!(get(path, accept).await.status(), status, "{path} {accept}");
        }
        let index = get("/", "text/html").await;
        assert_eq!(index.headers()["cache-control"], "no-cache");
        assert_eq!(index.headers()["content-type"], "text/html; charset=utf-8");
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let etag = get("/", "text/html").await.headers()["etag"].clone();
        let request = Request::builder().uri("/").header("if-none-match", etag);
        let response = page(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 304);
    }

    #[test]
    fn the_smallest_accepted_form_is_sent() {
        let file: &'static File = &File {
            path: "assets/a.js",
            etag: "\"x\"",
            plain: b"plain",
            brotli: Some(b"br"),
            gzip: Some(b"gz"),
        };
        for (accepted, encoding) in [
            ("gzip, deflate, br", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("identity", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(encoded(file, &headers).0, encoding, "{accepted}");
        }
    }
}
