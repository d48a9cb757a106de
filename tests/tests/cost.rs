//! What each piece of work costs: units as the engine reports them, invocations, pushes, SQS requests. What it may cost
//! stands in `deskwire_gateway::cost::work`, of which `deskwire cost` makes its bills: what costs more fails here.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and this one shows its table")]

use std::{collections::BTreeMap, time::Duration};

use deskwire_gateway::{
    Data,
    cost::work::{self, FRAMES, Work},
};
use deskwire_tests::{
    Client, World,
    bot::{Bot, answer},
    receiver::Receiver,
    world::TEAM,
};
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Default)]
struct Cost {
    write: f64,
    read: f64,
    posts: f64,
    sqs: f64,
    calls: BTreeMap<String, f64>,
}

impl Cost {
    /// What so much of these works may cost.
    fn of(works: &[(&Work, f64)]) -> Self {
        let mut cost = Self::default();
        for (work, count) in works {
            cost.write += work.write * count;
            cost.read += work.read * count;
            cost.posts += work.posts * count;
            cost.sqs += work.sqs * count;
            for (function, calls) in work.calls {
                *cost.calls.entry(function.name.to_owned()).or_default() += calls * count;
            }
        }
        cost
    }

    fn within(&self, most: &Self, what: &str) {
        let calls = self.calls.iter().all(|(name, calls)| most.calls.get(name).is_some_and(|most| calls <= most));
        let units = self.write <= most.write && self.read <= most.read;
        assert!(
            units && self.posts <= most.posts && self.sqs <= most.sqs && calls,
            "{what} costs {self:?}, and may cost {most:?}"
        );
    }
}

fn total(world: &World) -> Cost {
    let mut cost = Cost { posts: world.gateway.pushes() as f64, ..Cost::default() };
    for (operation, units) in world.gateway.table_stats() {
        match operation.as_str() {
            "GetItem" | "Query" | "BatchGetItem" | "Scan" => cost.read += units.units,
            "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems" => {
                cost.write += units.units
            }
            _ => {}
        }
    }
    cost.calls = world.gateway.invocations().into_iter().map(|(name, calls)| (name, calls as f64)).collect();
    for (action, requests) in world.gateway.queue_stats() {
        cost.sqs += match action.as_str() {
            // Receives that bring nothing are the same all the time: `cost::bill` counts them by the hour. One that
            // brings something is followed by one that deletes it.
            "ReceiveMessage" => 0.0,
            "DeleteMessageBatch" => 2.0 * requests as f64,
            _ => requests as f64,
        };
    }
    cost
}

fn between(a: &Cost, b: &Cost) -> Cost {
    let new = |(name, calls): (&String, &f64)| {
        let calls = calls - a.calls.get(name).unwrap_or(&0.0);
        (calls > 0.0).then(|| (name.clone(), calls))
    };
    Cost {
        write: b.write - a.write,
        read: b.read - a.read,
        posts: b.posts - a.posts,
        sqs: b.sqs - a.sqs,
        calls: b.calls.iter().filter_map(new).collect(),
    }
}

async fn measured(world: &World, client: &Client, frame: Value) -> Cost {
    let before = total(world);
    client.ok(frame).await;
    between(&before, &total(world))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_frame_costs_more_than_promised() {
    // Without the stream, so that each number is the frame's own.
    let world = World::with(|config| config.background = false, Data::Memory).await;
    if world.gateway.table_stats().is_empty() {
        return;
    }
    let (anna, visitor) = (world.agent("anna").await, world.visitor().await);
    let mut costs: Vec<(&Work, Cost)> = vec![];
    // Once each ten seconds an environment looks whether word lists have changed, for one unit: not a frame's own.
    let other = world.visitor().await;
    other.begin("somebody else's first words").await;
    let before = total(&world);
    let conversation = visitor.begin("你好，请问我的订单什么时候到？").await;
    costs.push((&work::BEGIN, between(&before, &total(&world))));
    costs.push((
        &work::ACCEPT,
        measured(&world, &anna, json!({"action": "accept", "conversation": conversation})).await,
    ));
    visitor.until(&conversation, 3).await;
    anna.catch_up(&conversation).await;
    let send = |n: u32, after: u64| json!({"action": "send", "conversation": conversation, "after": after, "client_id": n.to_string(), "content": {"kind": "text", "text": "您好，正在为您查询。"}});
    costs.push((&work::SEND, measured(&world, &visitor, send(1, 3)).await));
    anna.until(&conversation, 4).await;
    costs.push((&work::SEND, measured(&world, &anna, send(2, 4)).await));
    visitor.until(&conversation, 5).await;
    let note = json!({"action": "note", "conversation": conversation, "after": 5, "client_id": "n", "text": "a note"});
    costs.push((&work::NOTE, measured(&world, &anna, note).await));
    costs.push((
        &work::LABEL,
        measured(&world, &anna, json!({"action": "label", "conversation": conversation, "add": ["vip"]})).await,
    ));
    visitor.until(&conversation, 7).await;
    costs.push((
        &work::SYNC,
        measured(&world, &visitor, json!({"action": "sync", "conversation": conversation, "after": 6})).await,
    ));
    costs.push((
        &work::TYPING,
        measured(&world, &visitor, json!({"action": "typing", "conversation": conversation, "on": true})).await,
    ));
    costs.push((
        &work::READ,
        measured(&world, &visitor, json!({"action": "read", "conversation": conversation, "seq": 5})).await,
    ));
    costs.push((&work::PING_VISITOR, measured(&world, &visitor, json!({"action": "ping"})).await));
    costs.push((&work::PING_AGENT, measured(&world, &anna, json!({"action": "ping"})).await));
    let hello = json!({"action": "hello", "cursors": {conversation.as_str(): 7}});
    costs.push((&work::HELLO, measured(&world, &visitor, hello).await));
    costs.push((&work::CLOSE, measured(&world, &anna, json!({"action": "close", "conversation": conversation})).await));
    println!("| frame | write units | read units | pushes |\n| --- | --- | --- | --- |");
    for (frame, cost) in &costs {
        println!("| {} | {} | {} | {} |", frame.name, cost.write, cost.read, cost.posts);
    }
    for (frame, cost) in &costs {
        cost.within(&Cost::of(&[(frame, 1.0)]), frame.name);
        assert_eq!(cost.calls.values().sum::<f64>(), 1.0, "{}", frame.name);
    }
    assert!(FRAMES.iter().all(|frame| costs.iter().any(|(measured, _)| *measured == frame)), "all are measured");
    world.gateway.stop().await;
}

/// The cost of one message grows neither with the conversation nor with the number of conversations.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_costs_the_same_in_a_long_conversation() {
    let world = World::with(|config| config.background = false, Data::Memory).await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hi").await;
    let mut costs = vec![];
    for n in 0..200u64 {
        let frame = json!({"action": "send", "conversation": conversation, "after": visitor.seen(&conversation), "client_id": n.to_string(), "content": {"kind": "text", "text": "a message like any other"}});
        let before = total(&world);
        while let Err(error) = visitor.ask(frame.clone()).await.unwrap() {
            assert_eq!(error.code.as_str(), "rate_limited");
        }
        let cost = between(&before, &total(&world));
        costs.push((cost.write, cost.read));
    }
    // But for the looks at the word lists, one in ten seconds.
    let (write, read) = costs[0];
    let others = costs.iter().filter(|cost| **cost != (write, read)).collect::<Vec<_>>();
    assert!(others.len() <= 5 && others.iter().all(|cost| **cost == (write, read + 1.0)), "{read}: {others:?}");
    world.gateway.stop().await;
}

/// A world in which nothing runs by the clock, so that what is counted is the story's own.
async fn world_without_a_clock() -> World {
    World::with(|config| config.schedule = Duration::from_secs(86_400), Data::Memory).await
}

/// What there was in all, once nothing has been counted for a while.
async fn settled(world: &World) -> Cost {
    /// Looks that must agree; a job that waits is taken within one.
    const LOOKS: u32 = 16;
    let (mut before, mut same) = (total(world), 0);
    while same < LOOKS {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = total(world);
        same = if now == before { same + 1 } else { 0 };
        before = now;
    }
    before
}

/// Once each ten seconds an environment looks whether word lists have changed, for one unit: not a step's own.
const WORD_LISTS: f64 = 1.0;

/// Counts steps of a story, each with all that follows from it, and prints them.
struct Steps<'a> {
    world: &'a World,
    before: Cost,
}

impl<'a> Steps<'a> {
    async fn of(world: &'a World) -> Self {
        println!(
            "| step | write units | read units | pushes | SQS requests | invocations |\n| --- | --- | --- | --- | --- | --- |"
        );
        Self { world, before: settled(world).await }
    }

    /// What was done since the last step may have cost no more than these.
    async fn cost(&mut self, what: &str, works: &[(&Work, f64)]) {
        let now = settled(self.world).await;
        let cost = between(&self.before, &now);
        println!("| {what} | {} | {} | {} | {} | {:?} |", cost.write, cost.read, cost.posts, cost.sqs, cost.calls);
        let most = Cost::of(works);
        cost.within(&Cost { read: most.read + WORD_LISTS, ..most }, what);
        self.before = now;
    }
}

/// What follows from a message, a beginning and an end: rows, places, assignment, counting. With an open console, and
/// with more agents than one.
#[tokio::test(flavor = "multi_thread")]
async fn what_follows_costs_no_more_than_promised() {
    let world = world_without_a_clock().await;
    let hired = world.hire(3).await;
    let mut steps = Steps::of(&world).await;
    let anna = world.agent("anna").await;
    anna.ok(json!({"action": "hello"})).await;
    anna.ok(json!({"action": "watch", "team": TEAM})).await;
    steps.cost("an agent comes", &[(&work::AGENT_SOCKET, 1.0)]).await;
    // Whoever else is there is asked too, and only Anna has room.
    for agent in &hired {
        agent.ok(json!({"action": "presence", "status": "away"})).await;
    }
    settled(&world).await;
    let mut steps = Steps::of(&world).await;
    let visitor = world.visitor().await;
    visitor.ok(json!({"action": "hello"})).await;
    steps.cost("a visitor comes", &[(&work::VISITOR_SOCKET, 1.0), (&work::HELLO, 1.0)]).await;
    let conversation = visitor.begin("你好，请问我的订单什么时候到？").await;
    let begun = [
        (&work::BEGIN, 1.0),
        (&work::AFTER_BEGIN, 1.0),
        (&work::AFTER_ASSIGN, 1.0),
        (&work::CANDIDATE, 5.0),
        (&work::ROW, 3.0),
    ];
    steps.cost("a conversation begins", &begun).await;
    anna.catch_up(&conversation).await;
    visitor.catch_up(&conversation).await;
    steps.before = settled(&world).await;
    for (n, client) in [&anna, &visitor, &anna, &visitor].into_iter().enumerate() {
        client.say(&conversation, "您好，正在为您查询。").await;
        let first_response = if n == 0 { 1.0 } else { 0.0 };
        let message = [
            (&work::SEND, 1.0),
            (&work::AFTER_MESSAGE, 1.0),
            (&work::FIRST_RESPONSE, first_response),
            (&work::ROW, 1.0),
        ];
        steps.cost("a message", &message).await;
        anna.catch_up(&conversation).await;
        visitor.catch_up(&conversation).await;
        steps.before = settled(&world).await;
    }
    anna.ok(json!({"action": "close", "conversation": conversation})).await;
    steps.cost("the end", &[(&work::CLOSE, 1.0), (&work::AFTER_CLOSE, 1.0), (&work::ROW, 1.0)]).await;
    world.gateway.stop().await;
}

/// A webhook endpoint that takes everything, and the requests of a console.
#[tokio::test(flavor = "multi_thread")]
async fn deliveries_and_requests_cost_no_more_than_promised() {
    let world = world_without_a_clock().await;
    let (company, door) = (Receiver::start().await, world.door());
    let admin = door.agent("anna").await.unwrap();
    door.ok("POST", "/v1/webhooks", &admin, Some(json!({"url": company.url(), "events": ["*"]}))).await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let mut steps = Steps::of(&world).await;
    let conversation = visitor.begin("你好").await;
    let begun = [
        (&work::BEGIN, 1.0),
        (&work::AFTER_BEGIN, 1.0),
        (&work::AFTER_ASSIGN, 1.0),
        (&work::CANDIDATE, 2.0),
        // The contact, the conversation, the message, the assignment.
        (&work::DELIVERY, 4.0),
    ];
    steps.cost("a conversation begins, and is told", &begun).await;
    visitor.catch_up(&conversation).await;
    anna.catch_up(&conversation).await;
    steps.before = settled(&world).await;
    visitor.say(&conversation, "请问我的订单什么时候到？").await;
    let message = [(&work::SEND, 1.0), (&work::AFTER_MESSAGE, 1.0), (&work::DELIVERY, 1.0)];
    steps.cost("a message, and is told", &message).await;
    let contact = door.ok("GET", &format!("/v1/conversations/{conversation}"), &admin, None).await;
    let contact = contact["contact"].as_str().or_else(|| contact["state"]["contact"].as_str()).unwrap().to_owned();
    for path in [
        format!("/v1/conversations/{conversation}/entries?after=0"),
        format!("/v1/contacts/{contact}"),
        "/v1/agents".into(),
    ] {
        door.ok("GET", &path, &admin, None).await;
    }
    steps.cost("four requests", &[(&work::REQUEST, 4.0)]).await;
    drop((visitor, anna));
    let gone = [(&work::VISITOR_SOCKET, 1.0), (&work::AGENT_SOCKET, 1.0)];
    steps.cost("both leave", &gone).await;
    world.gateway.stop().await;
}

/// Turns of the AI agent.
#[tokio::test(flavor = "multi_thread")]
async fn turns_cost_no_more_than_promised() {
    let world = world_without_a_clock().await;
    let bot = Bot::start(&world, json!({})).await;
    bot.knows_the_shop().await;
    let visitor = world.visitor().await;
    let mut steps = Steps::of(&world).await;
    let conversation = visitor.begin("How long does delivery take?").await;
    answer(&visitor).await;
    let turn = [(&work::TURN, 1.0), (&work::AFTER_MESSAGE, 1.0)];
    steps.cost("it answers first", &[[(&work::BEGIN, 1.0), (&work::AFTER_BEGIN, 1.0)], turn].concat()).await;
    for question in ["Which payment methods do you accept?", "How can I return an item?"] {
        visitor.catch_up(&conversation).await;
        steps.before = settled(&world).await;
        visitor.say(&conversation, question).await;
        answer(&visitor).await;
        steps.cost("a turn", &[[(&work::SEND, 1.0), (&work::AFTER_MESSAGE, 1.0)], turn].concat()).await;
    }
    let close = json!({"action": "close", "conversation": conversation});
    bot.ok("POST", &format!("/v1/conversations/{conversation}/actions"), Some(close)).await;
    // Closed over HTTP: a request, and no frame.
    let end = [(&work::CLOSE, 1.0), (&work::AFTER_CLOSE, 1.0), (&work::SUMMARY, 1.0), (&work::REQUEST, 1.0)];
    steps.cost("the end, with a summary", &end).await;
    world.gateway.stop().await;
}

/// A run of `sweep` that finds nothing due.
#[tokio::test(flavor = "multi_thread")]
async fn sweeping_costs_no_more_than_promised() {
    let world = World::with(|config| config.schedule = Duration::from_millis(200), Data::Memory).await;
    let runs = |cost: &Cost| cost.calls.get("sweep").copied().unwrap_or_default();
    let before = total(&world);
    let mut now = before.clone();
    while runs(&now) < runs(&before) + 4.0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        now = total(&world);
    }
    // The last run may still read.
    let cost = between(&before, &now);
    assert!(cost.write == 0.0 && cost.sqs == 0.0 && cost.read > 0.0, "{cost:?}");
    assert!(cost.read <= work::SWEEP_RUN.read * (runs(&cost) + 1.0), "{cost:?}");
    world.gateway.stop().await;
}
