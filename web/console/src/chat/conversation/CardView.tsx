import type { ContentOf } from '@deskwire/sdk'
import { safeHref } from '@deskwire/sdk/linkify'
import { Button } from '@mantine/core'
import IconExternalLink from '@tabler/icons-react/icons/IconExternalLink'
import { useDesk } from '../../app/api'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useTask } from '../../ui/useTask'
import css from './CardView.module.css'
import type { CardPlace } from './ContentView'
import { SafeText } from './SafeText'

/** A card as the API has it, with or without its kind. */
export type Card = Omit<ContentOf<'card'>, 'kind'>

/** Pictures of cards come over https only: the console itself may be served so. */
function pictureOf(card: Card): string | undefined {
  const link = safeHref(card.picture)
  return link?.startsWith('https:') ? link : undefined
}

/** A card: an order, a product, a form of choices. */
export function CardView({ card, place }: { card: Card; place?: CardPlace | undefined }) {
  const picture = pictureOf(card)
  return (
    <div className={css.card}>
      {picture && (
        <img className={css.picture} src={picture} alt="" loading="lazy" referrerPolicy="no-referrer" />
      )}
      <div className={css.body}>
        <div className={css.title}>{card.title}</div>
        {card.text && (
          <div className={css.text}>
            <SafeText text={card.text} />
          </div>
        )}
        {card.fields && card.fields.length > 0 && (
          <dl className={css.fields}>
            {card.fields.map((field) => (
              <div key={`${field.name}:${field.value}`} className={css.field}>
                <dt>{field.name}</dt>
                <dd>
                  <SafeText text={field.value} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      {card.buttons && card.buttons.length > 0 && <Buttons buttons={card.buttons} place={place} />}
    </div>
  )
}

function Buttons({
  buttons,
  place,
}: {
  buttons: NonNullable<Card['buttons']>
  place: CardPlace | undefined
}) {
  const desk = useDesk()
  const { run, busy, problem } = useTask()
  return (
    <div className={css.buttons}>
      {buttons.map(({ label, url, postback }) => {
        const link = safeHref(url)
        if (link) {
          return (
            <Button
              key={label}
              component="a"
              href={link}
              target="_blank"
              rel="noopener noreferrer nofollow"
              size="compact-sm"
              variant="default"
              rightSection={<IconExternalLink size={13} />}
            >
              {label}
            </Button>
          )
        }
        const press = () => {
          if (place && postback) void run(() => desk.postback(place.conversation, place.seq, postback))
        }
        // Buttons of a visitor's card are theirs: an agent sees what the visitor may press.
        return (
          <Button
            key={label}
            className={css.button ?? ''}
            size="compact-sm"
            variant="default"
            loading={busy}
            disabled={!place?.pressable || !postback}
            onClick={press}
          >
            {label}
          </Button>
        )
      })}
      <ProblemAlert problem={problem} />
    </div>
  )
}
