//! An account whose AI agent answers first: set up by the public API, as an administrator does it.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test may fail")]

use std::time::Duration;

use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_domain::ConversationId;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{Client, World, client::DEADLINE, world::Door};

/// Questions and answers of a shop.
pub const FAQ: &str = "\
question,answer,questions
How can I return an item?,You can return any item within 30 days. Print the label from your account and hand the parcel in at any post office.,What is your return policy?|I want to send something back|Can I return shoes that do not fit?
How long does delivery take?,Delivery takes two to four working days within the country.,When will my parcel arrive?|How fast do you ship?|delivery time
Which payment methods do you accept?,We accept credit cards and PayPal and payment by invoice.,Can I pay with PayPal?|How can I pay?|Do you take credit cards?
如何申请退货？,签收后七天内可以申请退货，请在订单页面点击退货并打印退货单。,怎么退货|我想退货|商品不合适能退吗
多久可以发货？,订单付款后二十四小时内发货。,什么时候发货|发货要多长时间|下单后几天发货
可以开发票吗？,可以，请在订单详情页填写发票抬头，电子发票会发送到您的邮箱。,怎么开发票|我需要发票|发票在哪里申请
";

/// What a visitor may want, by intent.
pub const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "order_status",
        &[
            "where is my order",
            "where is my parcel A1001",
            "has order B2002 shipped yet",
            "what is the status of my order",
            "track my order please",
            "I am still waiting for my order A1003",
            "我的订单到哪里了",
            "订单A1001发货了吗",
            "帮我查一下订单",
            "我的快递到哪了",
            "查询订单状态",
            "订单怎么还没到",
        ],
    ),
    (
        "complaint",
        &[
            "I want to complain about a driver",
            "your courier was rude to me",
            "I want to make a complaint",
            "the delivery man threw my parcel",
            "this is a complaint about your staff",
            "complaint about bad service",
            "快递员态度不好",
            "我对服务不满意要反映一下",
            "你们的员工很没礼貌",
            "服务太差了想反映问题",
            "想反映一下配送的问题",
            "客服态度有问题",
        ],
    ),
    (
        "change_address",
        &[
            "change my delivery address",
            "I moved, please send it somewhere else",
            "the address on my order is wrong",
            "can I still change the shipping address",
            "deliver to another address",
            "update my address",
            "我要修改收货地址",
            "地址写错了能改吗",
            "换一个收货地址",
            "修改配送地址",
            "收件地址填错了",
            "帮我改一下地址",
        ],
    ),
];

/// The account's administrator at work.
pub struct Bot {
    /// How to get in.
    pub door: Door,
    /// The administrator's token.
    pub admin: String,
}

impl Bot {
    /// Lets the AI agent answer first, without a pause for more words unless `settings` say so.
    pub async fn start(world: &World, mut settings: Value) -> Self {
        let door = world.door();
        let admin = door.agent("anna").await.unwrap();
        let bot = Self { door, admin };
        bot.ok("PATCH", "/v1/inboxes/inb_web", Some(json!({"bot": true}))).await;
        if settings.get("gather_ms").is_none() {
            settings["gather_ms"] = 30.into();
        }
        bot.ok("PUT", "/v1/ai", Some(settings)).await;
        bot
    }

    /// Calls the API as the administrator.
    pub async fn ok(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        self.door.ok(method, path, &self.admin, body).await
    }

    /// Teaches it the shop's questions and answers, and waits until it finds them.
    pub async fn knows_the_shop(&self) {
        let body = json!({"format": "csv", "name": "faq.csv", "text": FAQ});
        let imported = self.ok("POST", "/v1/articles/import", Some(body)).await;
        assert_eq!(imported["articles"].as_array().unwrap().len(), 6);
        self.until("articles", "可以开发票吗？", |tested| tested["outcome"] == "exact").await;
        self.until("articles", "Which payment methods do you accept?", |tested| tested["outcome"] == "exact").await;
    }

    /// Teaches it what visitors want, trains, and waits until the new version serves.
    pub async fn understands(&self) -> Value {
        for (intent, texts) in EXAMPLES {
            let examples: Vec<_> = texts.iter().map(|text| json!({"text": text})).collect();
            self.ok("PUT", &format!("/v1/intents/{intent}"), Some(json!({"examples": examples}))).await;
        }
        self.train().await
    }

    /// Trains, and waits for the end.
    pub async fn train(&self) -> Value {
        let asked = self.ok("POST", "/v1/ai/models", None).await;
        let path = format!("/v1/ai/models/{}", asked["version"].as_str().unwrap());
        let deadline = Instant::now() + 3 * DEADLINE;
        loop {
            let model = self.ok("GET", &path, None).await;
            if model["status"] != "training" {
                return model;
            }
            assert!(Instant::now() < deadline, "it is still training");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a test sentence comes out as wanted.
    pub async fn until(&self, what: &str, sentence: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + 2 * DEADLINE;
        loop {
            let tested = self.ok("POST", "/v1/ai/test", Some(json!({"text": sentence}))).await;
            if wanted(&tested) {
                return tested;
            }
            assert!(Instant::now() < deadline, "{what}: {tested}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A visitor whom the company's sign-on vouches for.
    pub async fn customer(&self, id: &str) -> Client {
        let claims = json!({"sub": id, "name": "Ada"});
        let token = company_token(&self.door.secret, SubjectKind::Visitor, &claims).unwrap();
        let token = self.door.exchange(&token).await.unwrap();
        self.door.connect(&token.access_token).await.unwrap()
    }

    /// All entries of a conversation, as agents see them.
    pub async fn log(&self, conversation: &ConversationId) -> Vec<Value> {
        let path = format!("/v1/conversations/{conversation}/entries?after=0&limit=100");
        self.ok("GET", &path, None).await["data"].as_array().unwrap().clone()
    }

    /// Waits for an entry that agents see.
    pub async fn entry(&self, conversation: &ConversationId, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let log = self.log(conversation).await;
            if let Some(entry) = log.iter().find(|entry| wanted(entry)) {
                return entry.clone();
            }
            assert!(Instant::now() < deadline, "no {what} in {log:#?}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
}

/// Waits for the AI agent's next words, as its visitor sees them.
pub async fn answer(visitor: &Client) -> Value {
    let is_answer = |frame: &Value| {
        frame["type"] == "entry" && frame["entry"]["type"] == "message" && frame["entry"]["by"]["kind"] == "bot"
    };
    visitor.pushed("an answer", is_answer).await["entry"].clone()
}

/// The words of an answer.
pub fn words(entry: &Value) -> &str {
    entry["content"]["text"].as_str().unwrap_or_default()
}
