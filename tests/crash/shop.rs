//! A shop that sends events all the time: each must say its words to its customer once, whatever was killed when.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_domain::ConversationId;
use deskwire_tests::sender::{Sender, event};
use serde_json::json;
use tokio::time::Instant;

use crate::Run;

/// The shop's customer.
const CUSTOMER: &str = "crash-customer";
/// How long events may take after the last kill: one that was being done is given out again at once.
const ARRIVE: Duration = Duration::from_secs(60);
/// The pause between two events: a batch of kills sees some hundreds.
const PAUSE: Duration = Duration::from_millis(50);

const RULES: &str = "
version: 1
rules:
  - name: words
    when: {type: crash.words}
    contact: {external_id: $.data.customer}
    do:
      - message: \"event {{ data.number }}\"
      - update_contact: {attributes: {number: \"{{ data.number }}\"}}
";

/// It.
pub(crate) struct Shop {
    sender: Sender,
    conversation: ConversationId,
}

impl Shop {
    /// Makes the shop known, its rules, and a conversation of its customer.
    pub(crate) async fn join(run: &Run, admin: &str) -> Result<Self> {
        let put =
            run.door.http.put(format!("{}/v1/rules", run.door.base)).bearer_auth(admin).body(RULES).send().await?;
        ensure!(put.status() == 200, "{}", put.text().await?);
        let token = company_token(&run.door.secret, SubjectKind::Visitor, &json!({"sub": CUSTOMER}))
            .map_err(|error| anyhow::anyhow!("{error}"))?;
        let customer = run.door.connect(&run.door.exchange(&token).await?.access_token).await?;
        let conversation = customer.begin("the shop's customer begins").await;
        Ok(Self { sender: Sender::join(&run.door, admin).await, conversation })
    }

    /// Sends events until the run ends; answers how many.
    pub(crate) async fn send(&self, run: Arc<Run>) -> u64 {
        let mut number = 0;
        while !run.ending.load(Ordering::Relaxed) {
            let id = format!("crash-{number}");
            let sent = event(&id, "crash.words", &json!({"customer": CUSTOMER, "number": number}));
            self.sender.send_until_taken(&sent).await;
            number += 1;
            tokio::time::sleep(PAUSE).await;
        }
        number
    }

    /// Waits until all events have been done; answers the numbers that were said never, or more than once, or too late.
    pub(crate) async fn said_once(&self, run: &Run, admin: &str, events: u64) -> Result<Vec<u64>> {
        let begun = Instant::now();
        loop {
            let said = self.said(run, admin).await?;
            let there = (0..events).filter(|number| said.contains_key(number)).count();
            if there as u64 == events || begun.elapsed() > ARRIVE {
                let mut last = 0;
                let wrong = |number: &u64| match said.get(number).map(Vec::as_slice) {
                    Some([seq]) => {
                        let in_order = *seq > last;
                        last = *seq;
                        !in_order
                    }
                    _ => true,
                };
                return Ok((0..events).filter(wrong).collect());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Where each event's words stand in the log.
    async fn said(&self, run: &Run, admin: &str) -> Result<BTreeMap<u64, Vec<u64>>> {
        let (mut said, mut after) = (BTreeMap::<u64, Vec<u64>>::new(), 0);
        loop {
            let path = format!("/v1/conversations/{}/entries?after={after}&limit=100", self.conversation);
            let (_, page) = run.door.call("GET", &path, Some(admin), None).await?;
            for entry in page["data"].as_array().context("entries")? {
                after = entry["seq"].as_u64().context("a seq")?;
                let number =
                    entry["content"]["text"].as_str().and_then(|text| text.strip_prefix("event ")?.parse().ok());
                if let Some(number) = number {
                    said.entry(number).or_default().push(after);
                }
            }
            if page["more"] != json!(true) {
                return Ok(said);
            }
        }
    }
}
