//! Stories over HTTP: sign-on, tickets, configuration, contacts, files, idempotency, bad input, other tenants.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_app::bootstrap::{Beginning, FirstAgent, SubjectKind, company_token};
use deskwire_tests::World;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_in_visitor_is_known_to_the_agent_with_level_and_orders() {
    let world = World::memory().await;
    let (door, anna) = (world.door(), world.agent("anna").await);
    let admin = door.agent("anna").await.unwrap();
    door.ok(
        "PATCH",
        "/v1/account",
        &admin,
        Some(json!({"priority_rules": [{"attribute": "level", "equals": "vip", "priority": 5}]})),
    )
    .await;
    let token = company_token(
        &door.secret,
        SubjectKind::Visitor,
        &json!({"sub": "u-42", "name": "李雷", "level": "vip", "orders": ["A1", "A2"]}),
    )
    .unwrap();
    let first = door.exchange(&token).await.unwrap();
    let again = door.exchange(&token).await.unwrap();
    assert_eq!(first.subject, again.subject, "the same person is the same contact");
    let visitor = door.connect(&first.access_token).await.unwrap();
    visitor.begin("你好").await;
    let assigned = anna.entry("assigned").await;
    assert_eq!(assigned["state"]["priority"], 5);
    let contact = door.ok("GET", &format!("/v1/contacts/{}", first.subject), &admin, None).await;
    assert_eq!(
        (&contact["name"], &contact["attributes"]["orders"], &contact["verified"]),
        (&json!("李雷"), &json!(["A1", "A2"]), &json!(true))
    );
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_on_is_strict_and_an_anonymous_visitor_comes_back_as_the_same() {
    let world = World::memory().await;
    let door = world.door();
    let exchange = |token: String| {
        let door = door.clone();
        async move { door.exchange(&token).await.unwrap_err().to_string() }
    };
    let forged =
        company_token("another secret of thirty-two bytes", SubjectKind::Visitor, &json!({"sub": "u"})).unwrap();
    assert!(exchange(forged).await.contains("token_signature_invalid"));
    let stranger = company_token(&door.secret, SubjectKind::Agent, &json!({"sub": "stranger"})).unwrap();
    assert!(exchange(stranger).await.contains("sign_on_refused"), "no role, no agent");
    assert!(exchange("a.b.c".into()).await.contains("token_malformed"));
    let anonymous = door.anonymous().await.unwrap();
    let refresh =
        json!({"account": "acc_demo", "grant_type": "refresh_token", "refresh_token": anonymous.refresh_token});
    assert_eq!(door.token(refresh.clone()).await.unwrap().subject, anonymous.subject);
    // A refresh token is no access token, and a ticket opens one socket only.
    let (status, _) = door.call("POST", "/v1/tickets", anonymous.refresh_token.as_deref(), None).await.unwrap();
    assert_eq!(status, 401);
    let (_, ticket) = door.call("POST", "/v1/tickets", Some(&anonymous.access_token), None).await.unwrap();
    let url = format!("{}/ws?ticket={}", door.base.replace("http", "ws"), ticket["ticket"].as_str().unwrap());
    let socket = deskwire_tests::Client::open(&url).await.unwrap();
    assert!(deskwire_tests::Client::open(&url).await.is_err(), "the second time");
    assert!(deskwire_tests::Client::open(&format!("{}/ws", door.base.replace("http", "ws"))).await.is_err());
    // Revoked: the socket ends, and no token of before works any more.
    door.ok("POST", "/v1/token/revoke", &anonymous.access_token, None).await;
    socket.closed().await;
    assert_eq!(door.call("POST", "/v1/tickets", Some(&anonymous.access_token), None).await.unwrap().0, 401);
    assert!(door.token(refresh).await.is_err());
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_frames_are_refused_with_a_code_and_the_socket_lives_on() {
    let world = World::memory().await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hi").await;
    let deep = format!("{}1{}", "[".repeat(20), "]".repeat(20));
    for (frame, code) in [
        (json!({"action": "dance"}), "unknown_action"),
        (json!({"action": "ping", "x": 1}), "unknown_field"),
        (json!({"action": "sync", "conversation": "agt_1", "after": 0}), "invalid_field"),
        (json!({"action": "sync", "conversation": "cnv_nobody", "after": 0}), "not_found"),
        (
            json!({"action": "send", "conversation": conversation, "after": 99, "client_id": "c", "content": {"kind": "text", "text": "x"}}),
            "sync_required",
        ),
        (
            json!({"action": "send", "conversation": conversation, "after": 2, "client_id": "", "content": {"kind": "text", "text": "x"}}),
            "invalid_field",
        ),
        (
            json!({"action": "send", "conversation": conversation, "after": 2, "client_id": "c", "content": {"kind": "text", "text": " "}}),
            "empty",
        ),
        (
            json!({"action": "send", "conversation": conversation, "after": 2, "client_id": "c", "content": {"kind": "text", "text": "好".repeat(8001)}}),
            "text_too_long",
        ),
        (
            json!({"action": "send", "conversation": conversation, "after": 2, "client_id": "c", "content": {"kind": "system", "text": "x"}}),
            "forbidden",
        ),
        (
            json!({"action": "send", "conversation": conversation, "after": 2, "client_id": "c", "content": {"kind": "blob", "x": "y".repeat(33_000)}}),
            "too_large",
        ),
        (
            json!({"action": "send", "conversation": conversation, "after": 2, "client_id": "c", "content": serde_json::from_str::<serde_json::Value>(&format!("{{\"kind\":\"x\",\"d\":{deep}}}")).unwrap()}),
            "too_deep",
        ),
        (json!({"action": "accept", "conversation": conversation}), "forbidden"),
        (json!({"action": "presence", "status": "online"}), "forbidden"),
    ] {
        let shown: String = frame.to_string().chars().take(120).collect();
        let error = visitor.ask(frame).await.unwrap();
        match error {
            Err(error) => assert_eq!(error.code.as_str(), code, "{shown}"),
            Ok(_) => panic!("{shown} was granted"),
        }
    }
    visitor.send(Message::text("{")).await.unwrap();
    visitor.pushed("malformed_json", |frame| frame["code"] == "malformed_json").await;
    visitor.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    visitor.pushed("malformed_json", |frame| frame["code"] == "malformed_json").await;
    let unknown = visitor.ok(json!({"action": "send", "conversation": conversation, "after": visitor.seen(&conversation), "client_id": "u", "content": {"kind": "hologram", "n": 1.10, "z": [1, {"y": null}]}})).await;
    let stored = serde_json::to_value(unknown.entries.last().unwrap()).unwrap();
    assert_eq!(stored["content"], json!({"kind": "hologram", "n": 1.10, "z": [1, {"y": null}]}));
    // It may be closed before the last frame is out.
    let _ = visitor.send(Message::text("x".repeat(129 * 1024))).await;
    assert_eq!(visitor.closed().await.0, 1009, "over 128 KB API Gateway closes");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_refused_and_passes() {
    let world = World::memory().await;
    let visitor = world.visitor().await;
    let pings = futures::future::join_all((0..600).map(|_| visitor.ask(json!({"action": "ping"})))).await;
    let refused = pings.iter().filter(|ping| ping.as_ref().unwrap().is_err()).count();
    assert!(refused > 100, "{refused}");
    let error = pings.into_iter().find_map(|ping| ping.unwrap().err()).unwrap();
    assert_eq!((error.code.as_str(), error.retry_after), ("rate_limited", Some(1)));
    while visitor.ask(json!({"action": "ping"})).await.unwrap().is_err() {}
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_accounts_ids_are_unknown_ids() {
    let world = World::memory().await;
    let door = world.door();
    let secret = "x".repeat(32);
    let other = Beginning {
        name: "other".into(),
        admin: FirstAgent::named("Eve"),
        agents: vec![],
        sign_on_secret: Some(secret.clone()),
    };
    world.gateway.begin_account(&other).await.unwrap();
    let signed = company_token(&secret, SubjectKind::Agent, &json!({"sub": "eve", "roles": ["admin"]})).unwrap();
    let eve = door.token(json!({"account": "acc_other", "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token": signed})).await.unwrap();
    let visitor = world.visitor().await;
    let conversation = visitor.begin("private").await;
    let me = visitor.ok(json!({"action": "hello"})).await.welcome.unwrap().me.id.unwrap();
    for path in [
        format!("/v1/conversations/{conversation}"),
        format!("/v1/conversations/{conversation}/entries"),
        format!("/v1/contacts/{me}"),
        "/v1/agents/agt_anna".into(),
    ] {
        let (theirs, problem) = door.call("GET", &path, Some(&eve.access_token), None).await.unwrap();
        assert_eq!((theirs, &problem["code"]), (404, &json!("not_found")), "{path}");
    }
    let stranger = world.visitor().await;
    for action in ["sync", "send", "typing", "read"] {
        let mut frame = json!({"action": action, "conversation": conversation});
        match action {
            "sync" => frame["after"] = 0.into(),
            "read" => frame["seq"] = 1.into(),
            "typing" => frame["on"] = true.into(),
            _ => {
                frame["client_id"] = "x".into();
                frame["after"] = 2.into();
                frame["content"] = json!({"kind": "text", "text": "hi"});
            }
        }
        assert_eq!(stranger.refused(frame).await, "not_found", "{action}");
    }
    let hello = stranger.ok(json!({"action": "hello", "cursors": {conversation.as_str(): 0}})).await;
    assert!(hello.welcome.unwrap().conversations.is_empty());
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_with_a_key_is_done_once() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let post = |key: &'static str, name: &'static str| {
        let call = door.http.post(format!("{}/v1/teams", door.base)).bearer_auth(&admin).header("idempotency-key", key);
        async move {
            let answer = call.json(&json!({"name": name})).send().await.unwrap();
            (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap())
        }
    };
    let (first, second) = (post("k1", "After-sales").await, post("k1", "After-sales").await);
    assert_eq!((first.0, &first), (201, &second));
    assert_eq!(post("k1", "Another").await.1["code"], "idempotency_key_reused");
    assert_ne!(post("k2", "After-sales").await.1["id"], first.1["id"]);
    let teams = door.ok("GET", "/v1/teams", &admin, None).await;
    assert_eq!(teams["data"].as_array().unwrap().len(), 3);
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_page_by_cursor_and_entries_both_ways() {
    let world = World::memory().await;
    let (door, anna) = (world.door(), world.agent("anna").await);
    let admin = door.agent("anna").await.unwrap();
    let visitor = world.visitor().await;
    let conversation = visitor.begin("1").await;
    anna.entry("assigned").await;
    visitor.until(&conversation, 3).await;
    for n in 2..30 {
        visitor.say(&conversation, &n.to_string()).await;
    }
    let path = format!("/v1/conversations/{conversation}/entries");
    let page = |query: String| {
        let (door, admin, path) = (door.clone(), admin.clone(), path.clone());
        async move { door.ok("GET", &format!("{path}?{query}"), &admin, None).await }
    };
    let seqs = |page: &serde_json::Value| {
        page["data"].as_array().unwrap().iter().map(|e| e["seq"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let (mut forward, mut backward) = (vec![], vec![]);
    loop {
        let got = page(format!("after={}&limit=7", forward.last().copied().unwrap_or(0))).await;
        forward.extend(seqs(&got));
        if got["more"] == false {
            break;
        }
    }
    let mut query = "limit=7".to_owned();
    loop {
        let got = page(query).await;
        let mut front = seqs(&got);
        query = format!("before={}&limit=7", front[0]);
        front.append(&mut backward);
        backward = front;
        if got["more"] == false {
            break;
        }
    }
    assert_eq!((&forward, &backward), (&(1..=31).collect::<Vec<u64>>(), &(1..=31).collect()));
    for n in 0..7 {
        let body = json!({"name": format!("C{n}"), "attributes": {"n": n}});
        door.ok("POST", "/v1/contacts", &admin, Some(body)).await;
    }
    let (mut names, mut cursor) = (vec![], String::new());
    loop {
        let got = door.ok("GET", &format!("/v1/contacts?limit=3{cursor}"), &admin, None).await;
        names.extend(got["data"].as_array().unwrap().iter().filter_map(|c| c["name"].as_str().map(str::to_owned)));
        match got["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    names.sort();
    assert_eq!(names, (0..7).map(|n| format!("C{n}")).collect::<Vec<_>>());
    let (status, problem) = door.call("GET", "/v1/conversations?cursor=nonsense", Some(&admin), None).await.unwrap();
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_cursor")));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_contacts_are_one_person() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let visitor = world.visitor().await;
    let conversation = visitor.begin("from my phone").await;
    let phone = visitor.ok(json!({"action": "hello"})).await.welcome.unwrap().me.id.unwrap();
    let signed = company_token(&door.secret, SubjectKind::Visitor, &json!({"sub": "u-7", "name": "Mei"})).unwrap();
    let mei = door.exchange(&signed).await.unwrap();
    let merged =
        door.ok("POST", &format!("/v1/contacts/{}/merge", mei.subject), &admin, Some(json!({"from": phone}))).await;
    assert_eq!(merged["merged_from"], json!([phone]));
    let laptop = door.connect(&mei.access_token).await.unwrap();
    laptop.catch_up(&conversation).await;
    laptop.say(&conversation, "from my laptop").await;
    assert_eq!(laptop.texts(&conversation), ["from my phone", "from my laptop"]);
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_uploaded_whole_and_read_by_signed_address() {
    let world = World::memory().await;
    let door = world.door();
    let token = door.anonymous().await.unwrap().access_token;
    let bytes = b"\x89PNG\r\n not really".to_vec();
    let announced = door
        .ok(
            "POST",
            "/v1/attachments",
            &token,
            Some(json!({"name": "票.png", "media_type": "image/png", "size": bytes.len()})),
        )
        .await;
    let put = |url: String, bytes: Vec<u8>| door.http.put(url).header("content-type", "image/png").body(bytes).send();
    let url = announced["upload_url"].as_str().unwrap().to_owned();
    assert_eq!(put(url.clone(), b"short".to_vec()).await.unwrap().status(), 409);
    assert_eq!(put(format!("{url}0"), bytes.clone()).await.unwrap().status(), 403, "a forged signature");
    assert_eq!(put(url, bytes.clone()).await.unwrap().status(), 204);
    let read = door.ok("GET", &format!("/v1/attachments/{}", announced["id"].as_str().unwrap()), &token, None).await;
    let file = door.http.get(read["download_url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(file.headers()["content-disposition"], "inline; filename*=UTF-8''%E7%A5%A8%2Epng");
    assert_eq!(file.bytes().await.unwrap(), bytes);
    assert_eq!(
        door.call(
            "POST",
            "/v1/attachments",
            Some(&token),
            Some(json!({"name": "x", "media_type": "a/b", "size": 21_000_000}))
        )
        .await
        .unwrap()
        .0,
        413
    );
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_the_document_is_there_and_asks_for_a_token() {
    use deskwire_protocol::routes::{Access, ROUTES};
    let world = World::memory().await;
    let door = world.door();
    let visitor = door.anonymous().await.unwrap().access_token;
    for route in ROUTES {
        let path = route
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let (status, problem) = door.call(route.method, &path, None, Some(json!({}))).await.unwrap();
        let wanted = if route.access == Access::Public { 400 } else { 401 };
        assert_eq!(status, wanted, "{} {path} without a token: {problem}", route.method);
        if matches!(route.access, Access::Staff | Access::Admin) {
            let (status, problem) = door.call(route.method, &path, Some(&visitor), Some(json!({}))).await.unwrap();
            assert_eq!((status, &problem["code"]), (403, &json!("forbidden")), "{} {path} as a visitor", route.method);
        }
    }
    let (status, problem) = door.call("GET", "/v1/nothing", None, None).await.unwrap();
    assert_eq!((status, &problem["code"]), (404, &json!("not_found")));
    let (status, problem) = door.call("DELETE", "/v1/conversations", None, None).await.unwrap();
    assert_eq!((status, &problem["code"]), (405, &json!("method_not_allowed")));
    let document: serde_json::Value =
        door.http.get(format!("{}/openapi.json", door.base)).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let document: serde_json::Value =
        door.http.get(format!("{}/asyncapi.json", door.base)).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["asyncapi"], "3.0.0");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_is_switched_off_is_cut_off_and_gives_back() {
    let world = World::memory().await;
    let (anna, ben) = (world.agent("anna").await, world.agent("ben").await);
    anna.ok(json!({"action": "presence", "status": "away"})).await;
    let visitor = world.visitor().await;
    visitor.begin("hi").await;
    assert_eq!(visitor.entry("assigned").await["agent"], "agt_ben");
    let admin = world.door().agent("anna").await.unwrap();
    world.door().ok("PATCH", "/v1/agents/agt_ben", &admin, Some(json!({"disabled": true}))).await;
    ben.closed().await;
    assert_eq!(visitor.entry("queued").await["reason"], "agent_gone");
    assert!(world.door().agent("ben").await.unwrap_err().to_string().contains("switched off"));
    anna.ok(json!({"action": "presence", "status": "online"})).await;
    assert_eq!(visitor.entry("assigned").await["agent"], "agt_anna");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_lets_its_administrator_in_and_nobody_else() {
    let world = World::memory().await;
    let door = world.door();
    let new =
        Beginning { name: "acme".into(), admin: FirstAgent::named("王小明"), agents: vec![], sign_on_secret: None };
    let begun = world.gateway.begin_account(&new).await.unwrap();
    assert_eq!((begun.account.as_str(), begun.agent.as_str()), ("acc_acme", "agt_738b5c0f660e"));
    let me = door.ok("GET", &format!("/v1/agents/{}", begun.agent), &begun.token.access_token, None).await;
    assert_eq!((me["name"].as_str(), me["role"].as_str()), (Some("王小明"), Some("admin")));
    // Their way in to the console: the refresh token, exchanged.
    let request = json!({
        "account": "acc_acme", "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": begun.token.refresh_token, "subject_token_type": "urn:ietf:params:oauth:token-type:refresh_token",
    });
    assert_eq!(door.token(request).await.unwrap().subject, begun.agent.as_str());

    // Done again it changes nothing; whoever is not its administrator is not let in.
    let again = world.gateway.begin_account(&new).await.unwrap();
    assert_eq!(again.agent, begun.agent);
    let stranger = Beginning { admin: FirstAgent::named("Eve"), ..new.clone() };
    let refused = world.gateway.begin_account(&stranger).await.unwrap_err().to_string();
    assert!(refused.contains("administrator"), "{refused}");
    let misnamed = Beginning { name: "no spaces".into(), ..new };
    let refused = world.gateway.begin_account(&misnamed).await.unwrap_err().to_string();
    assert!(refused.contains("hyphens"), "{refused}");
    world.gateway.stop().await;
}
