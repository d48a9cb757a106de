import { Api } from './api'
import type { Gateway } from './gateway'

/** Who wrote: the visitor, or one of the staff. */
type Line = readonly [by: 'visitor' | 'anna' | 'ben' | 'note', text: string]

/** A conversation of the demo: with whom, what was said, and how it stands. */
interface Story {
  /** One of the shop's customers, or the name that a guest gives. */
  who: string
  lines: readonly Line[]
  labels?: readonly string[]
  closed?: readonly [score: number, comment: string]
}

const STORIES: readonly Story[] = [
  {
    who: '王芳',
    lines: [
      ['visitor', '你好，毛笔可以退吗？我买错了型号。'],
      ['ben', '可以的，30 天内都能退，运费我们承担。'],
      ['visitor', '太好了，谢谢！'],
    ],
    labels: ['refund'],
    closed: [5, '回复很快，谢谢！'],
  },
  {
    who: 'Jonas Weber',
    lines: [
      ['visitor', 'Do you ship to Austria?'],
      ['anna', 'We do: three to five days, and free of charge above 60 euros.'],
    ],
    closed: [4, 'Quick and friendly'],
  },
  {
    who: 'cust-1003',
    lines: [
      ['visitor', '围巾收到了，颜色比图片深一点。'],
      ['ben', '抱歉让您失望了。需要换一条浅灰色的吗？'],
      ['visitor', '好的，麻烦了。'],
    ],
    labels: ['exchange'],
  },
  { who: 'Priya Nair', lines: [['visitor', 'Can I change the address of an order that is paid already?']] },
  {
    who: 'cust-1004',
    lines: [['visitor', 'My kettle pours too thickly. Is it broken?']],
    labels: ['warranty'],
  },
  {
    who: 'Tom Okafor',
    lines: [
      ['visitor', 'The discount code PAPER10 does not work.'],
      ['anna', 'It ended on Sunday, but I have made a new one for you: LEAF10.'],
      ['visitor', 'You are the best!'],
    ],
    labels: ['discount'],
  },
  {
    who: 'cust-1002',
    lines: [
      ['visitor', '请问龙井茶今年的新茶到了吗？'],
      ['anna', '到了，上周刚到货，是雨前采摘的。'],
      ['visitor', '那我要两罐，可以和 A1003 一起发货吗？'],
      ['anna', '可以的，我帮您合并成一个包裹，明天上午发出。'],
      ['visitor', '太感谢了！'],
    ],
    labels: ['tea'],
  },
  {
    who: 'cust-1001',
    lines: [
      ['visitor', 'Hello! I ordered the reading lamp last week. Has it left yet?'],
      ['anna', 'Hello Ada, let me look that up for you.'],
      ['note', 'Second time that Ada asks: let us be quick. @Ben can you see to the parcel today?'],
    ],
    labels: ['delivery', 'vip'],
  },
]

const ARTICLES = [
  ['Returns and refunds', 'You can send anything back within 30 days. We pay the parcel.', 'en'],
  ['退货与退款', '30 天内可以无理由退货，运费由我们承担。', 'zh'],
  ['Delivery times', 'Within the EU three to five days, overseas seven to twelve.', 'en'],
  ['配送时间', '国内一般两到三天送达，偏远地区四到六天。', 'zh'],
  ['Brewing Longjing', 'Eighty degrees, two minutes, a glass without a lid.', 'en'],
  ['Care of brushes', 'Rinse in cold water, shape the tip, dry lying flat.', 'en'],
] as const

const LABELS = {
  refund: '#c2410c',
  exchange: '#a16207',
  warranty: '#b91c1c',
  discount: '#7c3aed',
  tea: '#15803d',
  delivery: '#1d4ed8',
  vip: '#be185d',
}

/** Makes the demo's data, all by the API. */
export async function fill(gateway: Gateway): Promise<void> {
  const [anna, ben] = await Promise.all([Api.staff(gateway, 'anna'), Api.staff(gateway, 'ben')])
  for (const [name, colour] of Object.entries(LABELS)) {
    await anna.call('PUT', `/v1/labels/${name}`, { name, colour })
  }
  for (const [title, body, language] of ARTICLES) {
    await anna.call('POST', '/v1/articles', { title, body, language, questions: [title] })
  }
  for (const story of STORIES) await tell(gateway, story, { anna, ben })
  // She has three: so the others wait, as they do on a busy day.
  await anna.call('PATCH', '/v1/agents/agt_anna', { capacity: 3 })
}

async function tell(gateway: Gateway, story: Story, staff: { anna: Api; ben: Api }): Promise<void> {
  const known = story.who.startsWith('cust-')
  const visitor = known ? await Api.customer(gateway, story.who) : await Api.visitor(gateway)
  if (!known) await visitor.call('PATCH', `/v1/contacts/${visitor.subject}`, { name: story.who })
  const [first, ...rest] = story.lines
  const content = { kind: 'text', text: first?.[1] ?? '' }
  const begun = await visitor.call('POST', '/v1/conversations', { client_id: crypto.randomUUID(), content })
  const conversation = String(begun.conversation ?? begun.id)
  const with_ = rest.some(([by]) => by === 'ben') ? staff.ben : staff.anna
  const act = (api: Api, frame: Readonly<Record<string, unknown>>) =>
    api.act(conversation, { client_id: crypto.randomUUID(), after: 1, ...frame })
  if (rest.length > 0) await with_.act(conversation, { action: 'accept' })
  if (story.labels) await staff.anna.act(conversation, { action: 'label', add: story.labels })
  for (const [by, text] of rest) {
    if (by === 'note') await act(staff.anna, { action: 'note', text })
    else await act(by === 'visitor' ? visitor : with_, { action: 'send', content: { kind: 'text', text } })
  }
  if (!story.closed) return
  const [score, comment] = story.closed
  await with_.act(conversation, { action: 'close' })
  await act(visitor, { action: 'rate', score, comment })
}
