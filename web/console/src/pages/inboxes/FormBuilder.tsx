import { Button, Checkbox, Group, Menu, Select, TagsInput, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import { useWords } from '../../app/words'
import { fixed } from '../../ui/fields'
import { changed } from '../../ui/list'
import { Ordered } from '../../ui/Ordered'
import { TextsField } from '../../ui/TextsField'
import css from '../../ui/ui.module.css'
import type { Field } from './widget'

const KINDS: readonly Field['kind'][] = ['text', 'email', 'phone', 'long', 'choice']

/** Fields that a contact has of its own; all others become attributes. */
const OWN = ['name', 'email', 'phone'] as const

type Own = (typeof OWN)[number]

/** A form of the widget: its fields in order, each with its words. */
export function FormBuilder(props: {
  title: string
  about: string
  fields: Field[]
  onChange: (fields: Field[]) => void
}) {
  const { t } = useWords()
  const { fields, onChange } = props
  const free = OWN.filter((key) => !fields.some((field) => field.key === key))
  return (
    <div>
      <h3 className={css.sectionTitle}>{props.title}</h3>
      <p className={css.about} style={{ marginBottom: 8 }}>
        {props.about}
      </p>
      <Ordered
        items={fields}
        onChange={onChange}
        removable
        render={(field, at) => (
          <FieldForm field={field} onChange={(change) => onChange(changed(fields, at, change))} />
        )}
      />
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" size="xs" mt={8} leftSection={<IconPlus size={14} />}>
            {t('form.add')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {free.map((key) => (
            <Menu.Item key={key} onClick={() => onChange([...fields, own(key)])}>
              {t(`form.${key}`)}
            </Menu.Item>
          ))}
          {KINDS.filter((kind) => kind !== 'email' && kind !== 'phone').map((kind) => (
            <Menu.Item
              key={kind}
              onClick={() =>
                onChange([
                  ...fields,
                  { key: '', kind, label: {}, required: false, ...(kind === 'choice' && { choices: [] }) },
                ])
              }
            >
              {t(`form.kind.${kind}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

/** What visitors read beside the fields of a contact's own, in each language. */
const LABELS: Record<Own, Field['label']> = {
  name: { en: 'Your name', zh: '您的姓名' },
  email: { en: 'E-mail', zh: '邮箱' },
  phone: { en: 'Phone', zh: '电话' },
}

function own(key: Own): Field {
  return { key, kind: key === 'name' ? 'text' : key, label: LABELS[key], required: key !== 'phone' }
}

function FieldForm({ field, onChange }: { field: Field; onChange: (change: Partial<Field>) => void }) {
  const { t } = useWords()
  const isOwn = OWN.some((key) => key === field.key)
  return (
    <div style={{ display: 'grid', gap: 8, paddingBlock: 4 }}>
      <Group gap={8} wrap="nowrap" align="flex-end">
        <TextInput
          style={{ flex: 1 }}
          size="xs"
          label={t('form.key')}
          value={field.key}
          {...fixed(isOwn)}
          placeholder="order_number"
          onChange={(event) => onChange({ key: event.currentTarget.value.trim() })}
        />
        <Select
          w={130}
          size="xs"
          label={t('form.kind')}
          {...fixed(isOwn)}
          data={KINDS.map((kind) => ({ value: kind, label: t(`form.kind.${kind}`) }))}
          value={field.kind}
          allowDeselect={false}
          onChange={(kind) => kind && onChange({ kind: kind as Field['kind'] })}
        />
      </Group>
      <TextsField label={t('form.label')} value={field.label} onChange={(label) => onChange({ label })} />
      {field.kind === 'choice' && (
        <TagsInput
          size="xs"
          label={t('form.choices')}
          description={t('ui.tags_hint')}
          value={field.choices ?? []}
          onChange={(choices) => onChange({ choices })}
        />
      )}
      <Checkbox
        size="xs"
        label={t('form.required')}
        checked={field.required}
        onChange={(event) => onChange({ required: event.currentTarget.checked })}
      />
    </div>
  )
}
