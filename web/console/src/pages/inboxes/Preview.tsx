import IconMessageCircle from '@tabler/icons-react/icons/IconMessageCircle'
import IconSend from '@tabler/icons-react/icons/IconSend'
import type { CSSProperties } from 'react'
import { useWords } from '../../app/words'
import type { Texts } from '../../ui/TextsField'
import css from './Preview.module.css'
import { COLOUR, type Field, textOn, type Widget } from './widget'

/** A picture of the widget as it is set up now: not the widget itself, which loads its settings when they are saved. */
export function Preview({ widget, name }: { widget: Widget; name: string }) {
  const { t, language } = useWords()
  const say = (texts: Texts | null | undefined, otherwise: string) =>
    texts?.[language] || Object.values(texts ?? {}).find(Boolean) || otherwise
  const colour = /^#[0-9a-f]{6}$/i.test(widget.colour ?? '') ? (widget.colour ?? COLOUR) : COLOUR
  const style = { '--accent': colour, '--on-accent': textOn(colour) } as CSSProperties
  return (
    <aside
      className={css.preview}
      style={style}
      aria-label={t('widget.preview')}
      data-left={widget.position === 'left' || undefined}
    >
      <div className={css.window}>
        <div className={css.head}>{say(widget.title, name || t('widget.preview_title'))}</div>
        <div className={css.body}>
          {widget.pre_chat.length > 0 ? (
            widget.pre_chat.map((field, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two fields may have no name yet
              <Ask key={`${field.key}:${at}`} field={field} label={say(field.label, field.key)} />
            ))
          ) : (
            <>
              <div className={css.them}>{say(widget.greeting, t('widget.preview_greeting'))}</div>
              <div className={css.me}>{t('widget.preview_me')}</div>
            </>
          )}
        </div>
        <div className={css.foot}>
          <span>{t('widget.preview_write')}</span>
          <IconSend size={15} />
        </div>
      </div>
      <div className={css.launcher}>
        <IconMessageCircle size={22} stroke={1.8} />
      </div>
    </aside>
  )
}

function Ask({ field, label }: { field: Field; label: string }) {
  return (
    <div className={css.ask}>
      <span>
        {label}
        {field.required && ' *'}
      </span>
      <div data-long={field.kind === 'long' || undefined} />
    </div>
  )
}
