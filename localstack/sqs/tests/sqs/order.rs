//! Whatever clients do, in whatever order: a FIFO queue keeps each group's order, loses nothing, and gives nothing to
//! two at a time.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::bench::Service;

#[derive(Debug, Clone)]
enum Step {
    /// To a group.
    Send(u8),
    /// So many, for so many seconds.
    Receive(u8, u8),
    /// One of those in hand.
    Delete(usize),
    /// One of those in hand, for so many seconds.
    Extend(usize, u8),
    /// Seconds.
    Pass(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..4u8).prop_map(Step::Send),
        3 => (1..=10u8, 0..6u8).prop_map(|(most, timeout)| Step::Receive(most, timeout)),
        3 => any::<usize>().prop_map(Step::Delete),
        1 => (any::<usize>(), 0..6u8).prop_map(|(which, timeout)| Step::Extend(which, timeout)),
        1 => (1..4u8).prop_map(Step::Pass),
    ]
}

/// What must be so, kept beside what is.
#[derive(Default)]
struct Model {
    now: u64,
    sent: u64,
    /// What is not deleted yet, by group and in order.
    groups: BTreeMap<String, Vec<u64>>,
    /// Messages in flight: the group and until when.
    in_flight: BTreeMap<u64, (String, u64)>,
    /// Receipts in hand: message, receipt.
    hand: Vec<(u64, Value)>,
}

impl Model {
    fn settle(&mut self) {
        self.in_flight.retain(|_, (_, until)| *until > self.now);
    }

    /// What one receive gave: of each group the first ones in order, of none that has others in flight.
    fn received(&mut self, messages: &[Value], most: u8, timeout: u64) {
        assert!(messages.len() <= usize::from(most));
        let mut given: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for message in messages {
            let number = message["Body"].as_str().unwrap().parse().unwrap();
            let group = message["Attributes"]["MessageGroupId"].as_str().unwrap().to_owned();
            given.entry(group).or_default().push(number);
            self.hand.retain(|(of, _)| *of != number);
            self.hand.push((number, message["ReceiptHandle"].clone()));
        }
        let busy: BTreeSet<&String> = self.in_flight.values().map(|(group, _)| group).collect();
        for (group, numbers) in &given {
            assert!(!busy.contains(group), "{group} is in flight");
            assert!(self.groups[group].starts_with(numbers), "{numbers:?} of {:?}", self.groups[group]);
        }
        let free = self.groups.iter().filter(|(group, _)| !busy.contains(group)).map(|(_, left)| left.len()).sum();
        assert_eq!(messages.len(), usize::from(most).min(free), "all that can be given is given");
        for (group, numbers) in given {
            self.in_flight.extend(numbers.into_iter().map(|number| (number, (group.clone(), self.now + timeout))));
        }
        self.settle();
    }

    async fn apply(&mut self, service: &Service, step: Step) {
        match step {
            Step::Send(group) => {
                self.sent += 1;
                let (group, body) = (format!("g{group}"), self.sent.to_string());
                let send = json!({"QueueUrl": "q.fifo", "MessageBody": body, "MessageGroupId": group, "MessageDeduplicationId": body});
                service.ok("SendMessage", send).await;
                self.groups.entry(group).or_default().push(self.sent);
            }
            Step::Receive(most, timeout) => {
                let receive = json!({
                    "QueueUrl": "q.fifo", "MaxNumberOfMessages": most, "VisibilityTimeout": timeout,
                    "MessageSystemAttributeNames": ["All"],
                });
                let answer = service.ok("ReceiveMessage", receive).await;
                let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
                self.received(&messages, most, timeout.into());
            }
            Step::Delete(which) if !self.hand.is_empty() => {
                let (number, receipt) = self.hand.remove(which % self.hand.len());
                let delete = json!({"QueueUrl": "q.fifo", "ReceiptHandle": receipt});
                let (status, ..) = service.raw("DeleteMessage", delete).await;
                let was_in_flight = self.in_flight.remove(&number).is_some();
                assert_eq!(status == 200, was_in_flight, "a receipt counts as long as its message is in flight");
                if was_in_flight {
                    self.groups.values_mut().for_each(|left| left.retain(|of| *of != number));
                }
            }
            Step::Extend(which, timeout) if !self.hand.is_empty() => {
                let (number, receipt) = &self.hand[which % self.hand.len()];
                let extend = json!({"QueueUrl": "q.fifo", "ReceiptHandle": receipt, "VisibilityTimeout": timeout});
                let (status, ..) = service.raw("ChangeMessageVisibility", extend).await;
                assert_eq!(status == 200, self.in_flight.contains_key(number));
                if let Some((_, until)) = self.in_flight.get_mut(number) {
                    *until = self.now + u64::from(timeout);
                }
                self.settle();
            }
            Step::Pass(seconds) => {
                service.pass(seconds.into());
                self.now += u64::from(seconds);
                self.settle();
            }
            Step::Delete(_) | Step::Extend(..) => {}
        }
    }

    /// In the end all comes, in order.
    async fn drain(mut self, service: &Service) {
        self.apply(service, Step::Pass(10)).await;
        while self.groups.values().any(|left| !left.is_empty()) {
            let before = self.groups.clone();
            self.apply(service, Step::Receive(10, 5)).await;
            while !self.in_flight.is_empty() {
                self.apply(service, Step::Delete(0)).await;
            }
            assert_ne!(before, self.groups, "nothing came, but something is left");
        }
        self.apply(service, Step::Receive(10, 5)).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_fifo_queue_keeps_order_loses_nothing_and_gives_nothing_twice(
        steps in prop::collection::vec(step(), 1..80)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let service = Service::new(None);
            service.ok("CreateQueue", json!({"QueueName": "q.fifo", "Attributes": {"FifoQueue": "true"}})).await;
            let mut model = Model::default();
            for step in steps {
                model.apply(&service, step).await;
            }
            model.drain(&service).await;
        });
    }
}
