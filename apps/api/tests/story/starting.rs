//! Starting the program: settings and where they come from, migrations, and what is said when
//! something is wrong.

use std::sync::Arc;

use clickclack_trial::{Kind, both};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::program::Program;
use crate::town::{Person, client_at, set_up};

fn find<'a>(settings: &'a Value, name: &str) -> (&'a Value, &'a str) {
    let all = settings.as_array().unwrap();
    let found = all.iter().find(|setting| setting["name"] == name).expect("it is a setting");
    (&found["value"], found["source"].as_str().unwrap())
}

#[tokio::test]
async fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("clickclack.toml");
    std::fs::write(
        &file,
        "addr = \"127.0.0.1:1\"\nlog = \"warn\"\nmail_from = \"file@tidepool.example\"\n\
         trusted_proxy = [\"10.0.0.0/8\", \"fd00::/8\"]\ncredential_rate = 7\ndev = true\n",
    )
    .unwrap();
    let path = file.to_str().unwrap();
    let shown = Program::new(&["config", "--config", path, "--addr", "127.0.0.1:3"])
        .env("CLICKCLACK_ADDR", "127.0.0.1:2")
        .env("CLICKCLACK_LOG", "debug")
        .env("CLICKCLACK_DB", "postgres://ana:hunter2@db.tidepool.example/chat")
        .answers()
        .await;
    let of_file = format!("file {path}");
    for (name, value, source) in [
        ("addr", "127.0.0.1:3", "flag"),
        ("log", "debug", "environment CLICKCLACK_LOG"),
        ("mail-from", "file@tidepool.example", &of_file),
        ("trusted-proxy", "10.0.0.0/8,fd00::/8", &of_file),
        ("credential-rate", "7", &of_file),
        ("dev", "true", &of_file),
        ("log-format", "text", "default"),
        ("db", "postgres://ana:***@db.tidepool.example/chat", "environment CLICKCLACK_DB"),
    ] {
        assert_eq!(find(&shown, name), (&Value::from(value), source), "{name}");
    }
    assert_eq!(find(&shown, "public-url"), (&Value::Null, "default"));

    let by_variable = Program::new(&["config"]).env("CLICKCLACK_CONFIG", path).succeeds().await;
    let line = by_variable.lines().find(|line| line.starts_with("log ")).unwrap();
    assert!(line.contains("warn") && line.ends_with(&of_file), "{line}");
}

#[tokio::test]
async fn what_is_wrong_with_a_setting_is_said_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let unknown = folder.path().join("unknown.toml");
    std::fs::write(&unknown, "adress = \"127.0.0.1:1\"\n").unwrap();
    let broken = folder.path().join("broken.toml");
    std::fs::write(&broken, "addr = \n").unwrap();
    let (unknown, broken) = (unknown.to_str().unwrap(), broken.to_str().unwrap());
    let data = folder.path().to_str().unwrap();
    for (arguments, named) in [
        (vec!["--addr", "here"], "addr"),
        (vec!["--public-url", "chat.example"], "public-url"),
        (vec!["--public-url", "https://chat.example/chat"], "public-url"),
        (vec!["--db", "mysql://localhost"], "db"),
        (vec!["--tls-cert", "cert.pem"], "tls-key"),
        (vec!["--trusted-proxy", "10.0.0.0/33"], "trusted-proxy"),
        (vec!["--smtp-url", "smtp://localhost"], "mail-from"),
        (vec!["--credential-rate", "many"], "credential-rate"),
        (vec!["--log-format", "xml"], "log-format"),
        (vec!["--log", "=?="], "log"),
        (vec!["--config", unknown], "adress"),
        (vec!["--config", broken], "broken.toml"),
        (vec!["--config", "/no/such/file"], "/no/such/file"),
    ] {
        let line = [&["serve", "--data", data], &arguments[..]].concat();
        let said = Program::new(&line).fails(2).await;
        assert!(said.starts_with("clickclack: setting "), "{arguments:?}: {said}");
        assert!(said.contains(named), "{arguments:?}: {said}");
    }
    let said = Program::new(&["serve"]).env("CLICKCLACK_DEV", "perhaps").fails(2).await;
    assert!(said.contains("dev"), "{said}");
}

#[tokio::test]
async fn what_nobody_understands_is_refused_with_a_hint() {
    for arguments in [
        &["serve", "--port", "80"][..],
        &["server"],
        &["admin"],
        &["admin", "user"],
        &["admin", "user", "create", "--name", "Ana"],
        &["migrate", "now"],
        &[],
    ] {
        let said = Program::new(arguments).fails(2).await;
        assert!(said.contains("Usage"), "{arguments:?}: {said}");
    }
    assert!(Program::new(&["--version"]).succeeds().await.starts_with("clickclack "));
    let help = Program::new(&["serve", "--help"]).succeeds().await;
    for flag in ["--db", "--data", "--addr", "--public-url", "--tls-cert", "CLICKCLACK_DB"] {
        assert!(help.contains(flag), "{flag}");
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_said_before_anything_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "no database").unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let not_a_database = format!("sqlite://{}", file.display());
    for (arguments, named) in [
        (vec!["serve", "--data", &data, "--addr", &addr], addr.as_str()),
        (vec!["serve", "--data", file.to_str().unwrap(), "--addr", "127.0.0.1:0"], "a-file"),
        (
            vec!["serve", "--data", &data, "--addr", "127.0.0.1:0", "--db", &not_a_database],
            "database",
        ),
        (
            vec![
                "serve",
                "--data",
                &data,
                "--addr",
                "127.0.0.1:0",
                "--tls-cert",
                "/no/cert.pem",
                "--tls-key",
                "/no/key.pem",
            ],
            "/no/cert.pem",
        ),
        (vec!["admin", "session", "list", "--data", &data], "database"),
    ] {
        let said = Program::new(&arguments).fails(1).await;
        assert!(said.contains(named), "{arguments:?}: {said}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "no database", "and left as it was");
}

/// One request over TLS to a server with this certificate; the whole answer.
async fn asks_over_tls(addr: &str, certificate: CertificateDer<'static>) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(addr).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server that closes without the farewell of TLS has said everything as well.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn the_server_speaks_tls_itself() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (cert, key, data) = (path("cert.pem"), path("key.pem"), path("data"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let serve = ["serve", "--addr", "127.0.0.1:0", "--data", &data];
    let tls = ["--tls-cert", &cert, "--tls-key", &key];
    let mut server = Program::new(&[&serve[..], &tls].concat()).starts();
    let link = server.says("/setup#token=").await;
    let (url, _) = link.trim().split_once("/setup#").unwrap();
    let addr = url.strip_prefix("https://").expect("the link is one of https");
    let answer = asks_over_tls(addr, made.cert.der().clone()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    let (well, _) = server.stops().await;
    assert!(well);

    let other = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    std::fs::write(&key, other.signing_key.serialize_pem()).unwrap();
    let said = Program::new(&[&serve[..], &tls].concat()).fails(1).await;
    assert!(said.contains("certificate and key"), "{said}");
}

#[tokio::test]
async fn a_mistyped_folder_does_not_become_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("nowhere");
    let arguments = ["admin", "session", "list", "--data", wrong.to_str().unwrap()];
    let said = Program::new(&arguments).fails(1).await;
    assert!(said.contains("There is no database at") && said.contains("--data"), "{said}");
    assert!(!wrong.exists(), "looking for it makes nothing");
}

#[tokio::test]
async fn the_settings_name_the_database_that_nobody_named() {
    let shown = Program::new(&["config", "--data", "/srv/tide"]).answers().await;
    assert_eq!(find(&shown, "db"), (&Value::from("sqlite:///srv/tide/clickclack.db"), "default"));
}

both! {
    async fn migrate_brings_a_database_up_to_date_once(database: &Database) {
        if database.kind() == Kind::Sqlite {
            // An empty file is a database that lacks every migration; a missing one is a mistake.
            std::fs::write(database.file(), "").unwrap();
        }
        let before = ["admin", "session", "list"];
        let refused = Program::on(database, &before).fails(1).await;
        assert!(refused.to_lowercase().contains("migrat"), "{refused}");
        let applied = Program::on(database, &["migrate"]).answers().await;
        assert!(!applied["applied"].as_array().unwrap().is_empty());
        let again = Program::on(database, &["migrate"]).answers().await;
        assert!(again["applied"].as_array().unwrap().is_empty());
        let said = Program::on(database, &["migrate"]).succeeds().await;
        assert!(said.contains("up to date"), "{said}");
        assert_eq!(Program::on(database, &before).answers().await, serde_json::json!([]));
    }

    async fn a_database_from_the_future_is_left_alone(database: &Database) {
        Program::on(database, &["migrate"]).succeeds().await;
        database
            .run_sql("INSERT INTO migrations VALUES ('0999_calls', 'abc', 1)")
            .await;
        for arguments in
            [&["serve", "--addr", "127.0.0.1:0"][..], &["migrate"], &["admin", "session", "list"]]
        {
            let said = Program::on(database, arguments).fails(1).await;
            assert!(said.contains("newer") && said.contains("0999_calls"), "{said}");
        }
    }

    async fn serve_prints_one_set_up_link_and_stops_when_asked(database: &Database) {
        let serve = ["serve", "--addr", "127.0.0.1:0"];
        let mut server = Program::on(database, &serve).starts();
        let link = server.says("/setup#token=").await;
        let (url, token) = link.trim().split_once("/setup#token=").unwrap();
        let nobody = client_at(url);
        let signed_in = nobody.set_up(&set_up(token.into())).await.unwrap();
        let ana = Person::signed_in(&nobody, signed_in);
        let mut socket = ana.listens(ana.client.list_workspaces().await.unwrap().items[0].id).await;
        let (well, rest) = server.stops().await;
        assert!(well && !rest.iter().any(|line| line.contains("token")), "{rest:?}");
        assert_eq!(socket.closes().await.0, 1012, "clients are told to come back");

        let mut server = Program::on(database, &serve).starts();
        let line = server.says("ClickClack ").await;
        let nobody = client_at(line.split_whitespace().last().unwrap());
        nobody.with_token(ana.client.token().unwrap()).get_me().await.unwrap();
        let (well, rest) = server.stops().await;
        assert!(well && !rest.iter().any(|line| line.contains("setup")), "{rest:?}");
    }
}
