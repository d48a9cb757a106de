//! Links in an answer: only to where the company's own knowledge, systems or instructions lead.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::{Captures, Regex};
use url::Url;

/// What a visitor's browser, or a person, takes for a link; an e-mail address, which is none, comes first. Domains
/// without a scheme count where they have a path, or end in what most of them end in.
#[expect(clippy::unwrap_used, reason = "a constant, compiled in every test")]
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    let rest = r#"[^\s<>"'()\[\]{}【】（）《》「」“”，。；！？、\\`*|]"#;
    let domain = r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+";
    let endings = "com|net|org|io|cn|info|biz|xyz|top|app|dev|ru|link|site|online|shop|club|vip|tk|zip|example";
    let pattern = format!(
        r"(?i)(?<mail>[\w.+-]+@{domain}[\p{{L}}]+)|(?<link>(?:[a-z][a-z0-9+.-]*:)?//{rest}+|\b(?:javascript|data|vbscript|file|blob):{rest}+|\bwww\.{rest}+|\b{domain}(?:[a-z]{{2,}}/{rest}+|(?:{endings})\b))"
    );
    Regex::new(&pattern).unwrap()
});

/// A link in Markdown: its words, and where it leads.
#[expect(clippy::unwrap_used, reason = "a constant, compiled in every test")]
static MARKDOWN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[([^\[\]]*)\]\(\s*<?([^\s()<>]*)>?[^()]*\)").unwrap());

/// The hosts of all links in a text.
pub(crate) fn hosts(text: &str) -> BTreeSet<String> {
    LINK.captures_iter(text).filter_map(|found| host(found.name("link")?.as_str())).collect()
}

/// The text, without links to other hosts than these. Of a link in Markdown the words stay.
pub(crate) fn without_links(text: &str, allowed: &BTreeSet<String>) -> String {
    let may = |link: &str| host(link).is_some_and(|host| allowed.contains(&host));
    let text = MARKDOWN.replace_all(text, |found: &Captures| {
        let (words, link) = (&found[1], &found[2]);
        if may(link) && words != link { format!("{words} ({link})") } else { words.to_owned() }
    });
    let text = LINK.replace_all(&text, |found: &Captures| match found.name("link") {
        Some(link) if !may(link.as_str()) => String::new(),
        _ => found[0].to_owned(),
    });
    text.into_owned()
}

/// Where a link leads, as a browser understands it (`https://shop.example@evil.example` leads to the latter). `www` is
/// no place of its own.
fn host(link: &str) -> Option<String> {
    let link = link.trim_end_matches(['.', ',', ':', ';', '!', '?']);
    let whole = match link {
        _ if link.starts_with("//") => format!("https:{link}"),
        _ if link.contains("://") || link.contains("script:") => link.to_owned(),
        _ => format!("https://{link}"),
    };
    let url = Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?.trim_end_matches('.');
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}
