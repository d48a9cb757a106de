//! Stories of routing: who gets what, and why.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_tests::{Client, World, world::TEAM};
use serde_json::{Value, json};

/// A signed-in visitor of whom the company says this.
async fn visitor(world: &World, claims: Value) -> Client {
    let door = world.door();
    let token = company_token(&door.secret, SubjectKind::Visitor, &claims).unwrap();
    let token = door.exchange(&token).await.unwrap();
    door.connect(&token.access_token).await.unwrap()
}

async fn team(world: &World, change: Value) {
    let admin = world.door().agent("anna").await.unwrap();
    world.door().ok("PATCH", &format!("/v1/teams/{TEAM}"), &admin, Some(change)).await;
}

async fn rules(world: &World, rules: Value) {
    let admin = world.door().agent("anna").await.unwrap();
    world.door().ok("PATCH", "/v1/account", &admin, Some(json!({"priority_rules": rules}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_important_are_served_first_and_then_who_waited_longest() {
    let world = World::memory().await;
    rules(
        &world,
        json!([
            {"attribute": "level", "equals": "vip", "priority": 9},
            {"attribute": "level", "equals": "gold", "priority": 3},
        ]),
    )
    .await;
    let anna = world.agent("anna").await;
    anna.ok(json!({"action": "presence", "status": "away"})).await;
    let mut people = vec![];
    for (id, level) in [("a", "none"), ("b", "gold"), ("c", "gold"), ("d", "vip")] {
        let person = visitor(&world, json!({"sub": id, "level": level})).await;
        let conversation = person.begin(id).await;
        people.push((person, conversation));
    }
    people[0].0.pushed("the last place", |frame| frame["type"] == "position" && frame["position"] == 4).await;
    // One at a time, in the order: d (vip), b and c (gold, b was earlier), a.
    anna.ok(json!({"action": "presence", "status": "online", "capacity": 1})).await;
    for index in [3, 1, 2, 0] {
        let (person, conversation) = &people[index];
        let assigned = person.entry("assigned").await;
        assert_eq!((&assigned["conversation"], &assigned["agent"]), (&json!(conversation), &json!("agt_anna")));
        anna.ok(json!({"action": "close", "conversation": conversation})).await;
    }
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_knows_the_subject_gets_it() {
    let world = World::memory().await;
    rules(&world, json!([{"attribute": "level", "equals": "fr", "priority": 1, "skills": ["french"]}])).await;
    let (_anna, _ben) = (world.agent("anna").await, world.agent("ben").await);
    let french = visitor(&world, json!({"sub": "f", "level": "fr"})).await;
    french.begin("Bonjour").await;
    french.pushed("a place in the queue", |frame| frame["type"] == "position").await;
    let admin = world.door().agent("anna").await.unwrap();
    world.door().ok("PATCH", "/v1/agents/agt_ben", &admin, Some(json!({"skills": ["french"]}))).await;
    assert_eq!(french.entry("assigned").await["agent"], "agt_ben");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_comes_back_to_the_agent_they_know() {
    let world = World::memory().await;
    team(&world, json!({"routing": ["sticky", "round_robin"]})).await;
    let (anna, ben) = (world.agent("anna").await, world.agent("ben").await);
    let admin = world.door().agent("anna").await.unwrap();
    // Closed conversations stay closed: the next words begin another one.
    world.door().ok("PATCH", "/v1/inboxes/inb_web", &admin, Some(json!({"reopen_seconds": 0}))).await;
    let person = visitor(&world, json!({"sub": "loyal"})).await;
    let mut before = None;
    for round in 0..3 {
        let conversation = person.begin(&format!("round {round}")).await;
        let assigned = person.entry("assigned").await;
        assert_eq!(assigned["conversation"], json!(conversation));
        assert_eq!(before.get_or_insert(assigned["agent"].clone()), &assigned["agent"], "round {round}");
        let agent = if assigned["agent"] == "agt_anna" { &anna } else { &ben };
        agent.ok(json!({"action": "close", "conversation": conversation})).await;
        person.entry("closed").await;
        // Somebody else comes between, who goes to whoever waited longest.
        let other = world.visitor().await;
        other.begin("another").await;
        other.entry("assigned").await;
    }
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_load_is_shared_by_capacity_or_by_turns() {
    for (routing, shares) in [(json!(["least_loaded"]), [4, 2]), (json!(["round_robin"]), [3, 3])] {
        let world = World::memory().await;
        team(&world, json!({"routing": routing})).await;
        let (anna, ben) = (world.agent("anna").await, world.agent("ben").await);
        anna.ok(json!({"action": "presence", "capacity": 8})).await;
        ben.ok(json!({"action": "presence", "capacity": 4})).await;
        let (mut got, mut visitors) = ([0, 0], vec![]);
        for _ in 0..6 {
            let visitor = world.visitor().await;
            visitor.begin("hello").await;
            got[usize::from(visitor.entry("assigned").await["agent"] == "agt_ben")] += 1;
            visitors.push(visitor);
        }
        assert_eq!(got, shares, "{routing}");
        world.gateway.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_vanishes_gives_back_and_one_who_returns_in_time_does_not() {
    let world = World::memory().await;
    let admin = world.door().agent("anna").await.unwrap();
    world.door().ok("PATCH", "/v1/account", &admin, Some(json!({"grace_seconds": 3}))).await;
    let (status, problem) =
        world.door().call("PATCH", "/v1/account", Some(&admin), Some(json!({"grace_seconds": 1}))).await.unwrap();
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_field")));
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("is anybody there?").await;
    assert_eq!(visitor.entry("assigned").await["agent"], "agt_anna");
    // Her page is loaded anew.
    anna.close().await;
    let anna = world.agent("anna").await;
    anna.catch_up(&conversation).await;
    let said = anna.say(&conversation, "yes").await;
    visitor.until(&conversation, said.seq.unwrap()).await;
    // She is gone, and Ben comes.
    anna.close().await;
    let queued = visitor.entry("queued").await;
    assert_eq!((&queued["conversation"], &queued["reason"]), (&json!(conversation), &json!("agent_gone")));
    let _ben = world.agent("ben").await;
    assert_eq!(visitor.entry("assigned").await["agent"], "agt_ben");
    let load = world.door().ok("GET", "/v1/agents/agt_anna", &admin, None).await;
    assert_eq!((&load["load"], &load["status"]), (&json!(0), &json!("offline")));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_does_not_route_gives_out_what_waits_as_soon_as_it_does() {
    let world = World::memory().await;
    team(&world, json!({"auto_assign": false})).await;
    let anna = world.agent("anna").await;
    let (first, second) = (world.visitor().await, world.visitor().await);
    let taken = first.begin("one").await;
    let waiting = second.begin("two").await;
    second.pushed("a place in the queue", |frame| frame["type"] == "position" && frame["position"] == 2).await;
    anna.ok(json!({"action": "accept", "conversation": taken})).await;
    assert_eq!(first.entry("assigned").await["reason"], "accept");
    team(&world, json!({"auto_assign": true})).await;
    let assigned = second.entry("assigned").await;
    assert_eq!((&assigned["conversation"], &assigned["reason"]), (&json!(waiting), &json!("routing")));
    world.gateway.stop().await;
}
