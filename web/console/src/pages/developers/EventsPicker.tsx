import { Checkbox, Input, Switch } from '@mantine/core'
import { useWords } from '../../app/words'
import css from '../../ui/ui.module.css'
import { chosen, FAMILIES, toggled, toggledFamily } from './eventTypes'

/** Which events an endpoint is told of: all, whole families, or single types. */
export function EventsPicker(props: {
  value: readonly string[]
  onChange: (events: string[]) => void
  error?: string | undefined
}) {
  const { t } = useWords()
  const { value, onChange } = props
  const all = value.includes('*')
  return (
    <Input.Wrapper label={t('webhooks.events')} error={props.error}>
      <Switch
        my={8}
        label={t('webhooks.all')}
        description={t('webhooks.all_hint')}
        checked={all}
        onChange={(event) => onChange(event.currentTarget.checked ? ['*'] : ['conversation.*', 'message.*'])}
      />
      {!all && (
        <div className={css.box} style={{ display: 'grid', gap: 14 }}>
          {FAMILIES.map((family) => {
            const picked = family.types.filter((type) => chosen(value, type)).length
            return (
              <div key={family.name}>
                <Checkbox
                  label={<b>{family.name}.*</b>}
                  checked={picked === family.types.length}
                  indeterminate={picked > 0 && picked < family.types.length}
                  onChange={(event) => onChange(toggledFamily(value, family, event.currentTarget.checked))}
                />
                <div
                  style={{
                    display: 'grid',
                    gridTemplateColumns: 'repeat(auto-fill, minmax(210px, 1fr))',
                    gap: 6,
                    margin: '8px 0 0 28px',
                  }}
                >
                  {family.types.map((type) => (
                    <Checkbox
                      key={type}
                      size="xs"
                      label={type}
                      checked={chosen(value, type)}
                      onChange={(event) => onChange(toggled(value, type, event.currentTarget.checked))}
                    />
                  ))}
                </div>
              </div>
            )
          })}
        </div>
      )}
    </Input.Wrapper>
  )
}
