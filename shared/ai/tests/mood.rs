//! How somebody is, in tables, Chinese and English, with the sentences that only sound like it.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_ai::mood::{Language, SmallTalk, anger, language, no_help, small_talk, wants_human};
use proptest::prelude::*;

/// Checks that all of `yes` and nothing of `no` is so; reports all mistakes at once.
fn check(is: fn(&str) -> bool, yes: &[&str], no: &[&str]) {
    let missed: Vec<_> = yes.iter().filter(|text| !is(text)).collect();
    let wrong: Vec<_> = no.iter().filter(|text| is(text)).collect();
    assert!(missed.is_empty() && wrong.is_empty(), "missed: {missed:#?}\nwrong: {wrong:#?}");
}

/// Texts that ask for a person.
#[rustfmt::skip]
const ASKS: &[&str] = &[
    "能给我转个人工吗", "快给我接人工", "帮我接通客服", "人工客服在线吗", "你帮我叫一下人工",
    "想要和客服人员沟通", "不跟机器人聊了", "转一下真人", "请人工回复", "我就要人工", "找你们负责人",
    "这个机器人太笨了换人工", "人工坐席", "I'd like a human please", "get a human",
    "want to talk to someone", "Is it possible to speak to an agent?", "let me speak to customer support",
    "talk to a live human", "can someone real answer me", "transfer to agent", "please give me an agent",
    "I demand to speak to your supervisor", "connect me with a real person now",
    "帮忙转人工谢谢", "我想找人工", "直接给我人工吧", "有真人吗", "真人回复我", "叫个人来处理",
    "我需要人工帮助", "你给我转到人工去", "能换人工吗", "怎么转人工啊", "请转接客服", "我要找客服",
    "让客服联系我", "麻烦让人工客服联系我", "你不行，换人", "让真人跟我说", "人工人工", "转人工转人工",
    "I'd rather talk to a person", "let me chat with someone real", "pls connect me to human",
    "can you get me a live agent", "I would like to speak with someone about my order",
    "Need to talk to customer support", "is there someone I can talk to", "get me a human being",
    "put me through to a human", "can I speak with an advisor", "I want a real agent, not a bot",
    "forward me to your team", "talk to human", "connect to agent", "real human please",
    "speak to representative", "I need to talk to a manager now", "may I speak to a supervisor",
    "chat with live agent", "could I talk to a real person please", "please let a human handle this",
    "human support",
    "我要和人说话", "接线员", "叫客服来", "请安排人工", "人工人工人工", "能不能来个人", "让你们经理给我打电话", "customer support please",
    "can I get a human?", "can a person help me", "hand me over to an agent", "i dont want to talk to bots", "转人工", "请转人工客服", "人工客服", "人工", "找个真人", "我要人工", "我要找人工", "给我转人工！",
    "能不能转人工", "帮我转接人工服务", "转客服", "换个真人来", "我想和真人说话", "有没有人工", "人工在吗",
    "叫你们经理来", "不要机器人，转人工", "我不想跟机器人说话", "麻烦接人工坐席", "你们有活人吗",
    "要求人工处理", "快点转人工啊", "人工服务", "不是这个问题，转人工", "人工呢", "我要跟你们客服沟通",
    "human please", "Human, please!", "talk to an agent", "I want to talk to a human", "speak to someone",
    "can I speak to a real person", "real person", "representative", "agent", "I need a human",
    "connect me to an operator", "let me speak with your manager", "transfer me to a live agent",
    "get me a representative", "live agent please", "I want a human agent",
    "is there a human I can chat with", "can someone connect me with customer support",
    "put me through to a supervisor", "I don't want to talk to a bot", "not a bot please",
    "I'd like to speak to a customer service representative", "AGENT PLEASE", "can i talk with somebody",
    "please escalate this to a manager", "I don't want a bot, I want a human", "switch me to a person",
    "human being please, talk to a human being", "speak with a real human", "need human help",
    "chat with a person", "could you forward me to support staff", "give me a human", "operator please",
];

/// Texts that only sound like it.
#[rustfmt::skip]
const ASKS_NOT: &[&str] = &[
    "人工成本高吗", "我不要人工", "刚刚人工客服告诉我了", "人工智能音箱", "真人照片", "找不到客服入口在哪",
    "转人工的时间是几点", "你们几个人", "一个人能装吗", "本人签收", "I spoke with a manager", "I am a human",
    "personal use", "agent 007 costume", "human hair wig", "no agent", "operator manual",
    "customer support hours", "a person can wear it", "managers special offer",
    "这个机器人是人工操作的吗", "人工草坪多少钱", "人工钻石项链", "不要真人模特图", "真人试穿图有吗",
    "客服态度很好", "我已经联系过客服了", "客服说三天到", "昨天人工客服说可以退", "人工审核要多久",
    "退款是人工审核吗", "你好，客服说的优惠怎么领", "管理员是谁", "找不到订单", "我找你们买过", "转账失败",
    "转运要多久", "换个人收货可以吗", "换人收件", "三个人用够吗", "my agent said it ships monday",
    "the support team was great", "I spoke to an agent yesterday", "I talked to your support already",
    "someone called me", "who is the manager of the store", "what does a human need",
    "person of contact name", "customer service hours", "what are the customer service hours",
    "I'm a real estate agent", "travel agency", "can I change the person who receives it",
    "need a bigger size", "a gift for someone", "talk to you later", "how can I speak to alexa with it",
    "do not connect me to anybody please", "I'd rather not speak to anyone", "human made materials",
    "不要转人工", "不用转人工", "不需要人工客服", "先不转人工", "我不想转人工", "别给我转人工",
    "人工智能是什么", "人工费多少", "纯手工的吗", "人工皮革", "你是人工还是机器人", "是真人吗",
    "客服电话多少", "客服几点上班", "真人秀门票", "我的订单到哪了", "不必找人工", "人工成本包含在内吗",
    "人工呼吸教程", "安装要人工费吗", "真人CS装备有货吗", "", "你好", "机器人多少钱", "扫地机器人怎么用",
    "暂时不需要人工", "没必要转人工", "human resources", "what is human hair made of",
    "I don't want a human", "no human needed", "don't transfer me to an agent",
    "I do not need to speak to a person", "no need to talk to a representative", "are you a real person?",
    "are you human", "the agent told me to wait", "your agent promised a refund",
    "my travel agent booked it", "how much per person", "password manager does not work",
    "is the cleaning agent safe", "where is my order", "hello", "human rights shirt",
    "someone stole my parcel", "a person signed for it", "I can talk later", "real leather?",
    "the manager was nice", "can I get support for my phone case size",
    "please don't connect me with anyone, not an agent", "estate agent discount",
    "I would rather not talk to a human", "never ask me to speak to an agent", "task manager plan price",
    "the operator said it is fine", "human size mannequin",
    "who is the representative that was on the phone yesterday", "is this a real Rolex",
];

#[test]
fn somebody_asks_for_a_person() {
    check(wants_human, ASKS, ASKS_NOT);
}

#[test]
#[rustfmt::skip]
fn somebody_says_that_it_does_not_help() {
    check(
        no_help,
        &[
            "没什么帮助", "你回答错了", "你理解错了", "这不是我要的答案", "没解决我的事", "说了没用", "你没懂",
            "还是老样子没用", "答的不对", "this doesn't solve it", "not helping", "that's useless",
            "you're not helping", "I still don't understand", "didn't solve my issue",
            "no, that is not what I meant", "this is no help",
            "没帮到我", "跟我问的没关系", "你回答的不是我的问题", "我不是问这个", "这不能解决我的问题",
            "没看懂你说什么", "能不能说点别的", "not the answer I need", "I don't think you understand",
            "that doesn't answer it", "you keep repeating the same thing", "not what I was looking for",
            "你没理解", "不对，我问的是退款", "试过了没用", "not what I'm looking for", "that isn't right", "you misunderstood",
            "没用", "没什么用", "没有用", "答非所问", "这没有帮助", "不管用", "还是不行", "不是我要的",
            "你没听懂我的意思", "没回答我的问题", "我问的不是这个", "文不对题", "解决不了问题", "帮不上忙",
            "说了等于没说", "你不明白我", "不是这个问题", "还是不会", "没解决", "牛头不对马嘴", "毫无帮助",
            "没啥用啊", "废话", "没有解决我的问题", "听不懂人话吗", "这个方法不起作用", "我说的不是退款",
            "还是没弄好", "没帮助", "不对题啊", "that does not help", "that doesn't help", "this didn't help me",
            "not helpful", "that's not helpful at all", "useless", "it didn't work", "you don't understand",
            "that's not what I asked", "not what i meant", "this is not my question",
            "that did not answer my question", "still not working", "doesn't work", "it is of no use",
            "that's no help", "wrong answer", "you are not listening", "that wasn't useful",
            "it does not solve my problem", "I already tried that", "unhelpful", "makes no sense",
            "that's irrelevant", "still doesn't work", "not really helpful", "it won't help",
            "that isn't the answer, not what I want", "it hasn't been solved, it did not fix it",
            "you didn't get it", "nothing you say is helpful, not useful",
        ],
        &[
            "还没用", "会不会没用", "怎么解决", "没解决之前不要关闭", "不是这个颜色", "有没有别的", "不是我买的",
            "I still want it", "help me", "it helps", "my issue is solved", "not sure", "it's not my size",
            "how does it work", "wrong item was sent",
            "我没用优惠券", "怎么用", "还没收到回答", "不能用微信支付吗", "退款解决了吗", "my answer is yes",
            "it won't turn on",
            "the app is not working", "my code does not work",
            "优惠码没用", "券没用", "遥控器没用了",
            "有没有用", "优惠券还没用", "没用过", "这个有没有帮助", "我还没收到", "还没发货", "没用完的怎么退",
            "很有用", "有帮助，谢谢", "解决了", "明白了", "没问题", "还没付款", "没用几天就坏了", "怎么使用",
            "请帮助我", "帮我看看", "你好", "谢谢", "没用到的积分会过期吗", "从来没用", "用了没多久", "没有货吗",
            "没收到货", "对的", "非常有帮助", "我不会退货的", "它不是红色的", "你们不发货吗", "问题解决",
            "that helps", "that helped a lot", "very helpful", "can you help me", "please help", "it works now",
            "does it work with iphone", "it doesn't work with my phone", "still no tracking number",
            "still not arrived", "no problem", "is it useful", "I need help", "where is my order",
            "what is the answer to this", "the zip is not closing", "is sunday not a working day",
            "not working days", "use the code", "can I use it twice", "I understand", "I do understand now",
            "do you fix phones", "helpful, thanks", "solved, thank you", "no, that is all", "I don't know",
            "my order is not here", "not yet", "that worked",
        ],
    );
}

#[test]
#[rustfmt::skip]
fn somebody_is_angry() {
    check(
        |text| anger(text) >= 0.5,
        &[
            "i will sue you", "I'm suing you", "see you in court", "I'll take this to court", "I will call the police",
            "打315投诉你们", "打 315！", "315晚会见", "我要去工商局投诉", "去工商局", "上当受骗", "网上上当了", "法院见",
            "我去法院告你们", "我要找媒体", "I'll go to the press",
            "你们真是奸商", "再骗我我就曝光", "气得我要投诉", "太垃圾了", "你们有没有良心，骗子公司",
            "我要找记者曝光", "不退就法院见", "滚蛋", "什么态度！客服太差！", "等了两周，简直忍无可忍",
            "this is total bullshit", "I'm extremely disappointed and angry", "you are thieves",
            "I'm contacting my attorney", "disgusting", "I will file a complaint", "fed up with this",
            "your service is the worst ever", "WHAT IS WRONG WITH YOU IDIOTS", "this is outrageous!!",
            "太恶劣了！！！", "这就是诈骗", "你们这是欺诈，我要去告", "Worst. Company. Ever.", "you stole my money",
            "I will dispute this with my bank",
            "你们店太坑了", "气死我了", "黑店", "I'm livid", "you lied to me",
            "你们就是骗子！", "垃圾客服", "我要投诉你们", "我要打12315", "再不退款我就找律师", "太过分了！！！",
            "什么破东西，气死我了", "滚", "我要报警", "差评！什么态度", "你们是不是有病吧", "傻逼客服",
            "等了这么久还不退款，简直太过分了", "忍无可忍，我要曝光你们", "黑心商家退钱！", "你们太差劲了，非常失望",
            "不要脸的公司", "我要去消协告你们", "真恶心", "说了多少遍了！你们到底管不管！太敷衍了",
            "他妈的什么时候退款", "坑人的店", "无耻，骗钱", "再也不买了，太失望了", "我要起诉你们",
            "受够了，退款！！！", "服务极差，非常生气", "你们这群骗子还我钱", "垃圾产品，退款", "气炸了！！",
            "This is ridiculous!!!", "You are useless and rude", "I will call my lawyer",
            "I'm going to file a chargeback", "what the fuck", "THIS IS UNACCEPTABLE", "you people are scammers",
            "worst service ever!!!", "I am extremely angry", "I am furious and fed up", "this is bullshit",
            "you idiots", "I will sue you", "I will report you to the BBB", "shame on you",
            "absolutely disgusting service", "I want to make a formal complaint",
            "I am so sick of this, it is a joke", "WHERE IS MY MONEY YOU THIEVES",
            "terrible, terrible service, never again!", "bloody useless", "this is fraud",
            "I'm very upset and really disappointed", "pathetic", "I hate this, you are ignoring me!!",
            "really frustrated, worst company", "expect a dispute the charge letter from my attorney", "screw you",
            "ripped off!", "it is an absolute disgrace",
        ],
        &[
            "hi, i'm Sue, where is my order", "Sue Miller", "item 315", "315号商品", "房间315", "padel court",
            "I really like this padel court", "police sunglasses", "工商银行", "工商银行卡可以付吗", "马上当天能发货吗",
            "晚上当面交易可以吗", "自媒体", "自媒体灯多少钱", "寄到法院门口", "媒体音箱", "the French press is very nice",
            "好失望呀没货了", "有点生气哈哈", "这个不好用", "可以换吗", "怎么这么贵", "等好久了", "退款多久",
            "不好意思打扰了", "东西坏了", "请帮忙催一下", "I'm unhappy with the size", "it doesn't fit",
            "too expensive", "can you speed up", "where's my stuff", "I've been waiting 3 days", "cancel it",
            "bad colour choice", "how do I return it", "please respond",
            "请问怎么投诉快递", "有点失望，不过没关系", "这个颜色好丑", "急急急", "I'm a bit disappointed",
            "why was I charged twice?", "This is urgent!!",
            "我妈的订单到哪了", "他妈妈买的", "号码13812315315", "sorry for the stupid question", "滚筒洗衣机",
            "你好", "我的订单到哪了", "谢谢", "我没有生气", "我不想投诉，只是问问", "垃圾袋多少钱", "有垃圾桶吗",
            "怎么还没发货", "有点慢", "快一点好吗", "请尽快", "太好了！", "太棒了！！！", "非常感谢！！", "没有差评",
            "报警器怎么安装", "多媒体音箱", "不生气", "谈不上失望", "赶紧发货吧", "投诉电话是多少", "多久能到？？",
            "可以退款吗", "尺码太大了", "颜色不太好看", "裤子有点差异", "烂漫樱花款有吗", "我不要差评，只要解决",
            "灿烂的颜色", "他并不生气", "催了几次了", "为什么还没到", "Hello", "where is my order?",
            "thanks a lot!!!", "I am not angry", "I'm not upset at all", "do you sell garbage bags",
            "tennis court shoes", "OK THANKS", "my order is A1001", "can I get a refund", "this is damn good",
            "awfully nice of you", "GREAT!!!", "it is late", "still waiting", "I need it right now",
            "no complaints, just asking", "I don't want to make a complaint", "terribly sorry", "USA EU UK sizes",
            "I was just kidding", "trash can size", "please hurry", "IPHONE 15 PRO MAX", "I hate to bother you",
            "Not the worst", "is it possible to cancel?", "NIKE AIR MAX", "social media link", "how much longer?",
        ],
    );
}

#[test]
fn anger_grows_with_what_is_added() {
    for (less, more) in [
        ("I am annoyed", "I am very annoyed"),
        ("this is ridiculous", "this is ridiculous!!!"),
        ("this is ridiculous", "THIS IS RIDICULOUS"),
        ("太慢", "太慢，我要投诉"),
        ("失望", "失望，骗子"),
        ("where is it", "WHERE IS IT NOW!!!"),
    ] {
        assert!(anger(less) < anger(more), "{less}: {}, {more}: {}", anger(less), anger(more));
    }
    assert!(anger("where is my order") == 0.0 && anger("") == 0.0);
}

#[test]
fn small_talk_is_nothing_else() {
    use SmallTalk::{Farewell, Greeting, No, Thanks, Yes};
    let cases = [
        (
            Some(Greeting),
            "你好 | 您好！ | 在吗？ | 你好，在吗 | 有人吗 | 早上好 | 嗨～ | hello | Hi there! | good morning | \
             hey, how are you? | Ｈｅｌｌｏ | anyone there? | 你好 👋",
        ),
        (
            Some(Thanks),
            "谢谢 | 好的，谢谢 | 非常感谢！ | 谢谢你的帮助 | thanks | Thank you so much! | ok thx | \
             thanks for your help | great, that helps | 辛苦了 | cheers mate",
        ),
        (
            Some(Farewell),
            "再见 | 拜拜 | 好的，再见 | 没事了 | bye | see you later | have a nice day! | that's all, thanks | \
             good night | 晚安",
        ),
        (
            Some(Yes),
            "是的 | 好的 | 对 | 嗯嗯 | 可以 | yes | Yes, please | yep | sure, go ahead | OK | that's right | \
             确认 | 没错",
        ),
        (
            Some(No),
            "不 | 不用了 | 不是 | 没有了 | no | No thanks | nope | not really | 不用了，谢谢 | 算了 | \
             I don't think so | cancel that",
        ),
        (
            None,
            "你好，我的订单到哪了 | hi where is my order | 谢谢，还有一个问题 | thanks but it is broken | \
             好的尺码有吗 | 不要红色 | 可以退货吗 | no refund yet | yes I want the blue one | \
             bye bye baby doll price | 是什么 | 再见面怎么办 | high | thankful turkey | 好贵 | 对比一下 | \
             有货吗 | 不能用 | 在吗店里 | order | A1001 | 😀 | 早餐机 | morning delivery | \
             right shoe missing | goodbye letter card | not received | 谢谢惠顾是什么意思 | \
             sure about the size? | hello kitty | 没收到 | !!!",
        ),
    ];
    let cases: Vec<_> =
        cases.iter().flat_map(|(kind, texts)| texts.split('|').map(|text| (text.trim(), *kind))).collect();
    assert!(cases.len() > 90);
    let wrong: Vec<_> = cases
        .iter()
        .filter(|(text, meant)| small_talk(text) != *meant)
        .map(|(text, meant)| (text, small_talk(text), meant))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
#[rustfmt::skip]
fn languages() {
    use Language::{En, Other, Zh};
    for (text, meant) in [
        ("我的订单到哪了", Zh), ("我的 iPhone 15 Pro Max 坏了", Zh), ("你好", Zh), ("A1001到哪了", Zh), ("嗯", Zh),
        ("退款！", Zh), ("我要 refund", Zh), ("請問我的訂單", Zh), ("where is my order", En), ("hello", En),
        ("refund please 谢", En), ("A1001", En), ("I bought a café table", En), ("order status?", En),
        ("wo ist meine Bestellung", Other), ("où est ma commande", Other), ("¿Dónde está mi pedido?", Other),
        ("dov'è il mio ordine, grazie", Other), ("onde está o meu pedido", Other), ("注文はどこですか", Other),
        ("ありがとう", Other), ("где мой заказ", Other), ("أين طلبي", Other), ("주문 어디", Other), ("", Other),
        ("12345", Other), ("😀", Other), ("waar is mijn bestelling", Other),
    ] {
        assert_eq!(language(text), meant, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = (wants_human(&text), no_help(&text), small_talk(&text), language(&text));
        prop_assert!((0.0..=1.0).contains(&anger(&text)));
    }
}

#[test]
fn a_long_text_takes_no_more_than_its_length() {
    let seconds = |text: &str| {
        let run = |_| {
            let start = std::time::Instant::now();
            std::hint::black_box((wants_human(text), no_help(text), small_talk(text), language(text), anger(text)));
            start.elapsed().as_secs_f64()
        };
        (0..3).map(run).fold(f64::INFINITY, f64::min)
    };
    println!("a sentence: {:.1} µs", seconds("I would like to know where my order A1001 is, please") * 1e6);
    println!("一句话: {:.1} µs", seconds("我想问一下我上周三买的耳机什么时候发货啊") * 1e6);
    for unit in ["转人工 ", "a", "don't want to speak to ", "垃圾", "没", "!", "不要转", "THE "] {
        let text = |chars: usize| unit.chars().cycle().take(chars).collect::<String>();
        let (small, large) = (seconds(&text(50_000)), seconds(&text(500_000)));
        println!("{unit:?}: {:.1} ms, {:.1} ms", small * 1e3, large * 1e3);
        assert!(large < 50.0 * small.max(0.001), "{unit:?}: {small} s for 50,000, {large} s for 500,000");
    }
}
