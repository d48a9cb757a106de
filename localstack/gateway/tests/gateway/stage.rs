//! A gateway with functions that a test brings.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use deskwire_gateway::{
    Data, Gateway, GatewayConfig,
    functions::{Function, Functions, linked},
    gateway::Runtime,
};
use futures::{SinkExt, StreamExt, future::BoxFuture};
use lambda_runtime::LambdaEvent;
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message},
};

/// How long a test waits for what must come.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// What a function does with an event.
pub type Behaviour = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;

/// A function that answers at once.
pub fn answers(answer: impl Fn(&Value) -> Result<Value, String> + Send + Sync + 'static) -> Behaviour {
    let answer = Arc::new(answer);
    Arc::new(move |event| {
        let answer = Arc::clone(&answer);
        Box::pin(async move { answer(&event) })
    })
}

/// What everyone may: in, and an echo.
fn usual(name: &'static str) -> Behaviour {
    answers(move |event| {
        Ok(match name {
            "authorize" => json!({
                "principalId": "somebody", "context": {"kind": "guest"},
                "policyDocument": {"Statement": [{"Effect": "Allow"}]},
            }),
            "message" => json!({"statusCode": 200, "body": event["body"]}),
            "connect" | "disconnect" | "api" => json!({"statusCode": 200}),
            _ => json!({}),
        })
    })
}

/// A gateway, and what its functions were called with.
pub struct Stage {
    pub gateway: Gateway,
    events: BTreeMap<&'static str, tokio::sync::Mutex<mpsc::UnboundedReceiver<Value>>>,
    pub http: reqwest::Client,
}

impl Stage {
    pub async fn new(behaviours: Vec<(&'static str, Behaviour)>) -> Self {
        Self::with(behaviours, Data::Memory, |_| {}).await
    }

    pub async fn with(
        behaviours: Vec<(&'static str, Behaviour)>,
        data: Data,
        change: impl FnOnce(&mut GatewayConfig),
    ) -> Self {
        let mut given: BTreeMap<&'static str, Behaviour> = behaviours.into_iter().collect();
        let mut events = BTreeMap::new();
        let mut functions = Functions::new();
        for name in deskwire_gateway::deployment::NAMES {
            let (told, hears) = mpsc::unbounded_channel();
            events.insert(name, tokio::sync::Mutex::new(hears));
            let behaviour = given.remove(name).unwrap_or_else(|| usual(name));
            functions.insert(name.to_owned(), recorded(behaviour, told));
        }
        assert!(given.is_empty(), "no such function");
        let mut config = GatewayConfig::new(SocketAddr::from(([127, 0, 0, 1], 0)), data);
        config.runtime = Runtime::Given(functions);
        change(&mut config);
        let gateway = Gateway::start(config).await.expect("the gateway starts");
        Self { gateway, events, http: reqwest::Client::new() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.gateway.address)
    }

    /// The next event of a function.
    pub async fn event(&self, function: &str) -> Value {
        let mut events = self.events[function].lock().await;
        tokio::time::timeout(DEADLINE, events.recv()).await.expect("an event in time").expect("an event")
    }

    pub async fn connect(&self, query: &str) -> Result<Socket, Error> {
        connect_async(format!("ws://{}/ws{query}", self.gateway.address)).await.map(|(stream, _)| Socket(stream))
    }

    pub async fn socket(&self) -> Socket {
        self.connect("").await.expect("a socket")
    }

    /// The HTTP status with which a socket is refused.
    pub async fn refused(&self) -> u16 {
        match self.connect("").await {
            Err(Error::Http(response)) => response.status().as_u16(),
            other => panic!("it should be refused: {:?}", other.map(|_| "a socket")),
        }
    }
}

fn recorded(behaviour: Behaviour, told: mpsc::UnboundedSender<Value>) -> Arc<dyn Function> {
    linked(move |event: LambdaEvent<Value>| {
        // A test that does not look is no fault of the function.
        let _ = told.send(event.payload.clone());
        behaviour(event.payload)
    })
}

/// A client's end of a socket.
pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn send(&mut self, message: impl Into<Message>) {
        self.0.send(message.into()).await.expect("it can be sent");
    }

    /// The next text; pings and pongs are passed over.
    pub async fn text(&mut self) -> String {
        loop {
            match self.next().await {
                Some(Message::Text(text)) => return text.to_string(),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("a text should come: {other:?}"),
            }
        }
    }

    /// The code with which the server closes.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match self.next().await {
                Some(Message::Close(Some(frame))) => return frame.code.into(),
                Some(Message::Close(None)) => return 1005,
                Some(_) => {}
                None => return 1006,
            }
        }
    }

    async fn next(&mut self) -> Option<Message> {
        tokio::time::timeout(DEADLINE, self.0.next()).await.expect("something in time").and_then(Result::ok)
    }
}
