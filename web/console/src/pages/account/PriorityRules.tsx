import { Button, Group, NumberInput, TagsInput, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import { useWords } from '../../app/words'
import { changed } from '../../ui/list'
import { Ordered } from '../../ui/Ordered'
import { HIGHEST, type RuleRow } from './priority'

/** Who is served first: the first rule that fits a contact decides. */
export function PriorityRules({ rows, onChange }: { rows: RuleRow[]; onChange: (rows: RuleRow[]) => void }) {
  const { t } = useWords()
  return (
    <div>
      <Ordered
        items={rows}
        onChange={onChange}
        removable
        render={(row, at) => (
          <Group gap={8} align="flex-end" wrap="wrap" pb={4}>
            <TextInput
              size="xs"
              w={130}
              label={t('priority.attribute')}
              placeholder="level"
              value={row.attribute}
              onChange={(event) => onChange(changed(rows, at, { attribute: event.currentTarget.value }))}
            />
            <TextInput
              size="xs"
              w={130}
              label={t('priority.equals')}
              placeholder="vip"
              value={row.equals}
              onChange={(event) => onChange(changed(rows, at, { equals: event.currentTarget.value }))}
            />
            <NumberInput
              size="xs"
              w={90}
              label={t('priority.priority')}
              min={0}
              max={HIGHEST}
              value={row.priority}
              onChange={(priority) => onChange(changed(rows, at, { priority: Number(priority) || 0 }))}
            />
            <TagsInput
              size="xs"
              style={{ flex: 1, minWidth: 160 }}
              label={t('priority.skills')}
              value={row.skills}
              onChange={(skills) => onChange(changed(rows, at, { skills }))}
            />
          </Group>
        )}
      />
      <Button
        variant="default"
        size="xs"
        mt={8}
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...rows, { attribute: '', equals: '', priority: 1, skills: [] }])}
      >
        {t('priority.add')}
      </Button>
    </div>
  )
}
