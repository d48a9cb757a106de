import { Button, FileButton } from '@mantine/core'
import IconUpload from '@tabler/icons-react/icons/IconUpload'
import { useState } from 'react'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { FormDrawer } from '../../ui/FormDrawer'
import { bytes } from '../../ui/format'
import { Mark } from '../../ui/Mark'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { ArticleFormat, Imported } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { useDrop } from '../../ui/useDrop'
import own from './ai.module.css'

const FORMATS: Record<string, ArticleFormat> = {
  md: 'markdown',
  markdown: 'markdown',
  csv: 'csv',
  html: 'html',
  htm: 'html',
}

/** What the file dialog offers. */
const ACCEPT = '.md,.markdown,.csv,.html,.htm'

/** Bytes of one HTTP body; the API's bound. A larger file is cut into several by whoever has it. */
const MOST_BYTES = 256 * 1024

/** What became of a file. */
interface Outcome {
  name: string
  size: number
  made?: number
  problem?: unknown
  refusal?: 'format' | 'large'
}

/** Makes articles of files, each by itself: one that is refused does not keep the others. */
export function ImportArticles({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const [outcomes, setOutcomes] = useState<Outcome[]>([])
  const save = useSave<Imported, { format: ArticleFormat; name: string; text: string }>(
    (body) => ({ method: 'POST', path: '/v1/articles/import', body }),
    ['/v1/articles'],
  )
  const take = async (files: readonly File[]) => {
    for (const file of files) {
      const outcome: Outcome = { name: file.name, size: file.size }
      const format = FORMATS[file.name.split('.').at(-1)?.toLowerCase() ?? '']
      if (!format) outcome.refusal = 'format'
      else if (file.size > MOST_BYTES) outcome.refusal = 'large'
      else {
        try {
          const made = await save.mutateAsync({ format, name: file.name, text: await file.text() })
          outcome.made = made.articles.length
        } catch (problem) {
          outcome.problem = problem
        }
      }
      setOutcomes((before) => [outcome, ...before.filter((one) => one.name !== outcome.name)])
    }
  }
  const { place, over } = useDrop((files) => void take(files))
  return (
    <FormDrawer title={t('knowledge.import')} size={560} onClose={onClose}>
      <p className={css.about}>{t('knowledge.import_about')}</p>
      <div className={own.drop} data-over={over || undefined} ref={place}>
        <IconUpload size={24} stroke={1.5} />
        <span>{t('knowledge.drop')}</span>
        <FileButton multiple accept={ACCEPT} onChange={(files) => void take(files)}>
          {(button) => (
            <Button {...button} variant="default" size="xs" loading={save.isPending}>
              {t('ui.choose_file')}
            </Button>
          )}
        </FileButton>
        <span className={css.hint}>{t('knowledge.formats')}</span>
      </div>
      {outcomes.map((outcome) => (
        <div key={outcome.name} className={css.box} style={{ display: 'grid', gap: 8, padding: 12 }}>
          <Mark tone={outcome.made === undefined ? 'bad' : 'good'}>
            <b>{outcome.name}</b>
            <span className={css.hint}>
              {bytes(outcome.size)}
              {outcome.made !== undefined && ` · ${t('knowledge.made', { count: outcome.made })}`}
              {outcome.refusal && ` · ${t(`knowledge.refused_${outcome.refusal}`)}`}
            </span>
          </Mark>
          <ProblemAlert problem={outcome.problem} />
        </div>
      ))}
    </FormDrawer>
  )
}
