import type { CardContent } from '../../ui/schema'
import css from '../../ui/ui.module.css'

/** A card as agents see it; its buttons do nothing here. */
export function CardPicture({ card }: { card: CardContent }) {
  return (
    <div className={css.box} style={{ fontSize: 13 }}>
      <strong>{card.title}</strong>
      {card.text && <p className={css.about}>{card.text}</p>}
      <dl style={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '4px 14px', margin: '8px 0 0' }}>
        {card.fields?.map((field) => (
          <div key={field.name} style={{ display: 'contents' }}>
            <dt className={css.hint}>{field.name}</dt>
            <dd style={{ margin: 0 }}>{field.value}</dd>
          </div>
        ))}
      </dl>
      {(card.buttons?.length ?? 0) > 0 && (
        <div className={css.chips} style={{ marginTop: 10 }}>
          {card.buttons?.map((button) => (
            <span className={css.chip} key={button.label}>
              {button.label}
            </span>
          ))}
        </div>
      )}
    </div>
  )
}
