//! What knowledge is made of, how it is kept, and what may be said of it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::time::Instant;

use deskwire_ai::{
    agent::Passage,
    knowledge::{Article, Format, Index, extract, group, read, split},
};
use proptest::prelude::*;

fn article(id: &str, title: &str, body: &str, questions: &[&str]) -> Article {
    Article {
        id: id.into(),
        title: title.into(),
        body: body.into(),
        questions: questions.iter().map(|text| (*text).to_owned()).collect(),
        ..Article::default()
    }
}

fn shop() -> Vec<Article> {
    let file = |name: &str| std::fs::read_to_string(format!("tests/fixtures/{name}")).unwrap();
    let both = ["shop-en.csv", "shop-zh.csv"].map(|name| read(Format::Csv, name, &file(name)).unwrap());
    both.concat()
}

#[test]
fn what_is_asked_below_what_is_pasted_is_found() {
    let index = Index::build(&shop(), &[]);
    for question in ["Which payment methods do you accept?", "怎么开发票？"] {
        let alone = index.search(question, 1);
        let text = format!("{}{question}", "zxcv 0x80070057\n".repeat(200));
        assert_eq!(index.search(&text, 1)[0].article, alone[0].article, "{question}");
        let found = index.explain(&text, 1);
        assert!(found[0].words.iter().all(|(word, _)| question.contains(word.as_str())), "{found:?}");
        assert_eq!(extract(&alone, &text), extract(&alone, question));
    }
}

#[test]
fn markdown_is_parted_by_its_headings() {
    let titles = |text: &str| -> Vec<(String, usize)> {
        let articles = read(Format::Markdown, "help/shipping.md", text).unwrap();
        articles.into_iter().map(|article| (article.title, article.questions.len())).collect()
    };
    let named =
        |all: &[(&str, usize)]| all.iter().map(|(title, count)| ((*title).to_owned(), *count)).collect::<Vec<_>>();
    assert_eq!(titles("just text"), named(&[("shipping", 0)]));
    assert_eq!(titles("# Shipping\n\ntext\n\n## Abroad\n\nmore"), named(&[("Shipping", 0)]));
    assert_eq!(titles("intro\n# One\na\n# Two\n## Below\nb"), named(&[("shipping", 0), ("One", 0), ("Two", 0)]));
    assert_eq!(titles("# FAQ\n## How long?\n3 days\n## 多少钱？\n10元"), named(&[("How long?", 1), ("多少钱？", 1)]));
    assert_eq!(titles("One\n===\na\n\nTwo\n===\nb"), named(&[("One", 0), ("Two", 0)]));
    assert_eq!(titles("# A\n```\n# no heading\n```\n"), named(&[("A", 0)]));
    let text = "---\ntitle: Shipping costs\nurl: https://example.com/s\nlang: en\n---\nIt costs 5 dollars.";
    let front = read(Format::Markdown, "a.md", text).unwrap();
    assert_eq!((front[0].title.as_str(), front[0].url.as_deref()), ("Shipping costs", Some("https://example.com/s")));
    assert_eq!((front[0].language.as_deref(), front[0].body.as_str()), (Some("en"), "It costs 5 dollars."));
}

#[test]
fn a_table_says_every_line_that_is_wrong() {
    let text = "\u{feff}question,answer,url,questions\n\"How\nlong?\",\"3 days\n\nor 4\",https://example.com,Delivery time | When?\n\
                ,no question,,\nno answer,,,\ntoo,few\n\n\"How\nlong?\",again,,\n";
    let mistakes = read(Format::Csv, "a.csv", text).unwrap_err();
    assert_eq!(mistakes.iter().map(|mistake| mistake.line).collect::<Vec<_>>(), [6, 7, 8, 10], "{mistakes:?}");
    let good = read(Format::Csv, "a.csv", &text[..text.find("\n,no").unwrap()]).unwrap();
    assert_eq!(good[0].questions, ["How\nlong?", "Delivery time", "When?"]);
    assert_eq!((good[0].body.as_str(), good[0].url.as_deref()), ("3 days\n\nor 4", Some("https://example.com")));
    for (text, wrong) in [("question\na", "answer"), ("question,answer,colour\na,b,c", "colour"), ("", "nothing")] {
        let mistakes = read(Format::Csv, "a.csv", text).unwrap_err();
        assert!(mistakes[0].message.contains(wrong), "{mistakes:?}");
    }
    let semicolons = read(Format::Csv, "a.csv", "问题;答案\n多久到;三天\n").unwrap();
    assert_eq!((semicolons[0].title.as_str(), semicolons[0].body.as_str()), ("多久到", "三天"));
    let long = format!("question,answer\na,{}\n", "x".repeat(70_000));
    assert_eq!(read(Format::Csv, "a.csv", &long).unwrap_err()[0].line, 2);
}

#[test]
fn a_page_gives_its_text_and_nothing_around_it() {
    let page = r#"<!doctype html><html lang="en"><head><title>Returns | Shop</title>
        <link rel="canonical" href="https://example.com/returns"><style>p{color:red}</style></head>
        <body><nav><a href="/">Home</a><nav>inner</nav> after</nav><main><h1>Returns &amp; refunds</h1>
        <p>Send it back
        within <b>30 days</b>.<script>if (a < b) alert("</p>")</script></p><h2>Costs</h2><ul><li>free<li>bulky: 20&nbsp;dollars</ul>
        <div hidden>secret</div><table><tr><td>one</td><td>two</td></tr></table></main>
        <footer>imprint</footer></body></html>"#;
    let articles = read(Format::Html, "returns.html", page).unwrap();
    assert_eq!(articles.len(), 1, "{articles:#?}");
    let one = &articles[0];
    assert_eq!((one.title.as_str(), one.url.as_deref()), ("Returns & refunds", Some("https://example.com/returns")));
    assert_eq!(one.body, "Send it back within 30 days.\n\n## Costs\n\n- free\n- bulky: 20 dollars\n\none two");
    let bare = read(Format::Html, "x.html", "<title> 运费 </title>满99元<br>包邮<p>好的").unwrap();
    assert_eq!((bare[0].title.as_str(), bare[0].body.as_str()), ("运费", "满99元\n包邮\n\n好的"));
    let open = read(Format::Html, "x.html", "<nav>all of it").unwrap();
    assert_eq!(open[0].body, "all of it");
    assert!(read(Format::Html, "x.html", "<script>1</script>").is_err());
}

#[test]
fn ids_stay_and_differ() {
    let text = "# One\na\n# Two\nb\n# One\nc";
    let ids = |name| read(Format::Markdown, name, text).unwrap().into_iter().map(|one| one.id).collect::<Vec<_>>();
    let (first, other) = (ids("a.md"), ids("b.md"));
    assert_eq!(first, ids("a.md"));
    let mut all = [first, other].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 6);
}

#[test]
fn passages_keep_to_sentences_and_sizes() {
    let sentence = "We send every parcel within two days by post. ";
    let chinese = "我们会在两天之内通过邮政寄出每一个包裹。";
    for (body, least, most) in [(sentence.repeat(200), 70, 200), (chinese.repeat(200), 70, 200)] {
        let pieces = split(&body);
        assert!(pieces.len() > 3);
        for piece in &pieces {
            let text = &body[piece.start..piece.end];
            let size = text.split(' ').count().max(text.chars().count() / 2 * usize::from(!text.is_ascii()));
            assert!((least..=most + 20).contains(&size) || piece == pieces.last().unwrap(), "{size}");
            assert!(text.ends_with(['.', '。']), "{text}");
        }
    }
    let pieces = split("intro\n\n# Shipping\n\n## Abroad\n\nIt takes a week.\n\n# Returns\n\nFree.");
    let paths: Vec<&str> = pieces.iter().map(|piece| piece.path.as_str()).collect();
    assert_eq!(paths, ["", "Shipping › Abroad", "Returns"]);
    let words = "word ".repeat(1_000);
    assert!(split(&words).iter().all(|piece| words[piece.start..piece.end].split(' ').all(|word| word == "word")));
}

#[test]
fn synonyms_and_names_find_what_words_do_not() {
    let articles = [
        article("1", "Gift cards", "They are valid for three years.", &["How long is a gift card valid?"]),
        article("2", "小米手环", "续航两周。", &["小米手环能用多久？"]),
        article("3", "Opening hours", "From 10 to 19.", &["When are you open?"]),
    ];
    let first = |index: &Index, text: &str| index.search(text, 1).first().map(|passage| passage.article.clone());
    let bare = Index::build(&articles, &[]);
    assert_eq!(first(&bare, "vouchers"), None);
    let groups = [vec!["voucher".to_owned(), "gift card".into(), "礼品卡".into()], vec!["小米手环".into()]];
    let index = Index::build(&articles, &groups);
    for (asked, id) in
        [("vouchers", "1"), ("礼品卡", "1"), ("我的小米手环", "2"), ("opning hours", "3"), ("ＯＰＥＮ？", "3")]
    {
        assert_eq!(first(&index, asked).as_deref(), Some(id), "{asked}");
    }
    assert_eq!(first(&index, "zebra"), None);
}

#[test]
fn it_says_which_words_matched() {
    let index = Index::build(&shop(), &[]);
    for (asked, word) in [("Where can I find the serial number?", "serial"), ("请问怎么开发票", "发票")] {
        let found = index.explain(asked, 3);
        assert!(found[0].words.iter().any(|(known, share)| known == word && *share > 0.1), "{:?}", found[0].words);
        assert!(found.iter().all(|one| one.words.iter().map(|(_, share)| share).sum::<f32>() <= 1.001));
        let passages: Vec<Passage> = found.into_iter().map(|one| one.passage).collect();
        assert_eq!(passages, index.search(asked, 3));
    }
}

#[test]
fn an_extract_is_made_of_sentences_that_stand_there() {
    let index = Index::build(
        &[
            article(
                "1",
                "Returns",
                "We like our customers. Send items back within 30 days. Bulky items cost 20 dollars to return. We are open on Monday.",
                &[],
            ),
            article("2", "退货", "欢迎光临。签收后30天内可以退货。退货免运费。我们周一营业。", &[]),
        ],
        &[],
    );
    for (asked, needed) in
        [("what does it cost to return bulky items?", "20 dollars"), ("退货要运费吗", "退货免运费。")]
    {
        let found = index.search(asked, 3);
        let (answer, articles) = extract(&found, asked).unwrap();
        assert!(answer.contains(needed), "{answer}");
        assert!(!answer.contains("Monday") && !answer.contains("周一"), "{answer}");
        assert_eq!(articles, [found[0].article.clone()]);
    }
    assert_eq!(extract(&[], "anything"), None);
    assert_eq!(extract(&index.search("return", 1), "zebra"), None);
    // An answer begins well, even where it has no word of the question.
    let pair = Index::build(&[article("1", "Delivery", "Three days. Or four.", &["How long is delivery?"])], &[]);
    assert_eq!(extract(&pair.search("delivery", 1), "delivery").unwrap().0, "Three days. Or four.");
}

#[test]
fn vectors_find_what_words_do_not_and_words_still_count() {
    let articles = shop();
    let index = Index::build(&articles, &[]);
    let bytes_before = index.to_bytes();
    // A made model: one direction per article, and one that all texts have in common.
    let length = articles.len() + 1;
    let direction = |article: usize| -> Vec<f32> {
        (0..length)
            .map(|at| {
                if at == article {
                    1.0
                } else if at == length - 1 {
                    0.7
                } else {
                    0.0
                }
            })
            .collect()
    };
    let texts: Vec<String> = index.texts().collect();
    let owner = |text: &String| {
        let of = |one: &Article| one.questions.contains(text) || *text == format!("{}\n{}", one.title, one.body);
        articles.iter().position(of).unwrap()
    };
    let vectors: Vec<Vec<f32>> = texts.iter().map(|text| direction(owner(text))).collect();
    assert!(index.clone().with_vectors(&vectors[1..]).is_err());
    assert!(index.clone().with_vectors(&vec![vec![0.0; 3]; vectors.len()]).is_err());
    let index = index.with_vectors(&vectors).unwrap();
    let found = index.search_with("zebra crossing", Some(&direction(7)), 3);
    assert_eq!(found[0].article, articles[7].id);
    assert!(found[0].confidence > index.search("zebra crossing", 1).first().map_or(0.0, |one| one.confidence));
    let words = "How do I get an invoice?";
    assert_eq!(index.search(words, 1), Index::from_bytes(&bytes_before).unwrap().search(words, 1));
    assert_eq!(index.search_with(words, Some(&[1.0]), 1), index.search(words, 1), "a vector of another model");
    let again = Index::from_bytes(&index.to_bytes()).unwrap();
    let asked = direction(3);
    assert_eq!(again.search_with("parcel", Some(&asked), 5), index.search_with("parcel", Some(&asked), 5));
}

#[test]
fn questions_that_ask_the_same_are_a_group() {
    let texts = [
        ("a1", "when will my refund arrive"),
        ("b1", "退款什么时候到账"),
        ("c1", "do you sell blue umbrellas"),
        ("a2", "When does the refund arrive?"),
        ("b2", "我的退款几时到账呀"),
        ("a3", "refund has not arrived"),
    ];
    let questions: Vec<(String, String)> = texts.iter().map(|(id, text)| ((*id).into(), (*text).into())).collect();
    let groups = group(&questions);
    let mut members: Vec<Vec<String>> = groups.iter().map(|group| group.members.clone()).collect();
    members.iter_mut().for_each(|group| group.sort());
    assert_eq!(members, [vec!["a1", "a2", "a3"], vec!["b1", "b2"], vec!["c1"]], "{groups:?}");
    assert!(groups.iter().all(|group| questions.contains(&(group.id.clone(), group.title.clone()))));
    assert_eq!(groups, group(&questions));
    assert_eq!(group(&[]), []);
    assert_eq!(group(&[("1".into(), "??".into()), ("2".into(), "??".into())]).len(), 1);
}

#[test]
fn a_thousand_questions_are_grouped() {
    let all: Vec<String> = shop().into_iter().flat_map(|article| article.questions).collect();
    let asked = |number: usize| {
        format!("{} {}", all[number % all.len()], ["please", "", "thanks", "请问"][number / all.len() % 4])
    };
    let questions: Vec<(String, String)> = (0..1_000).map(|number| (number.to_string(), asked(number))).collect();
    let started = Instant::now();
    let groups = group(&questions);
    println!("1,000 questions: {} groups in {} ms", groups.len(), started.elapsed().as_millis());
    assert_eq!(groups.iter().map(|group| group.members.len()).sum::<usize>(), 1_000);
    assert!(groups[0].members.len() >= 4);
}

#[test]
fn an_index_of_nothing_finds_nothing() {
    let index = Index::build(&[], &[]);
    assert!(index.is_empty() && index.search("hello", 3).is_empty());
    assert!(Index::from_bytes(&index.to_bytes()).unwrap().search("hello", 3).is_empty());
    let empty = Index::build(&[article("1", "", "", &[""])], &[]);
    assert!(empty.search("hello", 3).is_empty());
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,80}",
        "[a-z退货款运费多少钱0-9X. ,\n#*|?？。-]{0,200}",
        prop::collection::vec(prop::char::any(), 0..60).prop_map(String::from_iter),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_stumble(text in any_text(), other in any_text()) {
        for format in [Format::Markdown, Format::Csv, Format::Html] {
            if let Ok(articles) = read(format, &other, &text) {
                prop_assert!(articles.iter().all(|article| article.check().is_ok()));
            }
        }
        for piece in split(&text) {
            prop_assert!(!text[piece.start..piece.end].trim().is_empty());
        }
        let one = article("1", &other, &text, &[&other]);
        let two = article("2", &text, &other, &[]);
        let index = Index::build(&[one, two], &[vec![text.clone(), other.clone()]]);
        for asked in [&text, &other] {
            let found = index.search(asked, 3);
            prop_assert!(found.len() <= 2);
            prop_assert!(found.iter().all(|passage| (0.0..=1.0).contains(&passage.confidence)));
            prop_assert!(found.windows(2).all(|two| two[0].confidence >= two[1].confidence));
            if let Some((answer, articles)) = extract(&found, asked) {
                prop_assert!(answer.chars().count() <= 500 && !articles.is_empty() && articles.len() <= 2);
            }
            index.explain(asked, 3);
        }
        let again = Index::from_bytes(&index.to_bytes()).unwrap();
        prop_assert_eq!(again.search(&text, 3), index.search(&text, 3));
        prop_assert_eq!(again.to_bytes(), index.to_bytes());
        let groups = group(&[("1".into(), text.clone()), ("2".into(), other), ("3".into(), text)]);
        prop_assert_eq!(groups.iter().map(|group| group.members.len()).sum::<usize>(), 3);
    }

    #[test]
    fn damaged_bytes_are_refused_or_harmless(at in 0usize..20_000, byte: u8, cut in 0usize..20_000) {
        let bytes = damaged();
        prop_assert!(Index::from_bytes(&bytes[..cut.min(bytes.len() - 1)]).is_err());
        let mut bytes = bytes.to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(index) = Index::from_bytes(&bytes) {
            for asked in ["how do I get a refund", "怎么退货"] {
                let found = index.search(asked, 3);
                extract(&found, asked);
            }
        }
    }

    #[test]
    fn junk_is_no_index(bytes: Vec<u8>) {
        prop_assert!(Index::from_bytes(&bytes).is_err());
        prop_assert!(Index::from_bytes(&[b"DWKN\x01".as_slice(), &bytes].concat()).is_err());
    }
}

/// Bytes of a small index with all that there can be.
fn damaged() -> &'static [u8] {
    static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BYTES.get_or_init(|| {
        let all = shop();
        let some: Vec<Article> = all[..4].iter().chain(&all[45..49]).cloned().collect();
        let index = Index::build(&some, &[vec!["refund".into(), "退款".into()]]);
        let vectors: Vec<Vec<f32>> = (0..index.texts().count()).map(|at| vec![1.0, at as f32]).collect();
        index.with_vectors(&vectors).unwrap().to_bytes()
    })
}
