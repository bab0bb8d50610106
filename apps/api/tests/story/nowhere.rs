//! Addresses that lead nowhere: paths, methods, ids and queries that make no sense, made from the
//! contract for every operation.

use std::collections::BTreeSet;

use clickclack_client::Call;
use clickclack_protocol::api::{self, ProblemCode};
use clickclack_protocol::operations::{OPERATIONS, Operation};
use clickclack_trial::both;
use hyper::Method;
use serde_json::Value;

use crate::contract::{self, follow, parameters};
use crate::places::Places;
use crate::town::{Town, no_invite};

/// The good body of an operation, for when something else is wrong.
fn with_body(operation: &Operation, call: Call) -> Call {
    let body = match operation.id {
        "updateWorkspace" | "createWorkspace" => r#"{"name":"Renamed"}"#,
        "updateMember" => r#"{"role":"admin"}"#,
        "createInvite"
        | "updateChannel"
        | "updateThread"
        | "updateChannelPreferences"
        | "updatePreferences" => "{}",
        "addReaction" => r#"{"emoji":"🦀"}"#,
        "createChannel" => r#"{"name":"pool","kind":"public"}"#,
        "markRead" | "markUnread" | "markThreadRead" | "markThreadUnread" => r#"{"seq":1}"#,
        "sendMessage" | "sendReply" => r#"{"nonce":"sample-0001","body":"hello"}"#,
        "editMessage" => r#"{"body":"hello"}"#,
        _ if contract::body_of(operation).is_some() => panic!("{} has a body", operation.id),
        _ => return call,
    };
    call.body("application/json", body)
}

/// Ids that name nothing, or nothing that Ana may see.
async fn foreign(town: &Town) -> impl Fn(&str) -> Vec<String> + use<> {
    let cleo = town.stranger("Cleo").await;
    let rock = cleo.client.list_workspaces().await.unwrap().items[0].id;
    let channel = cleo.snapshot(rock).await.channels[0].id;
    let message = cleo.says(channel, "on my rock").await.id;
    let session = cleo.client.list_sessions().await.unwrap().items[0].id;
    let invite = cleo.client.create_invite(rock, &no_invite()).await.unwrap().invite.id;
    move |name: &str| {
        let (prefix, theirs) = match name {
            "workspace_id" => ("wsp", rock.to_string()),
            "channel_id" => ("chn", channel.to_string()),
            "message_id" | "root_id" => ("msg", message.to_string()),
            "user_id" => ("usr", cleo.id.to_string()),
            "session_id" => ("ses", session.to_string()),
            "invite_id" => ("inv", invite.to_string()),
            other => panic!("{other} is no id"),
        };
        let ulid = &theirs[4..];
        vec![
            format!("{prefix}_7ZZZZZZZZZZZZZZZZZZZZZZZZZ"),
            format!("dev_{ulid}"),
            ulid.to_owned(),
            theirs.to_lowercase(),
            format!("{theirs}0"),
            format!("{theirs}%00"),
            "%FF".to_owned(),
            "%00".to_owned(),
            "x".repeat(3_000),
            "%27%20OR%201=1--".to_owned(),
            theirs,
        ]
    }
}

both! {
    async fn an_id_that_names_nothing_is_not_found(database: &Database) {
        let town = Town::open(database).await;
        let foreign = foreign(&town).await;
        let places = Places::of(&town).await;
        let before = places.seen().await;
        let (mut tried, mut faults) = (0, Vec::new());
        for operation in OPERATIONS {
            for parameter in parameters(operation, "path") {
                let name = parameter["name"].as_str().unwrap();
                let values = match name {
                    "token" => {
                        let long = "x".repeat(3_000);
                        ["x", "%FF", "%00", "cki_%00", "cki_é", &long].map(Into::into).into()
                    }
                    "emoji" => {
                        let long = "%F0%9F%A6%80".repeat(300);
                        ["x", "%00", "7", "crab", "%20", &long].map(Into::into).into()
                    }
                    _ => foreign(name),
                };
                for value in values {
                    let is_cleo = value.starts_with("usr_0") && value.len() == 30;
                    if is_cleo && ["deactivateUser", "reactivateUser"].contains(&operation.id) {
                        continue; // Of every account the administrator may dispose.
                    }
                    let call = with_body(operation, places.call_with(operation, name, &value));
                    let answer = town.ana.client.send(call).await.unwrap();
                    let code = answer.problem().map(|problem| problem.code);
                    let wanted = match name {
                        "token" => ProblemCode::InviteInvalid,
                        "emoji" => ProblemCode::InvalidRequest,
                        _ => ProblemCode::NotFound,
                    };
                    if code.ok() != Some(wanted) {
                        let at = format!("{} with {name} = {value:.60}", operation.id);
                        faults.push(format!("{at}: {}", answer.status));
                    }
                    tried += 1;
                }
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
        assert_eq!(places.seen().await, before);
        assert!(tried > 250, "only {tried} ids were tried");
        town.close().await;
    }

    async fn a_query_that_makes_no_sense_is_refused_by_name(database: &Database) {
        let town = Town::open(database).await;
        let places = Places::of(&town).await;
        let (mut tried, mut faults) = (0, Vec::new());
        for operation in OPERATIONS.iter().filter(|operation| operation.id != "openSocket") {
            let all = parameters(operation, "query");
            let required = all.iter().filter(|one| one["required"] == true);
            let required: Vec<_> = required.map(|one| one["name"].as_str().unwrap()).collect();
            // Every required parameter but one is as it should be.
            let asks = async |wrong: &str, value: Option<&str>| {
                let good = required.iter().filter(|name| **name != wrong).map(|name| match *name {
                    "workspace_id" => format!("workspace_id={}", places.workspace_id),
                    "after_cursor" => "after_cursor=k3f9a2-1".to_owned(),
                    other => panic!("{other} is required"),
                });
                let wrong = value.map(|value| format!("{wrong}={value}"));
                let query: Vec<_> = good.chain(wrong).collect();
                let path = format!("{}?{}", places.path(operation), query.join("&"));
                town.ana.client.send(Call::raw(Method::GET, path)).await.unwrap()
            };
            for parameter in &all {
                let name = parameter["name"].as_str().unwrap();
                let values = wrong_in_a_query(&parameter["schema"]);
                let missing = required.contains(&name).then_some(None);
                for value in missing.into_iter().chain(values.iter().map(|v| Some(v.as_str()))) {
                    let answer = asks(name, value).await;
                    let errors = answer.problem().ok().and_then(|problem| problem.errors);
                    if errors.as_ref().is_none_or(|errors| errors[0].field != name) {
                        let at = format!("{}?{name}={value:.60?}", operation.id);
                        faults.push(format!("{at}: {} {errors:?}", answer.status));
                    }
                    tried += 1;
                }
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(tried > 60, "only {tried} queries were tried");
        town.close().await;
    }

    async fn positions_in_a_history_exclude_each_other(database: &Database) {
        let town = Town::open(database).await;
        let places = Places::of(&town).await;
        let query = api::ListMessagesQuery {
            before_seq: Some(1),
            after_seq: Some(1),
            around_seq: None,
            limit: None,
        };
        let refused = town.ana.client.list_messages(places.channel_id, &query).await;
        assert_eq!(refused.unwrap_err().code(), Some(ProblemCode::InvalidRequest));
        town.close().await;
    }

    async fn what_is_no_route_is_a_problem_too(database: &Database) {
        let town = Town::open(database).await;
        let brew = Method::from_bytes(b"BREW").unwrap();
        let methods =
            [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, brew];
        for path in [
            "/api", "/api/", "/api/no/such", "/api/me/", "/api/channels", "/api//me", "/api/ME",
            "/api/workspaces/x/y/z", "/api/v2/me", "/api/openapi.json", "/api/%00",
        ] {
            for method in &methods {
                let answer =
                    town.ana.client.send(Call::raw(method.clone(), path)).await.unwrap();
                let code = answer.problem().unwrap().code;
                assert_eq!(code, ProblemCode::NotFound, "{method} {path}");
            }
        }
        let places = Places::of(&town).await;
        let paths: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.path).collect();
        for path in paths {
            let here: Vec<_> = OPERATIONS.iter().filter(|one| one.path == path).collect();
            let allowed: BTreeSet<_> = here.iter().map(|one| one.method).collect();
            for method in methods.iter().filter(|method| !allowed.contains(method.as_str())) {
                let call = Call::raw(method.clone(), places.path(here[0]));
                let answer = town.ana.client.send(call).await.unwrap();
                assert_eq!(answer.status, 405, "{method} {path}");
                assert_eq!(answer.problem().unwrap().code, ProblemCode::MethodNotAllowed);
                let said = answer.header("allow").unwrap();
                let said: BTreeSet<_> = said.split(',').map(str::trim).collect();
                let without_head: BTreeSet<_> =
                    said.iter().copied().filter(|method| *method != "HEAD").collect();
                assert_eq!(without_head, allowed, "{path}");
            }
        }
        town.close().await;
    }
}

/// Everything that is wrong for a parameter of a query, percent-encoded.
fn wrong_in_a_query(schema: &'static Value) -> Vec<String> {
    let schema = follow(schema);
    let mut wrong = vec!["%00".to_owned()];
    if schema["type"] == "integer" {
        wrong.extend(["x", "", "1.5", "1e3", "99999999999999999999", "0x10"].map(Into::into));
        for (bound, past) in [("minimum", -1), ("maximum", 1)] {
            wrong.extend(schema[bound].as_i64().map(|figure| (figure + past).to_string()));
        }
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        // Four more as well: base64 has no text of one letter over a multiple of four.
        wrong.extend([1, 4].map(|more| "a".repeat(usize::try_from(most).unwrap() + more)));
    }
    if schema["pattern"].is_string() {
        wrong.extend(["x", "", "%FF", "dev_00000000000000000000000001"].map(Into::into));
    }
    wrong
}
