import type { ContentOf, Problem } from '@deskwire/sdk'
import { safeHref } from '@deskwire/sdk/linkify'
import { useState } from 'preact/hooks'
import { pictureAddress } from './avatar'
import { useChat } from './context'
import { Icon } from './icons'
import { Outside, Text } from './text'
import { Wrong } from './wrong'

type CardContent = ContentOf<'card'>
type Button = NonNullable<CardContent['buttons']>[number]

/** A card, with what can be pressed. `press` is absent where nothing can be. */
export function Card(props: {
  card: CardContent
  pressed: string | undefined
  problem: Problem | undefined
  press: ((value: string) => void) | undefined
}) {
  const { card } = props
  const [broken, setBroken] = useState(false)
  const picture = pictureAddress(card.picture)
  return (
    <section class="card" aria-label={card.title}>
      {picture && !broken && (
        <img
          src={picture}
          alt=""
          loading="lazy"
          referrerpolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      )}
      <div>
        <h3 dir="auto">{card.title}</h3>
        {card.text && (
          <p dir="auto">
            <Text text={card.text} />
          </p>
        )}
        {card.fields && card.fields.length > 0 && (
          <dl>
            {card.fields.map((field, at) => [
              <dt key={`n${at}`}>{field.name}</dt>,
              <dd key={`v${at}`} dir="auto">
                {field.value}
              </dd>,
            ])}
          </dl>
        )}
        <Wrong problem={props.problem} />
      </div>
      {card.buttons && card.buttons.length > 0 && (
        <ul>
          {card.buttons.map((button, at) => (
            <li key={at}>
              <CardButton button={button} pressed={props.pressed} press={props.press} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function CardButton(props: {
  button: Button
  pressed: string | undefined
  press: ((value: string) => void) | undefined
}) {
  const { button, press } = props
  const texts = useChat().texts.value
  const href = button.url ? safeHref(button.url) : undefined
  if (href) {
    return (
      <Outside href={href} class="press">
        {button.label}
        <span aria-hidden="true">↗</span>
      </Outside>
    )
  }
  const { postback } = button
  const isPressed = typeof postback === 'string' && postback === props.pressed
  return (
    <button
      type="button"
      class="press"
      aria-pressed={isPressed}
      disabled={!press || typeof postback !== 'string'}
      onClick={() => typeof postback === 'string' && press?.(postback)}
    >
      {isPressed && <Icon name="tick" size={16} />}
      {button.label}
      {isPressed && <span class="hidden">({texts.chosen})</span>}
    </button>
  )
}
