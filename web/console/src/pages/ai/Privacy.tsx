import { Checkbox, Group, TagsInput } from '@mantine/core'
import { useWords } from '../../app/words'
import { Section } from '../../ui/Page'
import { fieldProblem } from '../../ui/problem'
import type { Part } from './settings'

/** Kinds of personal data that can be masked, as the API names them (`shared/ai/src/mask.rs`, MaskKind). */
const KINDS = [
  'email',
  'phone',
  'card',
  'bank_account',
  'iban',
  'id_number',
  'passport',
  'address',
  'ip',
] as const

/** Parts of a contact that are offered to be shared; attributes may be written too. */
const PARTS = ['name', 'tags', 'attributes.level']

/** What a model may know, and what is masked before anything leaves. */
export function Privacy({ draft, problem }: Part) {
  const { t } = useWords()
  const { value, set } = draft
  return (
    <Section title={t('ai.privacy')} about={t('ai.privacy_hint')}>
      <Checkbox.Group
        label={t('ai.mask')}
        description={t('ai.mask_hint')}
        value={value.mask ?? []}
        onChange={(mask) => set({ mask })}
        error={fieldProblem(problem, 'mask')}
      >
        <Group gap={16} mt={8}>
          {KINDS.map((kind) => (
            <Checkbox key={kind} value={kind} label={t(`mask.${kind}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <TagsInput
        label={t('ai.share')}
        description={t('ai.share_hint')}
        data={PARTS}
        value={value.share ?? []}
        onChange={(share) => set({ share })}
        error={fieldProblem(problem, 'share')}
      />
    </Section>
  )
}
