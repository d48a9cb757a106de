import type { Conversation } from '@deskwire/sdk'
import { useState } from 'preact/hooks'
import { LONG_CHARS } from '../limits'
import { ratingOf } from '../model/rows'
import { useChat } from './context'
import { useDeed } from './deed'
import { Face } from './icons'
import { Wrong } from './wrong'

const SCORES = [1, 2, 3, 4, 5]

/** How did we do? The face counts at once, the words when they are sent; both can be changed. */
export function Rating({ conversation }: { conversation: Conversation }) {
  const chat = useChat()
  const texts = chat.texts.value
  const { deed, problem, act } = useDeed('rate', conversation.id)
  const said = deed ?? ratingOf(conversation.entries)
  const rate = (score: number, comment: string | undefined): void =>
    act((desk) => desk.rate(conversation.id, score, comment))
  const [comment, setComment] = useState(said?.comment ?? '')
  const [changing, setChanging] = useState(said === undefined)

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
            aria-label={texts.score(score, texts.scores[score - 1] ?? '')}
            aria-pressed={said?.score === score}
            onClick={() => {
              rate(score, said?.comment ?? undefined)
              setChanging(true)
            }}
          >
            <Face score={score} />
          </button>
        ))}
      </div>
      <p class="word" aria-hidden="true">
        {texts.scores[(said?.score ?? 0) - 1]}
      </p>
      <Wrong problem={problem} />
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
