//! What each kind of frame costs: units as the engine reports them, invocations, pushes, SQS requests. The table below
//! is a promise: a frame that costs more fails here.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and this one shows its table")]

use deskwire_gateway::Data;
use deskwire_tests::{Client, World};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq)]
struct Cost {
    write: f64,
    read: f64,
    invocations: u64,
    pushes: u64,
    sqs: u64,
}

fn total(world: &World) -> Cost {
    let mut cost = Cost { write: 0.0, read: 0.0, invocations: 0, pushes: world.gateway.pushes(), sqs: 0 };
    for (operation, units) in world.gateway.table_stats() {
        match operation.as_str() {
            "GetItem" | "Query" | "BatchGetItem" | "Scan" => cost.read += units.units,
            "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems" => {
                cost.write += units.units
            }
            _ => {}
        }
    }
    cost.invocations = world.gateway.invocations().values().sum();
    cost.sqs = world.gateway.queue_stats().values().sum();
    cost
}

fn between(a: Cost, b: Cost) -> Cost {
    Cost {
        write: b.write - a.write,
        read: b.read - a.read,
        invocations: b.invocations - a.invocations,
        pushes: b.pushes - a.pushes,
        sqs: b.sqs - a.sqs,
    }
}

async fn measured(world: &World, client: &Client, frame: Value) -> Cost {
    let before = total(world);
    client.ok(frame).await;
    between(before, total(world))
}

/// The most that each frame may cost, on the message path: write units, read units, pushes. One invocation each, and
/// never a request to SQS.
const PROMISED: &[(&str, f64, f64, u64)] = &[
    ("send (steady)", 1.0, 2.0, 1),
    ("send (agent)", 1.0, 2.0, 1),
    ("note", 1.0, 2.0, 1),
    ("sync", 0.0, 1.0, 0),
    ("typing", 0.0, 1.0, 1),
    ("read", 1.0, 2.0, 1),
    ("ping (visitor)", 0.0, 0.0, 0),
    ("ping (agent)", 1.0, 0.0, 0),
    ("hello (visitor, 1 conversation)", 1.0, 5.5, 0),
    ("label", 1.0, 2.0, 1),
    ("begin", 9.0, 7.0, 0),
    ("accept", 5.0, 5.0, 1),
    ("close", 4.0, 2.0, 1),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_frame_costs_more_than_promised() {
    // Without the stream, so that each number is the frame's own.
    let world = World::with(|config| config.background = false, Data::Memory).await;
    if world.gateway.table_stats().is_empty() {
        return;
    }
    let (anna, visitor) = (world.agent("anna").await, world.visitor().await);
    let mut costs: Vec<(&str, Cost)> = vec![];
    // Once each ten seconds an environment looks whether word lists have changed, for one unit: not a frame's own.
    let other = world.visitor().await;
    other.begin("somebody else's first words").await;
    let before = total(&world);
    let conversation = visitor.begin("你好，请问我的订单什么时候到？").await;
    costs.push(("begin", between(before, total(&world))));
    costs.push(("accept", measured(&world, &anna, json!({"action": "accept", "conversation": conversation})).await));
    visitor.until(&conversation, 3).await;
    anna.catch_up(&conversation).await;
    let send = |n: u32, after: u64| json!({"action": "send", "conversation": conversation, "after": after, "client_id": n.to_string(), "content": {"kind": "text", "text": "您好，正在为您查询。"}});
    costs.push(("send (steady)", measured(&world, &visitor, send(1, 3)).await));
    anna.until(&conversation, 4).await;
    costs.push(("send (agent)", measured(&world, &anna, send(2, 4)).await));
    visitor.until(&conversation, 5).await;
    let note = json!({"action": "note", "conversation": conversation, "after": 5, "client_id": "n", "text": "a note"});
    costs.push(("note", measured(&world, &anna, note).await));
    costs.push((
        "label",
        measured(&world, &anna, json!({"action": "label", "conversation": conversation, "add": ["vip"]})).await,
    ));
    visitor.until(&conversation, 7).await;
    costs.push((
        "sync",
        measured(&world, &visitor, json!({"action": "sync", "conversation": conversation, "after": 6})).await,
    ));
    costs.push((
        "typing",
        measured(&world, &visitor, json!({"action": "typing", "conversation": conversation, "on": true})).await,
    ));
    costs.push((
        "read",
        measured(&world, &visitor, json!({"action": "read", "conversation": conversation, "seq": 5})).await,
    ));
    costs.push(("ping (visitor)", measured(&world, &visitor, json!({"action": "ping"})).await));
    costs.push(("ping (agent)", measured(&world, &anna, json!({"action": "ping"})).await));
    let hello = json!({"action": "hello", "cursors": {conversation.as_str(): 7}});
    costs.push(("hello (visitor, 1 conversation)", measured(&world, &visitor, hello).await));
    costs.push(("close", measured(&world, &anna, json!({"action": "close", "conversation": conversation})).await));
    println!(
        "| frame | write units | read units | invocations | pushes | SQS requests |\n| --- | --- | --- | --- | --- | --- |"
    );
    for (name, cost) in &costs {
        println!("| {name} | {} | {} | {} | {} | {} |", cost.write, cost.read, cost.invocations, cost.pushes, cost.sqs);
    }
    for (name, cost) in &costs {
        let (_, write, read, pushes) = PROMISED.iter().find(|(promised, ..)| promised == name).unwrap();
        assert!(cost.write <= *write && cost.read <= *read && cost.pushes <= *pushes, "{name} costs {cost:?}");
        assert_eq!((cost.invocations, cost.sqs), (1, 0), "{name}");
    }
    assert_eq!(costs.len(), PROMISED.len());
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
        let cost = between(before, total(&world));
        costs.push((cost.write, cost.read));
    }
    // But for the looks at the word lists, one in ten seconds.
    let (write, read) = costs[0];
    let others = costs.iter().filter(|cost| **cost != (write, read)).collect::<Vec<_>>();
    assert!(others.len() <= 5 && others.iter().all(|cost| **cost == (write, read + 1.0)), "{read}: {others:?}");
    world.gateway.stop().await;
}
