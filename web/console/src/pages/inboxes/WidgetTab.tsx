import { ColorInput, Input, SegmentedControl, Switch } from '@mantine/core'
import { useWords } from '../../app/words'
import { TextsField } from '../../ui/TextsField'
import css from '../../ui/ui.module.css'
import { SWATCHES } from '../colours'
import { FormBuilder } from './FormBuilder'
import { Preview } from './Preview'
import { COLOUR, type Widget } from './widget'

/** How the widget looks and what it asks, with a picture of it beside. */
export function WidgetTab(props: {
  value: Widget
  onChange: (change: Partial<Widget>) => void
  inboxName: string
}) {
  const { t } = useWords()
  const { value, onChange } = props
  return (
    <div className={css.split}>
      <div style={{ display: 'grid', gap: 16, minWidth: 0, alignContent: 'start' }}>
        <TextsField label={t('widget.title')} value={value.title} onChange={(title) => onChange({ title })} />
        <TextsField
          label={t('widget.greeting')}
          description={t('widget.greeting_hint')}
          value={value.greeting}
          onChange={(greeting) => onChange({ greeting })}
          long
        />
        <TextsField
          label={t('widget.offline')}
          description={t('widget.offline_hint')}
          value={value.offline_message}
          onChange={(offline_message) => onChange({ offline_message })}
          long
        />
        <ColorInput
          label={t('widget.colour')}
          value={value.colour ?? COLOUR}
          onChange={(colour) => onChange({ colour })}
          swatches={SWATCHES}
          swatchesPerRow={9}
          eyeDropperButtonProps={{ 'aria-label': t('ui.pick_colour') }}
          format="hex"
          maw={260}
        />
        <div>
          <Input.Label component="div" display="block" mb={4}>
            {t('widget.position')}
          </Input.Label>
          <SegmentedControl
            value={value.position}
            onChange={(position) => onChange({ position: position === 'left' ? 'left' : 'right' })}
            data={[
              { value: 'left', label: t('widget.left') },
              { value: 'right', label: t('widget.right') },
            ]}
          />
        </div>
        {(['csat', 'attachments', 'sound'] as const).map((name) => (
          <Switch
            key={name}
            label={t(`widget.${name}`)}
            description={t(`widget.${name}_hint`)}
            checked={value[name]}
            onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
          />
        ))}
        <FormBuilder
          title={t('widget.pre_chat')}
          about={t('widget.pre_chat_hint')}
          fields={value.pre_chat}
          onChange={(pre_chat) => onChange({ pre_chat })}
        />
        <FormBuilder
          title={t('widget.offline_form')}
          about={t('widget.offline_form_hint')}
          fields={value.offline_form}
          onChange={(offline_form) => onChange({ offline_form })}
        />
      </div>
      <Preview widget={value} name={props.inboxName} />
    </div>
  )
}
