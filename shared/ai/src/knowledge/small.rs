//! Small words of English and Chinese: those that say nothing, and those that say little.

use std::{collections::HashSet, sync::LazyLock};

/// English words that say nothing about what is asked.
const STOP: &str = "\
    a about am an and any anyone are as at be been being but by can could did do does doing for from get got had \
    has have having hello help hey hi i i'd i'll i'm i've if in into is it it's its just kindly know let like may \
    me might my need of on or our please pls possible so some tell thank thanks that the their them then there \
    these they this those to us want was we were will with would you your yours there's that's you're don't \
    doesn't didn't can't cannot won't isn't aren't one s t should";

/// Chinese words that say nothing about what is asked.
const STOP_HAN: &str = "\
    的 了 吗 呢 吧 啊 呀 哦 嗯 么 嘛 我 你 您 他 她 它 我们 你们 您们 他们 是 在 有 和 与 及 或 也 都 就 还 又 把 \
    被 给 跟 对 到 从 这 那 这个 那个 一个 个 一下 下 请 请问 问 想 要 想要 能 可以 可 会 应该 是不是 能不能 \
    可不可以 有没有 没有 不 没 很 太 之 其 为 以 于 而 但 上 里 着 过 得 地 知道 告诉 麻烦 你好 您好 谢谢 需要 \
    如果 的话 已经 现在 咱们 家 一 是否 能否 可否 来 去 让 并 等 啦 帮 帮忙";

/// English words that say how it is asked, and those that go with any subject.
const WEAK_WORDS: &str = "\
    how what when where which who whose why long much many often again already also another anything back because \
    before after bring come else ever every everything find first give go going good here instead keep last look \
    make more most new no not nothing now old only other out put really same say see seem seems show something \
    still such take than thing things till too try under until up use very wait waiting way well yet over off per \
    call called have having type offer sure question problem issue able today right bit lot";

/// Chinese words that say how it is asked, and those that go with any subject.
const WEAK_HAN: &str = "\
    什么 怎么 怎样 怎么样 怎么办 如何 哪里 哪儿 哪些 哪 多久 多少 多长 几 几天 何时 时候 什么时候 为什么 为何 谁 \
    多长时间 时间 多 东西 办理 办 使用 用 再 别 次 出 看 找 做 放 拿 新 好 大概 一般 问题 情况 今天 还是 才 只 \
    你们家 说 这款 那款 这双 款 怎么回事 为啥 咋 咋办 啥 多大 显示 可是 但是 一直 好像 直接 自己 别的 其他 另 另外 \
    全部 所有 真 比较 一些 一点";

/// Whether a word says nothing.
pub(crate) fn is_silent(word: &str) -> bool {
    static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split(' ').chain(STOP_HAN.split(' ')).collect());
    ALL.contains(word)
}

/// Whether a word goes with any subject.
pub(crate) fn is_weak(word: &str) -> bool {
    static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| WEAK_WORDS.split(' ').chain(WEAK_HAN.split(' ')).collect());
    ALL.contains(word)
}
