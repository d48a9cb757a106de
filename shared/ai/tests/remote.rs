//! A mind elsewhere, played by a real little gRPC server, also over TLS.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, a panic is the report")]

mod support;

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use deskwire_ai::{
    agent::{Agent, AgentError, Conversation, Feedback, Parameter, Response, Tool, ToolAnswer, ToolResult},
    mask::{Hidden, Mask},
    model::Masker,
    remote::{
        Remote, RemoteAgent,
        proto::{
            self, HandleQueryRequest, HandleQueryResponse, LearnResponse, Reply, ToolCalls,
            ai_customer_service_server::{AiCustomerService, AiCustomerServiceServer},
            handle_query_response::Response as Wanted,
        },
    },
    secret::Secret,
};
use deskwire_outbound::{GuardedClient, Policy};
use serde_json::json;
use support::{SHORT, args, call, conversation};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer},
};
use tokio_stream::{StreamExt, wrappers::TcpListenerStream};
use tonic::{Code, Request, Status, transport::Server};

#[derive(Clone)]
enum Does {
    Says(Option<Wanted>),
    Fails(Code),
    Hangs,
}

#[derive(Clone)]
struct Mind {
    does: Does,
    asked: Arc<Mutex<Vec<(HandleQueryRequest, String, String)>>>,
}

#[tonic::async_trait]
impl AiCustomerService for Mind {
    async fn handle_query(
        &self,
        request: Request<HandleQueryRequest>,
    ) -> Result<tonic::Response<HandleQueryResponse>, Status> {
        let header = |name: &str| request.metadata().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let (key, time) = (header("authorization"), header("grpc-timeout"));
        self.asked.lock().unwrap().push((request.into_inner(), key, time));
        match &self.does {
            Does::Says(response) => Ok(tonic::Response::new(HandleQueryResponse {
                intent: "where".into(),
                confidence: 7.0,
                slots: [("order".to_owned(), "A1001".to_owned())].into(),
                response: response.clone(),
            })),
            Does::Fails(code) => Err(Status::new(*code, "a secret of the other side")),
            Does::Hangs => std::future::pending().await,
        }
    }

    async fn learn(&self, _: Request<proto::Feedback>) -> Result<tonic::Response<LearnResponse>, Status> {
        match self.does {
            Does::Fails(code) => Err(Status::new(code, "")),
            _ => Ok(tonic::Response::new(LearnResponse {})),
        }
    }
}

async fn mind(does: Does) -> (Mind, RemoteAgent) {
    let mind = Mind { does, asked: Arc::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = Server::builder().add_service(AiCustomerServiceServer::new(mind.clone()));
    tokio::spawn(served.serve_with_incoming(TcpListenerStream::new(listener)));
    (mind, agent(url, GuardedClient::from_allow_list("127.0.0.0/8").unwrap(), Duration::from_secs(5)))
}

fn agent(url: String, outbound: GuardedClient, time: Duration) -> RemoteAgent {
    RemoteAgent::new(outbound, Remote { url, key: Some(Secret::new("sesame")), time }).unwrap()
}

fn reply(text: &str) -> Does {
    Does::Says(Some(Wanted::Reply(Reply { text: text.into(), sources: vec!["art_1".into()] })))
}

#[tokio::test]
async fn it_answers_at_once_and_again_with_what_tools_found() {
    let (mind, agent) = mind(reply("您的订单在路上。")).await;
    let mut conversation = conversation("我的订单?");
    let understood = agent.understand(&conversation.text, &conversation).await.unwrap();
    assert_eq!((understood.intent.as_deref(), understood.confidence), (Some("where"), 1.0));
    let (deltas, _watching) = mpsc::unbounded_channel();
    let answer = agent.respond(&understood, &conversation, &deltas).await.unwrap().response;
    assert_eq!(mind.asked.lock().unwrap().len(), 1, "it was prepared");
    let Response::Reply(said) = answer else { panic!("a reply") };
    assert_eq!((&*said.text, said.sources), ("您的订单在路上。", vec!["art_1".to_owned()]));
    let answer = ToolAnswer::Found { slots: args(&json!({"status": "sent"})), words: None, card: None };
    conversation.results = vec![ToolResult { call: call("order_status", &json!({"order": "A1001"})), answer }];
    agent.respond(&understood, &conversation, &deltas).await.unwrap();
    let asked = mind.asked.lock().unwrap();
    let (query, key, time) = &asked[1];
    assert_eq!((&*query.session_id, &*query.language, &**key), ("cnv_1", "zh", "Bearer sesame"));
    assert_eq!(query.tool_results[0].slots_json, r#"{"status":"sent"}"#);
    assert!(!time.is_empty(), "a deadline is told");
}

#[tokio::test]
async fn what_it_may_not_and_what_fails_has_a_word() {
    let tool = |name: &str, arguments: &str| {
        let (name, arguments_json) = (name.to_owned(), arguments.to_owned());
        Does::Says(Some(Wanted::ToolCalls(ToolCalls {
            calls: vec![proto::ToolCall { id: "1".into(), name, arguments_json }],
        })))
    };
    let failed = |word: &str| AgentError::Failed(word.into());
    for (does, error) in [
        (Does::Says(None), AgentError::Unusable("empty")),
        (reply(" "), AgentError::Unusable("empty")),
        (reply(&"x".repeat(300_000)), AgentError::Unusable("too_long")),
        (tool("delete", "{}"), AgentError::Unusable("tool_not_offered")),
        (tool("order_status", "["), AgentError::Unusable("broken_call")),
        (tool("order_status", "{\"order\": \"1\"}"), AgentError::Unusable("argument_refused")),
        (Does::Fails(Code::DeadlineExceeded), AgentError::TimedOut),
        (Does::Fails(Code::ResourceExhausted), AgentError::TooMany),
        (Does::Fails(Code::Unauthenticated), failed("unauthorized")),
        (Does::Fails(Code::Unavailable), failed("unavailable")),
        (Does::Fails(Code::Internal), failed("server_error")),
    ] {
        let (_, agent) = mind(does).await;
        assert_eq!(agent.understand("x", &conversation("x")).await.unwrap_err(), error);
    }
    let feedback = Feedback { question: "x".into(), understood: None, good: true, intent: None };
    assert_eq!(mind(reply("x")).await.1.learn(&feedback).await, Ok(()));
    assert_eq!(mind(Does::Fails(Code::ResourceExhausted)).await.1.learn(&feedback).await, Err(AgentError::TooMany));
}

#[derive(Default)]
struct Hides(Mask, Hidden);

impl Masker for Hides {
    fn hide(&mut self, text: &str) -> String {
        self.0.hide(text, &mut self.1)
    }

    fn reveal(&self, text: &str) -> String {
        self.1.reveal(text)
    }
}

#[tokio::test]
async fn a_tools_pattern_is_one_of_values_and_not_of_what_stands_in_their_place() {
    let arguments_json = r#"{"phone": "[phone_1]"}"#.to_owned();
    let calls = vec![proto::ToolCall { id: "1".into(), name: "call_back".into(), arguments_json }];
    let (mind, agent) = mind(Does::Says(Some(Wanted::ToolCalls(ToolCalls { calls })))).await;
    let mut conversation = conversation("call 13812345678");
    let phone = Parameter { name: "phone".into(), pattern: Some("1[0-9]{10}".into()), ..Parameter::default() };
    conversation.tools = vec![Tool { name: "call_back".into(), parameters: vec![phone], ..Tool::default() }];
    let mut masker = Hides::default();
    let hidden = Conversation { text: masker.hide(&conversation.text), ..conversation.clone() };
    let understood = agent.ask(&conversation, &hidden, &masker).await.unwrap();
    let Some(Response::Tools(calls)) = understood.prepared else { panic!("tools") };
    assert_eq!(calls[0].args, args(&json!({"phone": "13812345678"})));
    assert_eq!(mind.asked.lock().unwrap()[0].0.current_text, "call [phone_1]");
}

#[tokio::test]
async fn time_is_up_also_where_nobody_speaks() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let outbound = GuardedClient::from_allow_list("127.0.0.0/8").unwrap();
    let mute = agent(format!("http://{}", silent.local_addr().unwrap()), outbound.clone(), SHORT);
    let (hanging, _) = mind(Does::Hangs).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let slow = agent(format!("http://{}", listener.local_addr().unwrap()), outbound, SHORT);
    let served = Server::builder().add_service(AiCustomerServiceServer::new(hanging));
    tokio::spawn(served.serve_with_incoming(TcpListenerStream::new(listener)));
    for agent in [mute, slow] {
        let began = Instant::now();
        assert_eq!(agent.understand("x", &conversation("x")).await.unwrap_err(), AgentError::TimedOut);
        assert!(began.elapsed() < Duration::from_secs(3));
    }
}

#[tokio::test]
async fn over_tls_it_is_trusted_by_its_certificate_only() {
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key.into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let mind = Mind { does: reply("hello"), asked: Arc::default() };
    // A handshake that fails is no connection, and the server waits for the next.
    let incoming = TcpListenerStream::new(listener).then(move |socket| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut secured) = acceptor.accept(socket?).await else { return Ok::<_, std::io::Error>(None) };
            let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut secured, &mut theirs).await });
            Ok(Some(ours))
        }
    });
    let incoming = incoming.filter_map(|socket| socket.transpose());
    tokio::spawn(Server::builder().add_service(AiCustomerServiceServer::new(mind)).serve_with_incoming(incoming));
    let policy = |root| Policy { extra_roots_pem: root, ..Policy::allowing("127.0.0.0/8, ::1/128").unwrap() };
    let strict = agent(url.clone(), GuardedClient::new(policy(None)).unwrap(), Duration::from_secs(5));
    let refused = strict.understand("x", &conversation("x")).await.unwrap_err();
    assert_eq!(refused, AgentError::Failed("tls_failed".into()));
    let trusting = GuardedClient::new(policy(Some(certified.cert.pem()))).unwrap();
    let trusting = agent(url, trusting, Duration::from_secs(5));
    assert!(trusting.understand("x", &conversation("x")).await.unwrap().prepared.is_some());
}
