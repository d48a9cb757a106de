import type { Conversation } from '@deskwire/sdk'
import { useState } from 'preact/hooks'
import { LONG_CHARS } from '../limits'
import { ratingOf } from '../model/rows'
import { explain } from '../model/words'
import { useChat } from './context'
import { Face } from './icons'
import { lastDeed } from './message'

const SCORES = [1, 2, 3, 4, 5]

/** What the visitor has said of how they were served, be it stored or on its way, and what became of it. */
function useRating(conversation: Conversation) {
  const chat = useChat()
  const deed = lastDeed(chat.deeds.value, (one) => one.do === 'rate')
  const pending = chat.session.desk.value?.outbox.find((one) => one.clientId === deed?.[0])
  const refused = pending?.status === 'refused' ? pending : undefined
  const said = pending && !refused && deed?.[1].do === 'rate' ? deed[1] : ratingOf(conversation.entries)
  const rate = (score: number, comment: string | undefined): void => {
    if (refused) void chat.session.desk.value?.discard(refused.clientId)
    chat.rate(conversation.id, score, comment).catch((error: unknown) => chat.complain(error))
  }
  return { said, problem: refused?.problem, rate }
}

/** How did we do? The face counts at once, the words when they are sent; both can be changed. */
export function Rating({ conversation }: { conversation: Conversation }) {
  const chat = useChat()
  const texts = chat.texts.value
  const { said, problem, rate } = useRating(conversation)
  const [comment, setComment] = useState(said?.comment ?? '')
  const [changing, setChanging] = useState(said === undefined)
  const [hovered, setHovered] = useState<number>()
  const word = texts.scores[(hovered ?? said?.score ?? 0) - 1]

  const send = (event: Event): void => {
    event.preventDefault()
    if (!said) return
    rate(said.score, comment.trim() || undefined)
    setChanging(false)
  }
  return (
    <section class="rating" aria-label={texts.rateTitle}>
      <h3>{said && !changing ? texts.rateThanks : texts.rateTitle}</h3>
      <div class="faces">
        {SCORES.filter((score) => changing || score === said?.score).map((score) => (
          <button
            key={score}
            type="button"
            class={`f${score}`}
            aria-label={texts.score(score, texts.scores[score - 1] ?? '')}
            aria-pressed={said?.score === score}
            onPointerEnter={() => setHovered(score)}
            onPointerLeave={() => setHovered(undefined)}
            onClick={() => {
              rate(score, said?.comment)
              setChanging(true)
            }}
          >
            <Face score={score} />
          </button>
        ))}
      </div>
      <p class="word" aria-hidden="true">
        {word}
      </p>
      {problem && (
        <p class="error" role="alert">
          {explain(problem, texts)}
        </p>
      )}
      {said && changing && (
        <form onSubmit={send}>
          <textarea
            aria-label={texts.rateComment}
            placeholder={texts.rateComment}
            maxLength={LONG_CHARS}
            value={comment}
            dir="auto"
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <button type="submit" class="main">
            {texts.rateSend}
          </button>
        </form>
      )}
      {said && !changing && (
        <>
          {said.comment && (
            <p class="said" dir="auto">
              {said.comment}
            </p>
          )}
          <button type="button" class="link" onClick={() => setChanging(true)}>
            {texts.rateChange}
          </button>
        </>
      )}
    </section>
  )
}
