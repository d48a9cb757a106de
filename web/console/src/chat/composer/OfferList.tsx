import IconMessageBolt from '@tabler/icons-react/icons/IconMessageBolt'
import IconPlug from '@tabler/icons-react/icons/IconPlug'
import { useEffect, useRef } from 'react'
import { useWords } from '../../app/words'
import { Face } from '../Face'
import css from './Composer.module.css'
import type { Offer } from './suggest'

interface Props {
  id: string
  offers: readonly Offer[]
  active: number
  onChoose: (offer: Offer) => void
}

/** What is offered while one writes. The field keeps the cursor; arrows and Enter choose. */
export function OfferList({ id, offers, active, onChoose }: Props) {
  const { t } = useWords()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div
      className={css.offers}
      role="listbox"
      aria-label={t('composer.offers')}
      id={id}
      ref={list}
      tabIndex={-1}
    >
      {offers.map((offer, place) => (
        <div
          key={offer.key}
          id={`${id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === active}
          className={css.offer}
          // A press must not take the cursor out of the field.
          onPointerDown={(event) => {
            event.preventDefault()
            onChoose(offer)
          }}
        >
          <OfferIcon offer={offer} />
          <span className={css.offerTitle}>{offer.title}</span>
          <span className={css.offerAbout}>{offer.about}</span>
        </div>
      ))}
    </div>
  )
}

function OfferIcon({ offer }: { offer: Offer }) {
  switch (offer.kind) {
    case 'canned':
      return <IconMessageBolt size={16} stroke={1.7} />
    case 'query':
      return <IconPlug size={16} stroke={1.7} />
    case 'mention':
      return (
        <Face
          id={offer.agent.id}
          name={offer.agent.name}
          picture={offer.agent.avatar}
          size={20}
          status={offer.agent.status}
        />
      )
  }
}
