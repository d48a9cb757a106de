//! What the local engine does in a turn: what goes before what. A new account, with four questions in its FAQ and seven
//! intents of ten examples each; Chinese and English.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use deskwire_ai::{
    Example, Options,
    agent::{Conversation, Parameter, Reply, Response, Said, Tool, Understanding},
    entities::{Entities, EntitySettings},
    knowledge::{self, Format, Index},
    local::LocalAgent,
    phrases::Words,
    plan::{Action, Plan, ToolPlan},
    train,
};
use deskwire_domain::{
    AuthorKind, Time,
    content::CardContent,
    turn::{Asked, HandOverReason, Outcome, Turn},
};
use proptest::prelude::*;

const FAQ: &str = "question,answer,questions
What are your opening hours?,We are open Monday to Friday.,when are you open|opening times
How do I return a shoe?,Send it back within 30 days.,return policy|can i send it back
怎么退货？,收到货后七天内可以退货。,退货政策|我想退货
你们几点上班？,周一到周五上午九点到下午六点。,营业时间
";

const EXAMPLES: &[(&str, &str)] = &[
    (
        "order_status",
        "where is my order|我的订单到哪里了|what is the status of my order|has my parcel been shipped|when will my package arrive|track my order|我的包裹什么时候到|查一下订单状态|订单发货了吗|快递到哪了",
    ),
    (
        "cancel",
        "cancel my order|取消订单|I want to cancel the purchase|please stop my order|不想要了，取消吧|帮我取消这个订单|call off my order|I changed my mind, cancel it|could you cancel what I bought|我要取消",
    ),
    (
        "complaint",
        "I want to complain|my item arrived broken|我要投诉|东西坏了|this is the wrong item|收到的商品有破损|the quality is terrible|质量太差了|the zip is defective|少了一件商品",
    ),
    (
        "who",
        "who are you|are you a robot|你是谁|你是机器人吗|what is your name|你叫什么名字|am I talking to a machine|介绍一下你自己|who made you|你是真人吗",
    ),
    (
        "invoice",
        "I need an invoice|我要发票|please send me the bill|开发票|can you issue a VAT invoice|怎么开发票|invoice for my company please|电子发票在哪里|receipt for last purchase|给我开个专票",
    ),
    (
        "address",
        "change my delivery address|修改收货地址|I moved, ship it elsewhere|地址填错了|update the shipping address|换个地址|can you send it to my office|送到公司可以吗|wrong street in my order|我想改地址",
    ),
    (
        "",
        "what is the weather today|tell me a joke|今天天气怎么样|讲个笑话|who won the world cup|sing a song|what is the capital of Peru|给我写首诗|how tall is mount everest|推荐一部电影",
    ),
];

fn agent() -> LocalAgent {
    let of = |(intent, texts): &(&str, &str)| {
        let intent = Some((*intent).to_owned()).filter(|intent| !intent.is_empty());
        let example = move |text: &str| Example { text: text.to_owned(), intent: intent.clone(), slots: vec![] };
        texts.split('|').map(example).collect::<Vec<_>>()
    };
    let examples: Vec<Example> = EXAMPLES.iter().flat_map(of).collect();
    let articles = knowledge::read(Format::Csv, "faq.csv", FAQ).unwrap();
    let plan = ToolPlan { tool: "my_order".into(), ..ToolPlan::default() };
    let words: Words = [("en", "I am the bot."), ("zh", "我是机器人。")].map(|(a, b)| (a.into(), b.into())).into();
    let intents: BTreeMap<String, Action> = [
        ("order_status", Action::Tool(plan)),
        ("cancel", Action::HandOver),
        ("complaint", Action::HandOver),
        ("who", Action::Say(words)),
    ]
    .map(|(name, action)| (name.to_owned(), action))
    .into();
    LocalAgent {
        model: Some(Arc::new(train(&examples, Options { threads: 2 }).unwrap())),
        knowledge: Arc::new(Index::build(&articles, &[])),
        entities: Arc::new(Entities::new(&EntitySettings::default()).unwrap()),
        plan: Arc::new(Plan { intents, after_misses: 2, on_anger: true, ..Plan::default() }),
        reject: 0.05,
        clock: |now, _| now.to_zoned(jiff::tz::TimeZone::UTC).datetime(),
        time_zone: "UTC".to_owned(),
    }
}

static AGENT: LazyLock<LocalAgent> = LazyLock::new(agent);

fn conversation(text: &str) -> Conversation {
    let number = Parameter { name: "number".into(), pattern: Some(r"[A-Z]\d{3,10}".into()), ..Parameter::default() };
    let tool = Tool { name: "my_order".into(), description: String::new(), parameters: vec![number] };
    Conversation { tools: vec![tool], ..Conversation::of(text, Time::UNIX_EPOCH) }
}

/// The same, where the order's number was asked for a moment ago.
fn after_which_order(text: &str) -> Conversation {
    let memory = Turn {
        answers: 2,
        question: "where is my order".into(),
        agent: "local".into(),
        intent: Some("order_status".into()),
        confidence: 0.9,
        slots: BTreeMap::new(),
        outcome: Outcome::Asked,
        asked: Some(Asked { tool: "my_order".into(), slot: "number".into(), times: 1 }),
        misses: 0,
        sources: vec![],
        tools: vec![],
        reason: None,
        tokens: 0,
    };
    Conversation { memory: Some(memory), ..conversation(text) }
}

/// What a turn comes to, in a word.
fn done(agent: &LocalAgent, conversation: &Conversation) -> String {
    let understood = agent.understand_with(conversation, None);
    comes_to(agent, &understood, conversation)
}

fn comes_to(agent: &LocalAgent, understood: &Understanding, conversation: &Conversation) -> String {
    if let Some(reason) = agent.at_once(understood, conversation) {
        return format!("{reason:?}");
    }
    match agent.decide(understood, conversation) {
        Response::Reply(reply) => match reply.asks_for {
            Some((tool, slot)) => format!("asks {tool}.{slot}"),
            None => format!("{:?}: {}", reply.outcome, reply.text),
        },
        Response::Tools(calls) => format!("{} {}", calls[0].name, serde_json::Value::Object(calls[0].args.clone())),
        Response::HandOver { reason, .. } => format!("{reason:?}"),
    }
}

#[test]
fn what_the_company_has_words_for_goes_before_a_guess() {
    for (text, words) in [
        ("What are your opening hours?", "Exact: We are open Monday to Friday."),
        ("你们几点上班？", "Exact: 周一到周五上午九点到下午六点。"),
        ("怎么退货？", "Exact: 收到货后七天内可以退货。"),
        ("你們幾點上班？", "Exact: 周一到周五上午九点到下午六点。"),
        ("怎麼退貨？", "Exact: 收到货后七天内可以退货。"),
        ("who are you", "Exact: I am the bot."),
        ("你是谁", "Exact: 我是机器人。"),
        ("cancel my order", "Intent"),
        ("取消訂單", "Intent"),
        ("轉人工", "Requested"),
        ("訂單發貨了嗎", "asks my_order.number"),
        ("the product is broken", "Intent"),
        ("human please", "Requested"),
        ("where is my order", "asks my_order.number"),
        ("where is my order A1001", r#"my_order {"number":"A1001"}"#),
        ("我的订单A1001到哪里了", r#"my_order {"number":"A1001"}"#),
    ] {
        assert_eq!(done(&AGENT, &conversation(text)), words, "{text}");
    }
}

#[test]
fn what_was_asked_for_is_looked_for_in_the_answer() {
    for (text, words) in [
        ("it is A1001", r#"my_order {"number":"A1001"}"#),
        ("A1001", r#"my_order {"number":"A1001"}"#),
        ("订单号A1001", r#"my_order {"number":"A1001"}"#),
        ("I don't know", "asks my_order.number"),
        ("the red one", "asks my_order.number"),
        ("yes the second", "asks my_order.number"),
        ("不知道", "asks my_order.number"),
        ("What are your opening hours?", "Exact: We are open Monday to Friday."),
        ("no", "SmallTalk: All right. Is there anything else?"),
        ("cancel my order", "Intent"),
        ("the product is broken", "Intent"),
        ("who are you", "Exact: I am the bot."),
        ("human please", "Requested"),
        ("You are useless idiots!!! I will sue you", "Anger"),
    ] {
        assert_eq!(done(&AGENT, &after_which_order(text)), words, "{text}");
    }
}

/// The first intents of all, as the readme has them: nothing can be said well yet, and it serves all the same.
#[test]
fn two_intents_of_two_examples_serve() {
    let of = |intent: &str, text: &str| Example { text: text.into(), intent: Some(intent.into()), slots: vec![] };
    let examples = [
        of("order_status", "where is my order"),
        of("order_status", "我的订单到哪里了"),
        of("cancel", "cancel my order"),
        of("cancel", "取消订单"),
    ];
    let model = Some(Arc::new(train(&examples, Options { threads: 2 }).unwrap()));
    let first = LocalAgent { model, knowledge: Arc::new(Index::build(&[], &[])), ..AGENT.clone() };
    for (text, words) in [
        ("where is my order A1001", r#"my_order {"number":"A1001"}"#),
        ("我的订单到哪里了", "asks my_order.number"),
        ("cancel my order", "Intent"),
    ] {
        assert_eq!(done(&first, &conversation(text)), words, "{text}");
    }
}

#[test]
fn a_weak_guess_is_not_understood() {
    for text in [
        "it is A1001",
        "A1001",
        "I don't know",
        "不知道",
        "what is the weather like",
        "今天天气不错",
        "tell me about the moon",
        "写一段代码",
        "asdf qwer",
    ] {
        assert!(
            done(&AGENT, &conversation(text)).starts_with("Unsure"),
            "{text}: {}",
            done(&AGENT, &conversation(text))
        );
    }
}

fn waits() -> (String, String) {
    ("open_ticket".to_owned(), "message".to_owned())
}

#[test]
fn only_a_message_is_one_where_one_is_waited_for() {
    for (text, words) in [
        ("no", Some("All right. Is there anything else?")),
        ("算了，不用了", Some("好的，还有其他可以帮您的吗？")),
        ("never mind", Some("All right. Is there anything else?")),
        ("谢谢", Some("不客气，还有其他可以帮您的吗？")),
        ("thanks, bye", Some("You are welcome. Is there anything else?")),
        ("What are your opening hours?", Some("We are open Monday to Friday.")),
        ("你们几点上班？", Some("周一到周五上午九点到下午六点。")),
        ("My parcel arrived broken, call me at 13800000002", None),
        ("我的包裹坏了，电话13800000002", None),
        ("where is my order", None),
    ] {
        let conversation = conversation(text);
        let understood = AGENT.understand_with(&conversation, None);
        let said = AGENT.instead_of_a_message(&understood, &conversation, waits());
        let said = said.map(|response| match response {
            Response::Reply(reply) if reply.asks_for.is_none() => reply.text,
            other => panic!("{other:?}"),
        });
        assert_eq!(said.as_deref(), words, "{text}");
    }
    let ok = conversation("ok");
    let understood = AGENT.understand_with(&ok, None);
    let Some(Response::Reply(reply)) = AGENT.instead_of_a_message(&understood, &ok, waits()) else {
        panic!("it waits")
    };
    assert_eq!((reply.outcome, reply.asks_for), (Outcome::Asked, Some(waits())));
}

proptest! {
    /// The same answer is given as often as the company says, and no more; whatever else was said before.
    #[test]
    fn an_answer_that_does_not_help_is_not_given_for_ever(
        before in prop::collection::vec("[a-z]{3,8}", 0..4),
        times in 0usize..6,
        after_misses in 1u8..4,
        card: bool,
        words: bool,
    ) {
        let title = || "Order A1001".to_owned();
        let text = if words { "It is on its way.".to_owned() } else { title() };
        let by = |by: AuthorKind, text: String| Said { by, text };
        let mut history: Vec<Said> = before.into_iter().map(|text| by(AuthorKind::Bot, text)).collect();
        for _ in 0..times {
            history.push(by(AuthorKind::Visitor, "where is it".to_owned()));
            history.push(by(AuthorKind::Bot, text.clone()));
            if card {
                history.push(by(AuthorKind::Bot, title()));
            }
        }
        prop_assume!(words || card);
        let shown: CardContent = serde_json::from_value(serde_json::json!({"title": title()})).unwrap();
        let cards = if card { vec![shown] } else { vec![] };
        let reply = Reply { text, cards, sources: vec![], outcome: Outcome::Tool, asks_for: None };
        let agent = LocalAgent { plan: Arc::new(Plan { after_misses, ..Plan::clone(&AGENT.plan) }), ..AGENT.clone() };
        let mut conversation = Conversation { history, ..conversation("where is it") };
        prop_assert_eq!(agent.is_no_progress(&reply, &conversation), times >= usize::from(after_misses));
        // What a person said since, or the agent itself, is progress; and small talk may be said again.
        conversation.history.push(by(AuthorKind::Agent, "I will see to it.".to_owned()));
        prop_assert!(!agent.is_no_progress(&reply, &conversation));
        let hello = Reply { outcome: Outcome::SmallTalk, ..reply };
        prop_assert!(!agent.is_no_progress(&hello, &conversation));
    }

    /// However unsure it is: what was asked for is never lost to a guess that is not clear, nor an article to one that
    /// is less sure than it.
    #[test]
    fn no_guess_goes_before_what_is_surer(confidence in 0.0f32..=1.0, other in 0usize..3) {
        let intent = ["cancel", "complaint", "who"][other];
        let guess = |conversation: &Conversation| Understanding {
            intent: Some(intent.to_owned()),
            confidence,
            ..AGENT.understand_with(conversation, None)
        };
        let asked = after_which_order("A1001");
        let kept = comes_to(&AGENT, &guess(&asked), &asked) == r#"my_order {"number":"A1001"}"#;
        prop_assert_eq!(kept, confidence < 0.8);
        let known = conversation("What are your opening hours?");
        let sure = AGENT.understand_with(&known, None).passages[0].confidence;
        let answered = comes_to(&AGENT, &guess(&known), &known) == "Exact: We are open Monday to Friday.";
        prop_assert_eq!(answered, sure > confidence);
        // Unless it is always for people.
        let mut plan = Plan::clone(&AGENT.plan);
        plan.for_people.push(intent.to_owned());
        let always = LocalAgent { plan: Arc::new(plan), ..AGENT.clone() };
        prop_assert_eq!(always.at_once(&guess(&known), &known), Some(HandOverReason::Intent));
    }
}
