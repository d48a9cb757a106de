//! Random people do random things and are cut off at random: the log stays gapless, and whatever a reader pieced
//! together from acks, pushes and resumes is what a fresh reader reads. For every action.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_domain::ConversationId;
use deskwire_tests::{
    Client, World,
    world::{Door, TEAM},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

/// Steps of one run; with the actions below each happens several times.
const STEPS: usize = 120;

fn action(random: &mut StdRng, conversation: &str, seen: u64, step: usize) -> Value {
    let mut frame = match random.random_range(0..15) {
        0..=3 => {
            json!({"action": "send", "after": seen, "client_id": step.to_string(), "content": {"kind": "text", "text": step.to_string()}})
        }
        4 => json!({"action": "note", "after": seen, "client_id": format!("n{step}"), "text": "a note"}),
        5 => json!({"action": "accept"}),
        6 => {
            json!({"action": "transfer", "to": if random.random() { json!({"team": TEAM}) } else { json!({"agent": "agt_ben"}) }, "seconds": 1})
        }
        7 => json!({"action": "decline"}),
        8 => json!({"action": "close"}),
        9 => json!({"action": "reopen"}),
        11 => {
            let until = jiff::Timestamp::now() + jiff::SignedDuration::from_millis(1_500);
            json!({"action": "snooze", "until": until.to_string()})
        }
        12 => json!({"action": "read", "seq": seen}),
        13 => json!({"action": "typing", "on": random.random::<bool>()}),
        10 => json!({"action": "label", "add": [format!("l{}", step % 5)], "remove": [format!("l{}", (step + 2) % 5)]}),
        _ => json!({"action": "assign", "agent": if random.random() { "agt_anna" } else { "agt_ben" }}),
    };
    frame["conversation"] = conversation.into();
    frame
}

async fn run(seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let world = World::memory().await;
    let door = world.door();
    let tokens = [
        door.anonymous().await.unwrap().access_token,
        door.agent("anna").await.unwrap(),
        door.agent("ben").await.unwrap(),
    ];
    let mut clients: Vec<Client> = vec![];
    for token in &tokens {
        clients.push(door.connect(token).await.unwrap());
    }
    for agent in &clients[1..] {
        agent.ok(json!({"action": "presence", "status": "online"})).await;
    }
    let conversation = clients[0].begin("hi").await;
    let resume = |client: Client| {
        let frame = json!({"action": "hello", "cursors": {conversation.as_str(): client.seen(&conversation)}});
        async move {
            client.ok(frame).await;
            client
        }
    };
    let mut all = vec![];
    for client in clients {
        all.push(resume(client).await);
    }
    for step in 0..STEPS {
        let who = random.random_range(0..all.len());
        if random.random_ratio(1, 12) {
            // Cut: a new socket, as a page that is loaded anew, or one that goes on with what it had read.
            let next = door.connect(&tokens[who]).await.unwrap();
            if random.random() {
                next.inherit(&all[who]);
            }
            all[who] = resume(next).await;
        }
        let frame = action(&mut random, conversation.as_str(), all[who].seen(&conversation), step);
        // Granted or refused: both must leave the log whole.
        let _ = all[who].ask(frame).await.unwrap();
    }
    agree(&door, &tokens, &all, &conversation).await;
    world.gateway.stop().await;
}

/// Every reader's log is what a fresh reader of its kind reads.
async fn agree(door: &Door, tokens: &[String], readers: &[Client], conversation: &ConversationId) {
    let fresh = |token: String| async move {
        let client = door.connect(&token).await.unwrap();
        client.catch_up(conversation).await;
        client.log(conversation)
    };
    let (staff, visitor) = (fresh(tokens[1].clone()).await, fresh(tokens[0].clone()).await);
    let head = staff.len().max(visitor.len());
    assert!(head > 20, "too little happened: {head}");
    for (who, reader) in readers.iter().enumerate() {
        reader.until(conversation, head as u64).await;
        let (log, truth) = (reader.log(conversation), if who == 0 { &visitor } else { &staff });
        assert!(log.iter().map(deskwire_protocol::EntryView::seq).eq(1..=log.len() as u64));
        // A transfer's time may have run out since the fresh read; what was there then must be the same.
        assert_eq!(log[..truth.len()], truth[..], "reader {who}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_and_pushes_are_a_fresh_read_whatever_happens() {
    for seed in 0..8 {
        run(seed).await;
    }
}
