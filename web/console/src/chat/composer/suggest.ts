/** What the field offers while somebody writes: after `/` canned responses and queries, after `@` colleagues. */
import type { Agent, CannedResponse, QueryInfo } from '../../ui/schema'
import type { Mode } from './drafts'

/** Something that is offered. */
export type Offer =
  | { kind: 'canned'; key: string; title: string; about: string; canned: CannedResponse }
  | { kind: 'query'; key: string; title: string; about: string; query: QueryInfo; typed: string }
  | { kind: 'mention'; key: string; title: string; about: string; agent: Agent; from: number }

/** Offers at once: as many as fit above the field without scrolling the page. */
const MAX_OFFERS = 30

/** What is there to be offered. */
export interface Sources {
  canned: readonly CannedResponse[]
  queries: readonly QueryInfo[]
  agents: readonly Agent[]
}

/** A text that begins with `/`, up to its first line's end: the word, and what follows it. */
const SLASH = /^\/(\S*)(?:[ \u3000]+([^\n]*))?$/u
/** An `@` after a space or at the start, with what follows it up to the cursor. */
const MENTION = /(?:^|[\s（(,，])@([\p{L}\p{N}_.'-]{0,40})$/u

function fits(words: string, looked: string): boolean {
  return words.toLowerCase().includes(looked.toLowerCase())
}

function slashOffers(word: string, rest: string | undefined, { canned, queries }: Sources): Offer[] {
  const asked = queries
    .filter((query) => (rest === undefined ? fits(commandOf(query), word) : commandOf(query) === word))
    .map<Offer>((query) => ({
      kind: 'query',
      key: `query:${query.name}`,
      title: `/${commandOf(query)}${argumentsOf(query)
        .map((arg) => ` ${arg.name}`)
        .join('')}`,
      about: query.description ?? query.name,
      query,
      typed: rest ?? '',
    }))
  if (rest !== undefined) return asked
  const texts = canned
    .filter(({ short, text }) => fits(short, word) || (word.length > 1 && fits(text, word)))
    // What begins with the typed word stands before what only has it.
    .sort((a, b) => Number(b.short.startsWith(word)) - Number(a.short.startsWith(word)))
    .map<Offer>((one) => ({
      kind: 'canned',
      key: `canned:${one.short}`,
      title: `/${one.short}`,
      about: one.text,
      canned: one,
    }))
  return [...texts, ...asked]
}

/** What agents type for a query. */
export function commandOf(query: QueryInfo): string {
  return query.command ?? query.name
}

/** The arguments that are typed: those that come from the contact are not. */
export function argumentsOf(query: QueryInfo): QueryInfo['args'] {
  return query.args.filter((arg) => !arg.from)
}

/** What is typed after a command, as the query's arguments: words in order, the last one takes the rest. */
export function readArguments(query: QueryInfo, typed: string): Record<string, string> {
  const names = argumentsOf(query).map((arg) => arg.name)
  const words = typed
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== '')
  const last = names.length - 1
  const read: Record<string, string> = {}
  names.forEach((name, place) => {
    const value = place === last ? words.slice(place).join(' ') : words[place]
    if (value) read[name] = value
  })
  return read
}

/** What is offered for a text with the cursor at `caret`. */
export function offersFor(text: string, caret: number, mode: Mode, sources: Sources): Offer[] {
  const slash = SLASH.exec(text)
  if (slash) return slashOffers(slash[1] ?? '', slash[2], sources).slice(0, MAX_OFFERS)
  if (mode !== 'note') return []
  const mention = MENTION.exec(text.slice(0, caret))
  if (!mention) return []
  const [, typed = ''] = mention
  const offers = sources.agents
    .filter((agent) => !agent.disabled && fits(agent.name, typed))
    .map<Offer>((agent) => ({
      kind: 'mention',
      key: agent.id,
      title: agent.name,
      about: agent.email ?? '',
      agent,
      from: caret - typed.length - 1,
    }))
  return offers.slice(0, MAX_OFFERS)
}

/** Who is mentioned in a note: those whose `@Name` stands in it. A name that another one begins with counts once. */
export function mentionsIn(text: string, agents: readonly Agent[]): string[] {
  let left = text
  const found: string[] = []
  for (const agent of [...agents].sort((a, b) => b.name.length - a.name.length)) {
    if (!left.includes(`@${agent.name}`)) continue
    found.push(agent.id)
    left = left.replaceAll(`@${agent.name}`, ' ')
  }
  return found
}

/** A place in a canned response that is to be filled: `{{ contact.name }}`. */
const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/gu

/** A canned response with what is known in its places; any other place stays as it was typed. */
export function filled(text: string, known: ReadonlyMap<string, string | undefined>): string {
  return text.replace(PLACE, (place, name: string) => known.get(name) || place)
}

/** The places of a text that nobody has filled yet, each once. */
export function placesIn(text: string): string[] {
  return [...new Set(text.match(PLACE))]
}
