//! The words of [`super`], as expressions over folded text.

use super::SmallTalk;

/// Asks for a person.
pub const HUMAN: &str = concat!(
    r"(?:转|接)(?:接|通)?(?:到|去|给)?(?:一下|一?个)?(?:你们的?)?(?:人工|真人|客服|坐席)|人工客服|人工服务|人工坐席|人工在线|真人客服|活人|人工在吗|",
    r"(?:找|要|叫|换|接|来|给我|想和|想跟|跟|和|有没有|有)(?:一?个|一?位|一下|你们的?)?(?:人工|真人|真正的人|客服人员|客服专员|专员|你们客服|你们的客服|你们主管|主管|你们经理|你们负责人|你们领导|领导)|",
    r"(?:和|跟|找|转|来)(?:一?个)?人(?:说话|聊|谈|沟通|处理|解决|$)|^\s*(?:人工){2,}|接线员|(?:安排|联系|呼叫|叫)(?:一下|一?个)?(?:人工|真人|客服)|(?:让|叫)你们(?:的)?(?:经理|主管|领导|负责人)|能不能来个人|(?:叫|让|派|换|找|给)(?:一?个)?(?:人|真人|客服)(?:来|跟我|和我|给我|联系|处理|回复|接待)|(?:找|联系|我要)客服\s*$|换(?:一?个)?人(?:\s*$|吧|来)|机器人(?:滚|走开|闭嘴)|还不如转人工|",
    r"^\s*(?:人工|真人)\s*(?:吧|啊|呢|谢谢|快|快点)?\s*$|(?:人工|真人)(?:处理|帮我|来处理|回复|沟通)|(?:不想|不要|别|不)(?:再|想)?(?:跟|和|让)(?:一?个)?(?:机器人|ai)|不要(?:机器人|ai)|别再?机器人|",
    r"\b(?:human|person|operator|agent|representative|rep|advisor|adviser|supervisor|manager|customer service|customer support)\b,? (?:please|pls|now)\b|",
    r"\b(?:speak|talk|chat|connect|transfer|put|pass|get|switch|escalate|forward|be (?:transferred|connected|put through))(?:ing)?(?: (?:me|this|us|it))?(?: through)?(?: directly)? (?:to|with|on to|over to) (?:an? |the |your |some |any |one of your )?(?:(?:real|live|actual|human|customer|support|service|proper|senior) ?){0,3}(?:human(?: being)?s?|persons?|people|agents?|operators?|representatives?|reps?|someone|somebody|advis[eo]rs?|managers?|supervisors?|staff|support|service|team|colleagues?)\b|",
    r"\b(?:real|live|actual) (?:human|person|people|agent|operator|representative|rep|advis[eo]r)\b|\bhuman (?:agent|operator|support|representative|rep|being|help|assistance|service)\b|",
    r"\b(?:want|need|get|get me|give me|have|like|see|is there|are there|find me|prefer|send me|where is)(?: to have)? (?:an? |the |some |any |your )?(?:real |live |actual )?(?:human|agent|representative|operator|supervisor|manager)\b|",
    r"^\s*(?:an? )?(?:human|agent|representative|operator|customer service|live chat|live agent)\s*$|\bnot (?:a |to a |with a )(?:bot|robot|machine|computer)\b|",
    r"\b(?:don't|do not|dont) want to (?:talk|speak|chat) (?:to|with) (?:(?:a|this|the|an|any) )?(?:bot|robot|machine|computer|ai)s?\b|\bcan (?:i|we) (?:get|have|see) (?:an? |the )?(?:real |live |actual )?(?:human|person|agent|representative)\b|\bcan (?:an? )(?:human|person|agent|representative) (?:help|call|contact|assist)\b|\b(?:hand|pass|put) (?:me|this|it) (?:over|through) to (?:an? |the |your )?(?:human|person|agent|someone|representative|operator|manager)\b|\bwant (?:someone|somebody|a person) to (?:call|contact|phone)\b|\bis there (?:someone|anyone|somebody|a person)(?: real)?(?: (?:that )?i can)? (?:to )?(?:talk|speak|chat)\b|\blet (?:an? |the )?(?:real )?(?:human|person|agent|representative) (?:handle|help|do|take|look|answer|reply)\b|\b(?:anyone|someone|somebody) real\b|\bno more bots?\b|\bstop (?:the|this) bot\b|\bcall me back\b.*\bperson\b",
);

/// Says that no person is wanted, or asks whether it is one.
pub const NOT_HUMAN: &str = concat!(
    r"(?:不要|不用|不需要|无需|不想|不必|别|先不|暂时不|没必要|不是要|不|甭|莫)(?:再)?(?:给我|帮我|用|找|要|想)?(?:转接?|找|接|要|叫|换)?(?:到|给)?(?:一?个)?(?:人工客服|人工服务|人工坐席|人工|真人客服|真人|客服|专员|主管)|",
    r"(?:不要|不用|不需要|不想|别)(?:跟|和)(?:一?个)?(?:人工客服|人工|真人|客服)(?:说|聊|谈|沟通)?|(?:是|你是)(?:人工|真人)(?:客服)?(?:还是|吗|么)|",
    r"\b(?:don't|do not|dont|didn't|did not|no need|not|never|won't|wouldn't|without|needn't|rather not)\b(?: (?:really|actually|even|yet|like|want|need|wish|have|ask|asked|asking|going|you|me|to|for|please|just|necessarily|wanna|speak|speaking|talk|talking|connect|transfer|be|transferred|connected|it|with|get)){0,9} (?:an? |the |any |some |your )?(?:real |live |actual |human )?(?:human|person|people|agent|operator|representative|rep|someone|somebody|supervisor|manager)\b|",
    r"\bno (?:human|agent|person|representative|operator)s?\b|\bare you (?:a |an )?(?:real |live |actual )?(?:human|person|agent)\b",
);

/// Other things of that name.
pub const OTHER_HUMAN: &str = concat!(
    r"人工智能|人工费|人工湖|人工降雨|人工成本|人工呼吸|人工授精|人工草|人工流产|人工合成|人工皮|人工泪液|人工耳蜗|人工关节|纯人工|手工|人工(?:价格|多少钱|制作|缝制|翻译软件)|真人秀|真人cs|真人版|真人(?:视频|图)|",
    r"转人工的?时间|客服(?:电话|时间|几点|上班)|(?:人工)?客服(?:人员|专员)?(?:都|就|已经|刚才|之前|又)?(?:说|告诉|答应|承诺|回复|让我)|人工(?:审核|钻石|草坪|操作)|(?:联系|问|找|打)过(?:你们)?(?:人工|客服)+|\bhuman (?:resources|rights|hair|size|body|error|nature|resource)\b|\b(?:estate|travel|cleaning|real estate|user|insurance|shipping|foaming|secret) agents?\b|\bagent (?:fee|commission|orange|price)\b|\bper person\b|\bsales rep(?:resentative)? (?:told|said|promised)\b|\bmanager (?:app|role|account|plan|edition)\b|\b(?:password|file|task|account|product|project|download) manager\b|\b(?:agent|manager|supervisor|representative|operator|rep|someone|person|human) (?:told|said|promised|already|who|was|has|had|did)\b",
);

/// Says that an answer does not help.
pub const NO_HELP: &str = concat!(
    r"没(?:什么|啥)?(?:有)?用|没有(?:任何)?(?:帮助|解决|作用)|没(?:帮助|解决|帮上|啥用|回答)|不管用|不起作用|还是不(?:行|懂|明白|会|对|能|可以)|还是没|答非所问|驴唇不对马嘴|牛头不对马嘴|不是我(?:想)?(?:问|要)的|没回答我|不(?:是)?这个(?:问题|意思)|我(?:问|说)的不是|听不懂人话|(?:你)?(?:没|没有|不)(?:听懂|看懂|理解|明白)我|文不对题|废话|说了等于没说|解决不了|帮不(?:了|上)|无济于事|毫无帮助|所答非所问|不对题|没看懂我|没帮[到上]|没什么帮助|(?:回答|理解|搞|答)错了?|你没懂|答的不对|[跟和]我问的(?:没关系|无关|不一样|不相干)|不是(?:我)?(?:在)?(?:问|想问)|不是我的问题|没有?回答|不能解决|没看懂你|能不能(?:说点|换个说法|认真)|(?:你|都|根本)没(?:理解|明白|看懂|听懂)|没(?:什么)?效果|试过了|不对[，, ]?我(?:问|说|要)的是|答的(?:是)?(?:什么|啥)|只会(?:这|说)|别(?:再)?重复|不要(?:再)?重复|重复的话|",
    r"\b(?:doesn't|does not|doesnt|didn't|did not|didnt|isn't|is not|wasn't|was not|not|won't|never|no) (?:really |very |much |at all |any |even |of any )*(?:help(?:ful|ing|ed)?|work(?:ing|ed)?|useful|answer(?:ing|ed)? (?:my|the|me|it|that)|(?:the|an) (?:right )?answer|solve[ds]?|solving|fix(?:ed)?|what i(?:'m| am| was|'ve)? (?:asked|meant|want|wanted|need|needed|mean|asking|asking for|looking for))\b|",
    r"\buseless\b|\bunhelpful\b|\bnot (?:my|the) question\b|\bno help\b|\bno use\b|\b(?:you(?:'re| are)? (?:don't|do not|didn't|did not|not) (?:understand|understanding|listen|listening|get it|get me))\b|\bstill (?:not|doesn't|does not|don't|do not|isn't|no|can't|cannot)\b|\bwrong answer\b|\bthat's not it\b|\bthat(?:'s| is)(?: not|n't) right\b|\bthat isn't right\b|\bno good\b|\byou (?:already|just) said that\b|\b(?:stop|keep|kept) repeating\b|\bsame (?:thing|answer|reply) (?:again|over)\b|\bdon't think you (?:understand|understood|get)\b|\bmisunderst\w+|\bi (?:asked|was asking) about\b|\bi(?:'ve| have)? (?:already )?tried (?:that|this|it|all)\b|\balready (?:tried|did) (?:that|this|it)\b|\bmakes no sense\b|\bthat'?s irrelevant\b|\boff topic\b",
);

/// Sounds like it, and is not.
pub const HELPED: &str = concat!(
    r"我没用|会不会没用|没解决之前|没用(?:优惠|红包|积分|券)|(?:还)?没有?收到回答|(?:码|券|卡|器|机|药|产品|商品|积分|余额|灯|盒|膏|霜)(?:还)?没(?:有)?(?:什么)?(?:用|效果)|有没有用|没用过|没有用过|没用到|没用完|没用几|没用多久|没用上|没用的(?:券|优惠|余额|积分)|没有用完|没有用到|还没用|还没有用|从来没用|优惠券没用|还没(?:到|收|发|有|付|买|下单|用|拆|开)|还是没(?:到|收到|发货)|有没有帮助|有没有解决|",
    r"\b(?:the|my|your|this|our) (?:[a-z]+ )?(?:product|item|thing|device|phone|code|coupon|voucher|app|charger|link|button|website|site|page|card|remote|battery|machine|camera|light|payment|checkout|login|password)s? (?:still )?(?:is not|isn't|does not|doesn't|did not|didn't|won't|are not|don't) work(?:ing|ed)?\b|\bstill doesn't (?:turn|start|charge|arrive|open|fit|show)\b|\bstill (?:not|no|hasn't|haven't) (?:arrived|here|received|shipped|delivered|tracking|refund)\b|\bnot working (?:day|hours?|days)\b|\b(?:doesn't|does not|isn't|not|didn't|won't) work(?:ing)? (?:on|with|in|for|at|after|when)\b|\bno problem\b|\bno fixed\b|\bnot fixed (?:price|rate)\b",
);

/// Words of anger, and how much one of a list says by itself. Each list counts for itself.
pub const ANGER: &[(&str, f32)] = &[
    // Insults and curses.
    (
        r"傻[逼比叉x]|煞笔|沙比|\bsb\b|(?:^|[，。！,!. 他])妈的|他妈|特么|尼玛|操你|艹|卧槽|我靠|滚蛋|滚[!！。，]|^滚$|垃圾|狗屁|狗东西|王八蛋|混蛋|畜生|脑残|智障|白痴|弱智|蠢货|骗子|无耻|不要脸|黑心|奸商|恶心|坑爹|坑人|坑钱|流氓|去死|有病吧|黑店|诈骗|欺诈|态度恶劣|太恶劣|死人吗|偷钱|受骗|上当|太坑|真坑|\bnmsl\b|缺德|丧良心",
        0.6,
    ),
    (
        r"\b(?:fuck\w*|wtf|shit\w*|bullshit|bs|crap|damn(?:ed|it)?|bastards?|assholes?|idiots?|idiotic|morons?|stupid|dumb|scam\w*|thieves|thief|crooks?|liars?|lying|fraud\w*|garbage|trash|pathetic|disgusting|disgrace\w*|screw you|piss(?:ed)?(?: off)?|go to hell|bloody (?:useless|hell|joke)|shame on you|ripped? ?off|rip-off)\b",
        0.55,
    ),
    // Threats to complain.
    (
        r"投诉|举报|\b(?:12315|12305)\b|打\s?315\b|\b315\s?晚会|工商局|消协|消费者协会|消费者权益|起诉|(?:要|去)告(?:你|到|他)|去告$|法院(?:见|告)|[去上]法院\s*(?:$|[，。！,.!])|律师|维权|曝光|报警|(?:[找上叫请]|联系|通知|告诉)媒体|仲裁|差评|黑猫|退一赔三|告你们?",
        0.55,
    ),
    (
        r"\b(?:lawyers?|attorney|(?:sue|suing) (?:you|u|them|this (?:company|shop|store|business)|your)|legal action|small claims|(?:see|meet) (?:you|u) in court|tak(?:e|ing) (?:you|u|them|this|it) to court|chargebacks?|charge ?back|trading standards|bbb|better business bureau|ombudsman|consumer protection|report (?:you|this|your)|formal complaint|file a complaint|filing a complaint|make a complaint|lodge a complaint|dispute (?:the|this|it)|bad review|one star|1 star|(?:call(?:ing)?|contact(?:ing)?|go(?:ing)? to|phon(?:e|ing)) the (?:police|press|media)|(?:tell|telling|talk to|talking to) the (?:press|media))\b",
        0.5,
    ),
    // Where threats lead: by themselves they are a place, or goods.
    (r"法院|媒体|\b(?:court|police|the press|the media)\b", 0.2),
    // Anger and outrage by its name.
    (
        r"气死|气炸|忍无可忍|受够了|\b(?:furious|livid|enraged|infuriat\w*|outrag\w*|fuming|unacceptable|disgraceful|fed up|sick and tired|lied to me|you suck|worst\W+(?:\w+\W+){0,2}ever|stole my|done with you)\b",
        0.5,
    ),
    (
        r"生气|愤怒|火大|恼火|怒了|受不了|讨厌|浪费(?:我的?)?时间|过分|太差|极差|最差|很差|真差|差劲|糟糕|失望|无语|崩溃|忽悠|敷衍|糊弄|欺骗|骗人|骗钱|耍我|耍人|什么态度|什么玩意|什么破|什么东西|搞什么|离谱|扯淡|荒唐|不负责任|踢皮球|推卸|再也不(?:买|会|来)|拉黑|烂",
        0.4,
    ),
    (
        r"\b(?:angry|so mad|really mad|mad at|ridiculous|appalling|sucks?|what the hell|ffs|not (?:at all )?happy|unhappy|(?:poor|bad) service|money back|kidding me|horrible|terrible|awful|worst|horrendous|atrocious|sick of|had enough|joke|incompetent|rude|never (?:again|buy\w* (?:from|here)|shop\w*|order\w*)|hate|useless|rubbish|waste of (?:time|money)|nightmare|disappoint\w*|frustrat\w*|annoy\w*|upset|unbelievable|insane|absurd)\b",
        0.4,
    ),
    // Impatience.
    (
        r"还要等多久|要等到什么时候|等了(?:这么|那么|好|半)|催了(?:好)?(?:几|多|\d)|多少次了|几次了|说了(?:多少|几|好几|\d)遍|第[三四五六七八九]次|到底(?:要|什么|怎么|能|管|还|有没有|发)|怎么还(?:没|不)|为什么还(?:没|不)|有没有人(?:管|啊)|没人(?:管|理)|不(?:理|回)(?:我|人)|赶紧|退钱|马上给我|立刻给我|烦死|烦人|真烦|太慢|拖了",
        0.25,
    ),
    (
        r"\b(?:how many times|how much longer|still waiting|waiting (?:for )?(?:weeks|days|hours|forever|ages)|been waiting|third time|fourth time|fifth time|again and again|over and over|nobody (?:answers|replies|cares|responds|helps)|no one (?:answers|replies|cares|responds|helps)|ignor(?:ed|ing) me|right now|immediately|come on|seriously)\b",
        0.2,
    ),
];

/// What makes it more.
pub const STRONGER: &str = r"非常|特别|很生气|很失望|很愤怒|很不满|极其|简直|真的是|太.{0,6}了|实在|彻底|\b(?:very|so|really|extremely|absolutely|completely|totally|utterly|beyond|such a)\b";

/// Sounds angry, and is not: said of something else, asked, or denied.
pub const NOT_ANGRY: &str = concat!(
    r"(?:没有?|不|别|并不|并没有?|不是很?|不太|不会|不要|不想|不用|毫不|从不)(?:有|再|感到|觉得|是)?(?:什么|任何)?(?:生气|愤怒|失望|投诉|举报|差评|恶心|垃圾|过分|糟糕|骗子|骗人|起诉|报警|受不了|差劲|烂|很?差|太差)|(?:谈|说|算)不上(?:生气|失望|差|投诉)|",
    r"[他她你我]妈妈|垃圾(?:袋|桶|箱|分类|邮件|短信|处理|文件)|差评(?:怎么|如何)?(?:删|改|回复)|多媒体|媒体(?:播放|库|文件)|律师(?:函模板|证|事务所地址)|报警(?:器|灯|声)|烂(?:漫|尾|熟)|灿烂|法院店|投诉(?:一下)?(?:快递|物流)|[自新流]媒体|[马早晚网线]上当|投诉(?:电话|渠道|流程|入口|建议)(?:是)?(?:多少|什么|在哪)|白痴?电|不烂|",
    r"\b(?:not|isn't|wasn't|aren't|don't|do not|didn't|never|no longer|without|nothing|hardly|am not|i'm not) (?:really |so |at all |that |very |too |even |being |a |the |to |want to |going to |trying to |be |feel |get )*(?:angry|mad at|furious|upset|annoy\w*|frustrat\w*|disappoint\w*|terrible|awful|horrible|bad review|rude|complain\w*|sue|hate|scam\w*|joke|stupid|useless|lying|mind|ridiculous|rubbish|garbage|trash|the worst|a complaint|file a complaint|make a complaint)\b|",
    r"\b(?:garbage|trash|rubbish) (?:bags?|cans?|bins?|disposal|collection)\b|\b(?:tennis|basketball|food|squash|badminton|royal|volleyball) courts?\b|\bcourt shoes?\b|\b(?:damn|terribly|awfully|insanely|stupid(?:ly)?) (?:good|sorry|nice|well|fast|great|cheap)\b|\b(?:stupid|dumb|silly) question|\bjust (?:a joke|joking|kidding)\b|\binside joke\b|\bsue's\b|\bdumb ?bells?\b|\bmedia player\b|\bsocial media\b|\bscam (?:alert|protection|warning)\b|\breport (?:this|your) (?:bug|issue|problem)\b|\bright now (?:i|we|it|the)\b|\bpress the\b|\bcrap ?shoot\b|\bhate to (?:bother|ask|trouble)\b|\bawful lot\b|\bsorry for being (?:rude|upset)\b",
);

/// No small talk is longer.
pub const SMALL_TALK_CHARS: usize = 60;

/// Texts that are nothing else, without signs, in lower case, with single spaces.
pub const SMALL_TALK: &[(&str, SmallTalk)] = &[
    (
        concat!(
            r"(?:你好|您好|你们好|哈喽|哈啰|嗨|嘿|hi|hello|hey|早上好|上午好|中午好|下午好|晚上好|早安|早|早啊|喂|客服|在吗|在么|在不在|在不|有人吗|有人在吗|有人么|客服在吗|亲|大家好|请问)(?: ?(?:呀|啊|哦|呢|吗|亲|客服|小姐姐|在不|在吗|在么|有人吗|请问在吗|请问|你好|您好|嗨|亲爱的|呢))*|",
            r"(?:hi|hiya|hello|hey|heya|hullo|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|morning|evening|what's up|sup|is (?:anyone|anybody|someone) (?:there|here)|anyone (?:there|here)|are you there|how are you(?: doing)?(?: today)?|nice to meet you)(?: (?:there|hi|hello|hey|everyone|all|team|guys|folks|sir|madam|again|everybody|dear|bot|good (?:morning|afternoon|evening|day)|how are you(?: doing)?(?: today)?|anyone there|are you there))*",
        ),
        SmallTalk::Greeting,
    ),
    (
        concat!(
            r"(?:好的? ?|嗯+ ?|ok ?|行 ?|非常 ?|太 ?|十分 ?|真是 ?|知道了 ?|明白了 ?|懂了 ?|收到 ?|很 ?)*(?:谢谢|谢啦|谢了|多谢|感谢|谢谢你|谢谢您|谢谢啦|谢谢了|感谢你|感谢您|谢谢你们|辛苦了?|辛苦您了|麻烦你了|麻烦您了|蟹蟹|3q|thx|thanks)(?: ?(?:啊|哦|啦|了|哈|亲|你|您|你的帮助|您的帮助|客服|你们|大家|帮助|谢谢|辛苦了|非常感谢|感谢|呢|再见|拜拜))*|",
            r"(?:ok |okay |great |perfect |awesome |cool |alright |all right |got it |good |wonderful |excellent |super |oh |ah |well |yes |yeah |many |much |big )*(?:thanks|thank you|thank u|thx|thnx|ty|tysm|cheers|thanx|much appreciated|appreciate it|i appreciate it|i appreciate that|that helps|that helped|that's helpful|very helpful)(?: (?:you|so much|very much|a lot|a bunch|a million|again|for (?:your|the|all your) (?:help|support|time|quick reply|reply|answer|assistance)|for (?:helping|that|everything|this)|all|then|everyone|guys|mate|that's all|bye|goodbye|much|indeed|really|that helps|that helped|have a (?:nice|good|great) day))*",
        ),
        SmallTalk::Thanks,
    ),
    (
        concat!(
            r"(?:好的? ?|嗯+ ?|那 ?|先 ?|谢谢 ?|没事了? ?|没问题了? ?|不用了 ?|那先这样 ?)*(?:再见|拜拜|拜|88|886|回见|下次见|再会|晚安|回头见|回聊|先这样|先这样吧|就这样|就这样吧|没事了|没别的了|没有了谢谢|没有其他问题了|没问题了)(?: ?(?:啦|了|哦|啊|吧|谢谢|再见|拜拜|晚安))*|",
            r"(?:ok |okay |great |alright |well |thanks |thank you |that's all |cool |no )*(?:bye|goodbye|good bye|bye bye|byebye|see you|see ya|cya|see you (?:later|soon|tomorrow)|talk (?:to you )?(?:later|soon)|take care|have a (?:nice|good|great|lovely) (?:day|one|evening|weekend|night)|good night|goodnight|farewell|ciao|that's all|that's it|that is it|that is all|that will be all|that'll be all|nothing else|no more questions|i'm done|so long|later)(?: (?:bye|then|now|for now|thanks|thank you|all|everyone|take care|for today|and thanks|too|you too))*",
        ),
        SmallTalk::Farewell,
    ),
    (
        concat!(
            r"(?:是|是的|是啊|是呀|是滴|对|对的|对啊|对对|对对对|对呀|嗯|嗯嗯|嗯呢|恩|恩恩|好|好的|好啊|好呀|好吧|好嘞|好滴|好哒|行|行吧|行的|行啊|可以|可以的|可以啊|没错|没问题|确定|确认|当然|当然可以|要|要的|需要|需要的|有|有的|同意|ok|okay|成|中|必须的|正确|就是|就是这样|没毛病|收到|明白|明白了|知道了|了解|懂了|哦|哦哦|噢|好哦|噢噢)(?: ?(?:的|啊|呀|呢|吧|谢谢|麻烦了|请|好的|是的|对|可以|没错|嗯|哦))*|",
            r"(?:oh |well |um |ah )?(?:yes|yeah|yep|yup|yea|ya|y|sure|sure thing|ok|okay|okey|k|kk|alright|all right|fine|of course|certainly|absolutely|definitely|correct|right|that's right|that is right|that's correct|that is correct|exactly|indeed|confirmed|i confirm|i agree|agreed|please do|go ahead|do it|sounds good|sounds great|works for me|that works|perfect|great|good|affirmative|i do|i am|i did|it is|it does|by all means|true|got it|understood|i see)(?: (?:please|sure|sir|it is|i do|i am|that's right|that's correct|that is correct|go ahead|of course|thanks|thank you|correct|ok|do it|do that|yes|yeah|great|then|i would|i'd like that|sounds good|exactly|absolutely))*",
        ),
        SmallTalk::Yes,
    ),
    (
        concat!(
            r"(?:不|不是|不是的|不要|不要了|不用|不用了|不需要|不需要了|不行|不可以|不对|不同意|不了|不必|不必了|没|没有|没有了|没有啊|没了|否|别|算了|算了吧|取消|不确定|不好|不想|不想要|不想要了|不错不错不要|错|错了|不是这个|都不是|先不了|暂时不用|暂时不需要)(?: ?(?:的|啊|呀|呢|吧|了|谢谢|哦|不用|不用了|不要|不是|不需要|谢谢了))*|",
            r"(?:oh |well |um |ah )?(?:no|nope|nah|na|n|no way|not really|not at all|not yet|not now|never|never mind|nevermind|negative|incorrect|wrong|that's wrong|that is wrong|that's not right|that is not right|that's incorrect|not correct|i don't|i do not|i'm not|i am not|i didn't|i did not|it isn't|it is not|it's not|don't|do not|i'm good|i am good|cancel|cancel that|forget it|no need|of course not|certainly not|absolutely not|definitely not|i don't think so|no thanks|no thank you|neither|none|not this one|not that one)(?: (?:thanks|thank you|sir|it isn't|it's not|i don't|i do not|i'm not|please|no|not really|not now|never mind|need|that's wrong|that's fine|it's fine|i'm good|i'm fine|at all|at the moment|right now|not yet))*",
        ),
        SmallTalk::No,
    ),
];

/// Words that English is full of.
pub const ENGLISH: &[&str] = &[
    "the", "a", "an", "is", "are", "was", "i", "i'm", "my", "me", "you", "your", "it", "it's", "to", "of", "and", "in",
    "for", "on", "with", "not", "don't", "do", "does", "did", "have", "has", "can", "could", "would", "will", "what",
    "where", "when", "how", "why", "who", "this", "that", "there", "please", "hello", "hi", "hey", "thanks", "thank",
    "order", "refund", "help", "want", "need", "be", "at", "but", "or", "if", "we", "they", "yes", "no", "still",
    "get", "got", "been", "about", "from", "today", "tomorrow",
];

/// Words that its neighbours are full of, and English is not.
pub const FOREIGN: &[&str] = &[
    "der",
    "die",
    "das",
    "und",
    "ist",
    "ich",
    "nicht",
    "ein",
    "eine",
    "wo",
    "wie",
    "mein",
    "meine",
    "mit",
    "für",
    "auf",
    "bitte",
    "danke",
    "hallo",
    "haben",
    "habe",
    "sie",
    "kann",
    "le",
    "la",
    "les",
    "est",
    "et",
    "je",
    "vous",
    "nous",
    "pas",
    "une",
    "un",
    "où",
    "mon",
    "ma",
    "bonjour",
    "merci",
    "pour",
    "dans",
    "que",
    "qui",
    "avec",
    "s'il",
    "el",
    "los",
    "las",
    "es",
    "y",
    "mi",
    "por",
    "para",
    "hola",
    "gracias",
    "dónde",
    "donde",
    "está",
    "pedido",
    "quiero",
    "cómo",
    "con",
    "del",
    "una",
    "il",
    "lo",
    "di",
    "che",
    "non",
    "sono",
    "ciao",
    "grazie",
    "dove",
    "mio",
    "ordine",
    "per",
    "vorrei",
    "o",
    "os",
    "não",
    "meu",
    "minha",
    "obrigado",
    "onde",
    "eu",
    "olá",
    "você",
    "uma",
    "het",
    "een",
    "ik",
    "niet",
    "mijn",
    "waar",
    "bestelling",
    "dank",
    "van",
    "voor",
    "saya",
    "tidak",
    "bir",
    "nie",
    "jest",
    "och",
    "jag",
    "ikke",
];
