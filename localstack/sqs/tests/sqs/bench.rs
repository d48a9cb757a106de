//! What a test stands on: a service with a clock, its HTTP front, and an SDK client.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use aws_sdk_sqs::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    types::{Message, MessageSystemAttributeName, QueueAttributeName},
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Response},
};
use deskwire_sqs::{QueueConfig, QueueService, Reply};
use serde_json::{Value, json};

/// When a test's time begins, in milliseconds since 1970.
pub const START: i64 = 1_700_000_000_000;

/// A service whose clock a test turns.
#[derive(Clone)]
pub struct Service {
    pub queues: QueueService,
    now: Arc<AtomicI64>,
}

impl Service {
    pub fn new(path: Option<&Path>) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let clock = Arc::clone(&now);
        let config = QueueConfig {
            base_url: "http://sqs.example".into(),
            region: "eu-central-1".into(),
            account_id: "000000000000".into(),
        };
        let queues = QueueService::with_clock(path, config, Arc::new(move || clock.load(Ordering::SeqCst))).unwrap();
        Self { queues, now }
    }

    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::SeqCst);
        self.queues.wake();
    }

    /// A request as it is on the wire, and its answer.
    pub async fn raw(&self, action: &str, body: Value) -> (u16, Value, Option<String>) {
        let reply = self.queues.call(action, body.to_string().as_bytes()).await;
        (reply.status, serde_json::from_slice(&reply.body).unwrap(), reply.query_error)
    }

    /// A receive that waits, and has looked by the time that any later request is done: requests are done in turn.
    pub async fn waiting(&self, queue: &str) -> Waiting {
        let (queues, body) = (self.queues.clone(), json!({"QueueUrl": queue, "WaitTimeSeconds": 20}).to_string());
        let receive = tokio::spawn(async move { queues.call("ReceiveMessage", body.as_bytes()).await });
        tokio::task::yield_now().await;
        Waiting(receive)
    }

    pub async fn ok(&self, action: &str, body: Value) -> Value {
        let (status, answer, _) = self.raw(action, body).await;
        assert_eq!(status, 200, "{action}: {answer}");
        answer
    }
}

/// A receive under way.
pub struct Waiting(tokio::task::JoinHandle<Reply>);

impl Waiting {
    /// The message that it gets, which must be long before its wait is over.
    pub async fn message(self) -> Value {
        let reply = tokio::time::timeout(Duration::from_secs(5), self.0).await.expect("a commit wakes it").unwrap();
        let answer: Value = serde_json::from_slice(&reply.body).unwrap();
        answer["Messages"][0].clone()
    }

    /// Whoever asked goes away.
    pub async fn give_up(self) {
        self.0.abort();
        let _ = self.0.await;
    }
}

/// A service, its HTTP front and a client.
pub struct Bench {
    pub sqs: Client,
    pub service: Service,
    front: tokio::task::JoinHandle<()>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.front.abort();
    }
}

impl Bench {
    pub async fn new() -> Self {
        let service = Service::new(None);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(front).with_state(service.queues.clone());
        let front = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
            .endpoint_url(endpoint)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Self { sqs: Client::from_conf(config), service, front }
    }

    pub fn pass(&self, seconds: i64) {
        self.service.pass(seconds);
    }

    /// Makes a queue; answers its URL.
    pub async fn queue(&self, name: &str, attributes: &[(&str, &str)]) -> String {
        let mut create = self.sqs.create_queue().queue_name(name);
        for (attribute, value) in attributes {
            create = create.attributes(QueueAttributeName::from(*attribute), *value);
        }
        create.send().await.unwrap().queue_url.unwrap()
    }

    /// Sends a body; answers its message id.
    pub async fn send(&self, url: &str, body: &str) -> String {
        self.sqs.send_message().queue_url(url).message_body(body).send().await.unwrap().message_id.unwrap()
    }

    /// Sends a body to a FIFO queue, deduplicated by the body.
    pub async fn send_to(&self, url: &str, group: &str, body: &str) {
        let send = self.sqs.send_message().queue_url(url).message_body(body);
        send.message_group_id(group).message_deduplication_id(body).send().await.unwrap();
    }

    /// Receives all that one receive gives, with all attributes.
    pub async fn receive(&self, url: &str) -> Vec<Message> {
        let receive = self.sqs.receive_message().queue_url(url).max_number_of_messages(10);
        let receive = receive.message_system_attribute_names(MessageSystemAttributeName::All);
        receive.message_attribute_names("All").send().await.unwrap().messages.unwrap_or_default()
    }

    pub async fn bodies(&self, url: &str) -> Vec<String> {
        bodies(&self.receive(url).await)
    }

    pub async fn delete(&self, url: &str, message: &Message) {
        self.sqs.delete_message().queue_url(url).receipt_handle(receipt(message)).send().await.unwrap();
    }

    /// One attribute of a queue.
    pub async fn attribute(&self, url: &str, name: &str) -> Option<String> {
        let name = QueueAttributeName::from(name);
        let all = self.sqs.get_queue_attributes().queue_url(url).attribute_names(QueueAttributeName::All);
        all.send().await.unwrap().attributes.unwrap_or_default().remove(&name)
    }

    /// Messages to be had, in flight, and delayed.
    pub async fn counts(&self, url: &str) -> [String; 3] {
        let names = ["", "NotVisible", "Delayed"].map(|kind| format!("ApproximateNumberOfMessages{kind}"));
        let mut counts = names.clone();
        for (count, name) in counts.iter_mut().zip(names) {
            *count = self.attribute(url, &name).await.unwrap();
        }
        counts
    }
}

pub fn bodies(messages: &[Message]) -> Vec<String> {
    messages.iter().map(|message| message.body.clone().unwrap()).collect()
}

pub fn receipt(message: &Message) -> &str {
    message.receipt_handle.as_deref().unwrap()
}

pub fn system(message: &Message, name: &str) -> Option<String> {
    message.attributes.as_ref()?.get(&MessageSystemAttributeName::from(name)).cloned()
}

/// What the gateway does, without its signatures.
async fn front(State(queues): State<QueueService>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let action = headers["x-amz-target"].to_str().unwrap().strip_prefix("AmazonSQS.").unwrap();
    let reply = queues.call(action, &body).await;
    let mut response = Response::builder().status(reply.status).header("content-type", "application/x-amz-json-1.0");
    if let Some(error) = reply.query_error {
        response = response.header("x-amzn-query-error", error);
    }
    response.body(Body::from(reply.body)).unwrap()
}
