import type { Content } from '@deskwire/sdk'
import { safeHref } from '@deskwire/sdk/linkify'
import { ActionIcon, Button, Modal, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconX from '@tabler/icons-react/icons/IconX'
import type { ReactNode } from 'react'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useTask } from '../../ui/useTask'
import { type Card, CardView } from '../conversation/CardView'
import css from './CardMaker.module.css'

/** Fields and buttons of a card: the server's limit (`limits.rs`, CARD_PARTS). */
const MAX_PARTS = 20
/** Characters of a title (`limits.rs`, NAME_CHARS). */
const NAME_CHARS = 200

interface Values {
  title: string
  text: string
  picture: string
  fields: { key: string; name: string; value: string }[]
  buttons: { key: string; label: string; does: string }[]
}

const EMPTY: Values = { title: '', text: '', picture: '', fields: [], buttons: [] }

/** A button opens what is an address, and sends back anything else. */
function buttonOf({ label, does }: Values['buttons'][number]) {
  const link = /^https?:/i.test(does.trim()) ? safeHref(does.trim()) : undefined
  return link ? { label, url: link } : { label, postback: does.trim() || label }
}

function cardOf({ title, text, picture, fields, buttons }: Values): Card {
  return {
    title,
    ...(text.trim() !== '' && { text }),
    ...(picture.trim() !== '' && { picture: picture.trim() }),
    fields: fields.filter((field) => field.name !== '').map(({ name, value }) => ({ name, value })),
    buttons: buttons.filter((button) => button.label !== '').map(buttonOf),
  }
}

interface Props {
  note: boolean
  onClose: () => void
  onSay: (content: Content) => Promise<unknown>
}

/** Makes a card by hand, with what it will look like beside it. */
export default function CardMaker({ note, onClose, onSay }: Props) {
  const { t } = useWords()
  const { run, busy, problem } = useTask()
  const form = useForm<Values>({
    initialValues: EMPTY,
    validate: {
      title: (title) => (title.trim() === '' ? t('card.needs_title') : null),
      picture: (picture) =>
        picture === '' || safeHref(picture)?.startsWith('https:') ? null : t('card.needs_https'),
    },
  })
  const submit = form.onSubmit((values) => {
    void run(() => onSay({ kind: 'card', ...cardOf(values) })).then((done) => done && onClose())
  })
  return (
    <Modal opened onClose={onClose} title={t('composer.card')} size={760}>
      <form onSubmit={submit} className={css.maker}>
        <CardFields form={form} />
        <div className={css.preview}>
          <CardView card={cardOf({ ...form.values, title: form.values.title || t('card.title') })} />
        </div>
        <div className={css.end}>
          <ProblemAlert problem={problem} />
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t(note ? 'composer.keep' : 'composer.send')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function CardFields({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useWords()
  return (
    <div className={css.fields}>
      <TextInput
        data-autofocus
        label={t('card.title')}
        maxLength={NAME_CHARS}
        {...form.getInputProps('title')}
      />
      <Textarea label={t('card.text')} autosize minRows={2} maxRows={6} {...form.getInputProps('text')} />
      <TextInput label={t('card.picture')} placeholder="https://…" {...form.getInputProps('picture')} />
      <Parts
        title={t('card.fields')}
        count={form.values.fields.length}
        onAdd={() => form.insertListItem('fields', { key: crypto.randomUUID(), name: '', value: '' })}
      >
        {form.values.fields.map((field, place) => (
          <Part key={field.key} onRemove={() => form.removeListItem('fields', place)}>
            <TextInput
              size="xs"
              aria-label={t('card.name')}
              placeholder={t('card.name')}
              {...form.getInputProps(`fields.${place}.name`)}
            />
            <TextInput
              size="xs"
              aria-label={t('card.value')}
              placeholder={t('card.value')}
              {...form.getInputProps(`fields.${place}.value`)}
            />
          </Part>
        ))}
      </Parts>
      <Parts
        title={t('card.buttons')}
        count={form.values.buttons.length}
        onAdd={() => form.insertListItem('buttons', { key: crypto.randomUUID(), label: '', does: '' })}
      >
        {form.values.buttons.map((button, place) => (
          <Part key={button.key} onRemove={() => form.removeListItem('buttons', place)}>
            <TextInput
              size="xs"
              aria-label={t('card.label')}
              placeholder={t('card.label')}
              {...form.getInputProps(`buttons.${place}.label`)}
            />
            <TextInput
              size="xs"
              aria-label={t('card.does')}
              placeholder={t('card.does')}
              {...form.getInputProps(`buttons.${place}.does`)}
            />
          </Part>
        ))}
      </Parts>
    </div>
  )
}

function Parts(props: { title: string; count: number; onAdd: () => void; children: ReactNode }) {
  const { t } = useWords()
  return (
    <fieldset className={css.parts}>
      <legend className={css.legend}>{props.title}</legend>
      {props.children}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={13} />}
        disabled={props.count >= MAX_PARTS}
        onClick={props.onAdd}
      >
        {t('ui.add')}
      </Button>
    </fieldset>
  )
}

function Part({ children, onRemove }: { children: ReactNode; onRemove: () => void }) {
  const { t } = useWords()
  return (
    <div className={css.part}>
      {children}
      <ActionIcon size="sm" aria-label={t('ui.remove')} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  )
}
