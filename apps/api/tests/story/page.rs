//! The page and what stands around it: headers, caching, compression, the contract, probes.

use std::collections::BTreeSet;
use std::sync::Arc;

use clickclack_api::routes::ROUTES;
use clickclack_client::{Answer, Call, Client};
use clickclack_protocol::api::ProblemCode;
use clickclack_protocol::operations::OPERATIONS;
use clickclack_trial::both;
use hyper::Method;

use crate::town::{Town, client, config, open};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types svelte-trusted-html dompurify \
     clickclack-worker";

async fn gets(client: &Client, path: &str, headers: &[(&'static str, &str)]) -> Answer {
    let call = Call::raw(Method::GET, path);
    let call = headers.iter().fold(call, |call, (name, value)| call.header(name, value));
    client.send(call).await.unwrap()
}

/// The paths of the files that the page's HTML loads.
fn assets(index: &Answer) -> Vec<String> {
    let html = String::from_utf8(index.body.to_vec()).unwrap();
    let parts = html.split('"').filter(|part| part.starts_with("/assets/"));
    parts.map(ToOwned::to_owned).collect()
}

fn assert_guarded(answer: &Answer, what: &str) {
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{what}: {name}");
    }
    for name in ["permissions-policy", "x-request-id"] {
        assert!(answer.header(name).is_some_and(|value| !value.is_empty()), "{what}: {name}");
    }
    for name in ["access-control-allow-origin", "server", "strict-transport-security"] {
        assert_eq!(answer.header(name), None, "{what}: {name}");
    }
}

both! {
    async fn the_page_answers_its_own_addresses_and_is_never_kept(database: &Database) {
        let server = open(config(database), Arc::default()).await;
        let nobody = client(&server);
        let index = gets(&nobody, "/", &[("accept", "text/html")]).await;
        assert_eq!(index.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(index.header("cache-control"), Some("no-cache"));
        assert_guarded(&index, "/");
        for path in ["/setup", "/invite/cki_x", "/magic", "/w/wsp_1/c/chn_2?at=7", "/api2", "//evil"] {
            let page = gets(&nobody, path, &[("accept", "text/html,*/*;q=0.8")]).await;
            assert_eq!((page.status.as_u16(), &page.body), (200, &index.body), "{path}");
            assert_guarded(&page, path);
        }
        let etag = index.header("etag").unwrap();
        let again = gets(&nobody, "/", &[("if-none-match", etag)]).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
        let head = nobody.send(Call::raw(Method::HEAD, "/")).await.unwrap();
        assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
        assert_guarded(&head, "HEAD /");
        let posted = nobody.send(Call::raw(Method::POST, "/")).await.unwrap();
        assert_eq!((posted.status.as_u16(), posted.header("allow")), (405, Some("GET,HEAD")));
        server.shutdown().await;
    }

    async fn assets_are_kept_for_a_year_and_sent_small(database: &Database) {
        let server = open(config(database), Arc::default()).await;
        let nobody = client(&server);
        let index = gets(&nobody, "/", &[]).await;
        for path in assets(&index) {
            let plain = gets(&nobody, &path, &[]).await;
            assert_eq!(plain.status, 200, "{path}");
            let caching = plain.header("cache-control");
            assert_eq!(caching, Some("public, max-age=31536000, immutable"), "{path}");
            assert_eq!(plain.header("content-encoding"), None);
            assert_guarded(&plain, &path);
            for (accepted, encoding) in
                [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")]
            {
                let small = gets(&nobody, &path, &[("accept-encoding", accepted)]).await;
                // What is too small to gain anything is not compressed.
                if plain.body.len() > 1024 {
                    assert_eq!(small.header("content-encoding"), Some(encoding), "{path}");
                    assert!(small.body.len() < plain.body.len(), "{path}");
                }
                let vary = small.header("vary").unwrap_or_default();
                assert!(vary.eq_ignore_ascii_case("accept-encoding"), "{path}");
                assert_eq!(small.header("content-type"), plain.header("content-type"));
            }
        }
        for path in ["/assets/gone-1a2b3c.js", "/assets/", "/assets/../index.html", "/favicon.ico"] {
            let gone = gets(&nobody, path, &[("accept", "*/*")]).await;
            // Only the page's own addresses become the page.
            if path.starts_with("/assets/") {
                assert_eq!(gone.status, 404, "{path}");
                assert_eq!(gone.problem().unwrap().code, ProblemCode::NotFound, "{path}");
            }
            assert!(!String::from_utf8_lossy(&gone.body).contains("root:"), "{path}");
        }
        server.shutdown().await;
    }

    async fn answers_about_data_are_guarded_and_not_kept(database: &Database) {
        let town = Town::open(database).await;
        for path in ["/api/me", "/api/workspaces", "/api/auth/providers", "/api/no/such"] {
            let answer = gets(&town.ana.client, path, &[]).await;
            assert_guarded(&answer, path);
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
        let first = gets(&town.nobody, "/api/me", &[]).await;
        let second = gets(&town.nobody, "/api/me", &[]).await;
        let id = first.header("x-request-id").unwrap();
        assert_ne!(second.header("x-request-id"), Some(id), "each has a name of its own");
        assert_eq!(first.problem().unwrap().request_id, id, "which the problem repeats");
        assert_eq!(first.header("www-authenticate"), Some("Bearer"));
        town.close().await;
    }

    async fn no_other_page_is_let_in_by_a_preflight(database: &Database) {
        let town = Town::open(database).await;
        let preflight = Call::raw(Method::OPTIONS, "/api/me")
            .header("origin", "http://evil.example")
            .header("access-control-request-method", "PATCH")
            .header("access-control-request-headers", "authorization");
        let answer = town.nobody.send(preflight).await.unwrap();
        let names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        assert!(!names.iter().any(|name| name.starts_with("access-control")), "{names:?}");
        town.close().await;
    }

    async fn the_contract_is_served_as_it_is_written(database: &Database) {
        let server = open(config(database), Arc::default()).await;
        let answer = gets(&client(&server), "/api/openapi.yaml", &[]).await;
        assert_eq!(answer.status, 200);
        let written = include_bytes!("../../../../packages/protocol/openapi.yaml");
        assert!(answer.body == written[..], "byte for byte");
        assert_eq!(answer.header("content-type"), Some("application/yaml"));
        server.shutdown().await;
    }

    async fn probes_tell_whether_the_process_and_its_database_are_there(database: &Database) {
        let server = open(config(database), Arc::default()).await;
        let nobody = client(&server);
        // An orchestrator asks by an address that is no name of this server.
        for path in ["/healthz", "/readyz"] {
            let answer = gets(&nobody, path, &[("host", "10.1.2.3:8080")]).await;
            assert_eq!(answer.status, 200, "{path}");
        }
        server.desk().store().close().await;
        assert_eq!(gets(&nobody, "/healthz", &[]).await.status, 200);
        let unready = gets(&nobody, "/readyz", &[]).await;
        assert_eq!(unready.problem().unwrap().code, ProblemCode::Unavailable);
        server.shutdown().await;
    }

    async fn counters_are_for_this_machine_and_the_administrator(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        town.ana.says(town.general, "one").await;
        let near = gets(&town.nobody, "/metrics", &[]).await;
        assert!(near.header("content-type").unwrap().starts_with("text/plain; version=0.0.4"));
        let text = String::from_utf8(near.body.to_vec()).unwrap();
        assert!(text.contains("\nclickclack_messages_sent_total 1\n"), "{text}");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with("clickclack_") && value.parse::<u64>().is_ok(), "{line}");
        }
        let far = [("x-forwarded-for", "203.0.113.9")];
        for client in [&town.nobody, &ben.client] {
            let hidden = gets(client, "/metrics", &far).await;
            assert_eq!(hidden.problem().unwrap().code, ProblemCode::NotFound);
        }
        assert_eq!(gets(&town.ana.client, "/metrics", &far).await.status, 200);
        town.close().await;
    }

    async fn every_operation_has_its_route_and_every_route_its_operation(database: &Database) {
        let server = open(config(database), Arc::default()).await;
        let contract: BTreeSet<_> = OPERATIONS.iter().map(|one| (one.method, one.path)).collect();
        let routes: BTreeSet<_> = ROUTES.iter().map(|one| (one.method, one.path)).collect();
        assert_eq!(routes, contract);
        // And as it is served, not only as it is written down.
        let nobody = client(&server);
        for operation in OPERATIONS {
            let path = operation.path.replace(['{', '}'], "");
            let call = Call::raw(operation.method.parse().unwrap(), path);
            let answer = nobody.send(call).await.unwrap();
            let there = match answer.problem() {
                Err(_) => true,
                // Nobody learns what is behind a session, and unknown ids come after that.
                Ok(problem) => operation.may_answer(problem.code),
            };
            let missing = [404, 405].contains(&answer.status.as_u16());
            let may_hide = operation.may_answer(ProblemCode::NotFound);
            assert!(there && (!missing || may_hide), "{}: {}", operation.id, answer.status);
        }
        server.shutdown().await;
    }
}
