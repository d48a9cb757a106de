import { ActionIcon, Button, Group, TagsInput, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconX from '@tabler/icons-react/icons/IconX'
import { useWords } from '../../app/words'
import { NARROW } from '../../ui/fields'
import { changed, without } from '../../ui/list'
import { Section } from '../../ui/Page'
import { fieldProblem } from '../../ui/problem'
import css from '../../ui/ui.module.css'
import type { Part } from './settings'

/** What the company's own words mean: its country, its products, words for the same. */
export function Vocabulary({ draft, problem }: Part) {
  const { t } = useWords()
  const { value, set } = draft
  const products = value.products ?? []
  const synonyms = value.synonyms ?? []
  return (
    <Section title={t('ai.vocabulary')} about={t('ai.vocabulary_hint')}>
      <TextInput
        label={t('ai.country')}
        description={t('ai.country_hint')}
        placeholder="CN"
        maxLength={2}
        {...NARROW}
        value={value.country ?? ''}
        onChange={(event) => set({ country: event.currentTarget.value.toUpperCase() })}
        error={fieldProblem(problem, 'country')}
      />
      <div>
        <h3 className={css.sectionTitle}>{t('ai.products')}</h3>
        <p className={css.about} style={{ marginBottom: 8 }}>
          {t('ai.products_hint')}
        </p>
        {products.map((product, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a product is its place; its name is being written
          <Group key={at} gap={8} mb={6} wrap="nowrap" align="flex-start">
            <TextInput
              w={200}
              aria-label={t('ui.name')}
              placeholder={t('ui.name')}
              value={product.name}
              onChange={(event) =>
                set({ products: changed(products, at, { name: event.currentTarget.value }) })
              }
            />
            <TagsInput
              style={{ flex: 1 }}
              aria-label={t('ai.aliases')}
              placeholder={product.aliases?.length ? '' : t('ai.aliases')}
              value={product.aliases ?? []}
              onChange={(aliases) => set({ products: changed(products, at, { aliases }) })}
            />
            <ActionIcon
              mt={4}
              aria-label={t('ui.remove')}
              onClick={() => set({ products: without(products, at) })}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        ))}
        <Add onClick={() => set({ products: [...products, { name: '', aliases: [] }] })} />
      </div>
      <div>
        <h3 className={css.sectionTitle}>{t('ai.synonyms')}</h3>
        <p className={css.about} style={{ marginBottom: 8 }}>
          {t('ai.synonyms_hint')}
        </p>
        {synonyms.map((group, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a group of words is its place
          <Group key={at} gap={8} mb={6} wrap="nowrap" align="flex-start">
            <TagsInput
              style={{ flex: 1 }}
              aria-label={t('ai.synonyms')}
              value={group}
              onChange={(words) =>
                set({ synonyms: synonyms.map((one, other) => (other === at ? words : one)) })
              }
            />
            <ActionIcon
              mt={4}
              aria-label={t('ui.remove')}
              onClick={() => set({ synonyms: without(synonyms, at) })}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        ))}
        <Add onClick={() => set({ synonyms: [...synonyms, []] })} />
      </div>
    </Section>
  )
}

function Add({ onClick }: { onClick: () => void }) {
  const { t } = useWords()
  return (
    <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={onClick}>
      {t('ui.add')}
    </Button>
  )
}
