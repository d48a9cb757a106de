//! What people write to get past a filter, and what innocent people write.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_filter::{Action, Direction, Filter, Side, WordList};

fn list(name: &str, action: Action, words: &[&str]) -> WordList {
    WordList {
        name: name.into(),
        category: name.into(),
        action,
        words: words.iter().map(|&word| word.to_owned()).collect(),
        direction: Direction::Both,
        disabled: false,
    }
}

const ABUSE: &[&str] = &[
    "fuck",
    "shit",
    "ass",
    "cunt",
    "dick",
    "tits",
    "sex",
    "hell",
    "god",
    "bitch",
    "penis",
    "anal",
    "kill yourself",
    "coon",
    "sb",
    "pot",
    "rape",
    "cum",
    "asshole",
    "faggot",
    "boobs",
    "傻逼",
    "妈的",
    "法轮功",
    "赌博",
    "加微信",
    "傻b",
    "8964",
    "操你妈",
    "代开发票",
    "v信",
    "don't",
    "kiss my ass",
    "$hit",
    "バカ",
    "시발",
    "hey, you",
    "去死，吧",
];

fn filter() -> Filter {
    Filter::new(&[list("abuse", Action::Mask, ABUSE)]).unwrap()
}

/// The text, and it as masked.
const EVASIONS: &[(&str, &str)] = &[
    ("fuck", "****"),
    ("FUCK you", "**** you"),
    ("what the FuCk!", "what the ****!"),
    ("ｆｕｃｋ", "****"),
    ("ＦＵＣＫ", "****"),
    ("ⓕⓤⓒⓚ", "****"),
    ("𝐟𝐮𝐜𝐤", "****"),
    ("𝓯𝓾𝓬𝓴 this", "**** this"),
    ("🄵🅄🄲🄺", "****"),
    ("🅕🅤🅒🅚", "****"),
    ("🇫🇺🇨🇰", "****"),
    ("fúçk", "****"),
    ("f\u{336}u\u{336}c\u{336}k\u{336}", "********"),
    ("f\u{200b}u\u{200d}c\u{feff}k", "*\u{200b}*\u{200d}*\u{feff}*"),
    ("fu\u{ad}ck", "**\u{ad}**"),
    ("fu\u{fe0f}ck", "**\u{fe0f}**"),
    ("\u{202e}fu\u{202c}ck", "\u{202e}**\u{202c}**"),
    ("f.u.c.k", "*.*.*.*"),
    ("f u c k", "* * * *"),
    ("f  u  c  k", "*  *  *  *"),
    ("f-u-c-k", "*-*-*-*"),
    ("f_u_c_k", "*_*_*_*"),
    ("f*u*c*k", "*******"),
    ("fu*ck", "*****"),
    ("fu_ck", "**_**"),
    ("f-uck", "*-***"),
    ("f u c k y o u", "* * * * y o u"),
    ("f$u$c$k", "*$*$*$*"),
    ("f@u@c@k", "*@*@*@*"),
    ("f,u,c,k", "*,*,*,*"),
    ("f\nu\nc\nk", "*\n*\n*\n*"),
    ("fuсk", "****"),
    ("ѕhіt", "****"),
    ("ꜰᴜᴄᴋ", "****"),
    ("sh1t", "****"),
    ("5hit", "****"),
    ("$hit", "****"),
    ("sh!t", "****"),
    ("b!tch", "*****"),
    ("b1tch", "*****"),
    ("d1ck", "****"),
    ("a$$", "***"),
    ("@ss", "***"),
    ("a$$hole", "*******"),
    ("b00bs", "*****"),
    ("t1ts", "****"),
    ("f4gg0t", "******"),
    ("fuuuuuck", "********"),
    ("shiiiit!", "*******!"),
    ("asssss", "******"),
    ("a s s", "* * *"),
    ("f.u.u.u.c.k", "*.*.*.*.*.*"),
    ("Ｆ.Ü.с.𝐤", "*.*.*.*"),
    ("he said:fuck", "he said:****"),
    ("fuck123", "****123"),
    ("(fuck)", "(****)"),
    ("shit!fuck", "****!****"),
    ("kill yourself", "**** ********"),
    ("KILL    yourself", "****    ********"),
    ("kill          yourself", "****          ********"),
    ("kill-yourself", "****-********"),
    ("k.i.l.l yourself", "*.*.*.* ********"),
    ("kiss my a$$", "**** ** ***"),
    ("ass so", "*** so"),
    ("hell like", "**** like"),
    ("fuck killing", "**** killing"),
    ("if f u c k", "if * * * *"),
    ("don't", "***'*"),
    ("dont", "****"),
    ("Hey, you!", "***, ***!"),
    ("去死，吧", "**，*"),
    ("傻逼À", "**À"),
    ("傻逼", "**"),
    ("你是傻逼吗", "你是**吗"),
    ("傻-逼", "*-*"),
    ("傻 逼", "* *"),
    ("傻*逼", "***"),
    ("傻\u{3000}逼", "*\u{3000}*"),
    ("傻\u{200b}逼", "*\u{200b}*"),
    ("傻😀逼", "*😀*"),
    ("傻@逼", "*@*"),
    ("傻.逼", "*.*"),
    ("傻，逼", "*，*"),
    ("傻傻傻逼", "****"),
    ("傻逼逼逼逼", "*****"),
    ("傻傻逼", "傻**"),
    ("傻B", "**"),
    ("傻ｂ", "**"),
    ("傻Ⓑ", "**"),
    ("媽的", "**"),
    ("你媽·的", "你*·*"),
    ("法 輪 功", "* * *"),
    ("法轮轮轮功", "*****"),
    ("法/輪/功", "*/*/*"),
    ("賭博網站", "**網站"),
    ("加 微 信", "* * *"),
    ("请加微信abc", "请***abc"),
    ("操【你】妈", "*【*】*"),
    ("代～开～发～票", "*～*～*～*"),
    ("㊙代開發票", "㊙****"),
    ("加Ｖ信", "加**"),
    ("8964", "****"),
    ("８９６４", "****"),
    ("⑧⑨⑥④", "****"),
    ("8 9 6 4", "* * * *"),
    ("SB", "**"),
    ("你这个sb", "你这个**"),
    ("s b", "* *"),
    ("バカだ", "**だ"),
    ("시발아", "**아"),
];

/// Texts that have the letters of a listed word, and not the word.
const INNOCENT: &[&str] = &[
    "Scunthorpe",
    "class",
    "assassin",
    "pass the assessment",
    "Essex, Sussex and Middlesex",
    "push it",
    "wish it, push it, cash it",
    "Charles Dickens",
    "he'll call, she'll wait",
    "shell",
    "hello",
    "title",
    "Titsey",
    "analysis, canal",
    "Penistone",
    "the pen is blue",
    "the pen.is on the desk",
    "Lightwater",
    "shiitake",
    "good",
    "as, was, has",
    "a s",
    "grape, drape, scrape",
    "document, cucumber",
    "raccoon, cocoon",
    "co-on",
    "potato",
    "c l a s s",
    "4.ss",
    "sizes S, B",
    "S; [B]",
    "A S S E T",
    "U S B",
    "skill yourself",
    "kill. yourself",
    "killing yourself softly",
    "Samsung A55",
    "order 455",
    "455, 0455, 4 5 5",
    "7175",
    "phone 137 5417 8964123",
    "18964",
    "89.64 or 8,964 or 89-64",
    "5417",
    "S8",
    "price $5, 5$",
    "me@sshop.example",
    "basement.asset",
    "https://example.com/class/assets?shitake=0",
    "push_it_now",
    "fu ck",
    "fuk",
    "ass\u{301}et",
    "Häuser im Gasse",
    "",
    " ",
    "\u{200b}",
    "😀😀",
    "你傻，逼我的",
    "他很傻。逼不得已",
    "妈咪的包",
    "法国的轮胎功能",
    "赌气，博客",
    "加一下微信",
    "微信加我",
    "法轮abc功",
    "傻1逼",
    "傻boy",
    "操作系统",
    "开发票",
    "电话８９６４１",
    "v 号信",
    "您好，请问什么时候发货？",
    "訂單已經發出，請注意查收",
];

#[test]
fn evasions_are_found_and_masked() {
    let filter = filter();
    let wrong: Vec<_> = EVASIONS
        .iter()
        .map(|&(text, want)| (text, want, filter.check(text, Side::Visitor)))
        .filter(|(_, want, verdict)| verdict.masked.as_deref() != Some(want) || verdict.action != Some(Action::Mask))
        .map(|(text, want, verdict)| (text, want, verdict.masked))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_innocent_pass() {
    let filter = filter();
    let wrong: Vec<_> = INNOCENT
        .iter()
        .map(|&text| (text, filter.check(text, Side::Visitor)))
        .filter(|(_, verdict)| verdict.action.is_some() || !verdict.matches.is_empty() || verdict.masked.is_some())
        .map(|(text, verdict)| (text, verdict.masked))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a sceptical visitor tried.
#[test]
fn longer_words_and_phrases_are_found_wherever_they_are_cut() {
    let lists =
        [list("fraud", Action::Refuse, &["casino", "whatsapp me", "crypto wallet", "赌博", "bitcoin", "go to"])];
    let filter = Filter::new(&lists).unwrap();
    let finds = |text: &str| filter.check(text, Side::Visitor).action.is_some();
    for text in [
        "ca-sino",
        "ca.sino",
        "ca/sino",
        "ca sino",
        "cas ino",
        "c asino",
        "casin o",
        "ca\nsino",
        "ca\r\nsino",
        "ca_sino",
        "ca*sino",
        "come to our ca sino!",
        "c.a.s.i.n.o",
        "whats-app me",
        "whats app me",
        "whatsapp, me",
        "whatsapp me",
        "whatsappme",
        "WhatsApp_me",
        "whatsapp\nme",
        "whats'app me",
        "whatsapp 👉 me",
        "cryptowallet",
        "crypto-wallet",
        "cryp to wallet",
        "crypto\nwallet",
        "赌丨博",
        "赌丶博",
        "赌 博",
        "賭丿博",
        "赌・博",
        "bit-coin",
        "go to",
        "go\nto",
    ] {
        assert!(finds(text), "{text:?}");
    }
    for text in [
        "I live in CA. Sino-American relations are my field",
        "what app do you mean",
        "is it in the bit? Coin it",
        "the wallet for my crypto",
        "whatsapp. Me too",
        "goto",
        "bit coin",
        "casing",
        "case in order",
        "an oasis, no",
        "丶",
        "博物馆，赌气",
        "go, to be sure",
    ] {
        assert!(!finds(text), "{text:?}");
    }
}

/// Signs are letters beside letters, and prices and addresses otherwise.
#[test]
fn signs_alone_are_no_word() {
    let filter = Filter::new(&[list("short", Action::Hold, &["ss", "as", "is", "sis"])]).unwrap();
    for text in ["$$", "$$$", "@$", "5 $$ 5", "@ $", "!!!", "$!$", "$$$!!!", "餐厅$$$"] {
        assert_eq!(filter.check(text, Side::Visitor).action, None, "{text:?}");
    }
    for text in ["a$", "@s", "s$", "$is", "s!s"] {
        assert_eq!(filter.check(text, Side::Visitor).action, Some(Action::Hold), "{text:?}");
    }
}
