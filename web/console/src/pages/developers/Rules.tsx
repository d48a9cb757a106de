import { Alert, Button, Skeleton } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useDesk, useOne } from '../../app/api'
import { useWords } from '../../app/words'
import { CodeEditor } from '../../ui/CodeEditor'
import { Page } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { told } from '../../ui/problem'
import type { CheckedRules, RuleBook } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'
import { EXAMPLE } from './exampleRules'

const PATH = '/v1/rules'
const YAML = { contentType: 'application/yaml' } as const

/** The page of the business rules and queries: one file, checked by the line before it comes into force. */
export default function Rules() {
  const { t } = useWords()
  const { data, error, isLoading, refetch } = useOne<RuleBook>(PATH)
  const none = error !== null && told(error).code === 'not_found'
  return (
    <Page title={t('rules.title')} about={t('rules.about')} wide>
      {error && !none && <ProblemAlert problem={error} onRetry={() => void refetch()} />}
      {isLoading && <Skeleton height={480} />}
      {(data || none) && <RulesEditor book={data} />}
    </Page>
  )
}

function RulesEditor({ book }: { book: RuleBook | undefined }) {
  const { t } = useWords()
  const desk = useDesk()
  const client = useQueryClient()
  const [yaml, setYaml] = useState(book?.yaml ?? '')
  const [kept, setKept] = useState(book?.yaml ?? '')
  const check = useMutation({
    mutationFn: (text: string) => desk.http<CheckedRules>('POST', `${PATH}/check`, text, YAML),
  })
  const put = useMutation({
    mutationFn: (text: string) => desk.http<RuleBook>('PUT', PATH, text, YAML),
    onSuccess: (saved) => {
      setKept(saved.yaml)
      client.setQueryData([PATH, {}], saved)
      void client.invalidateQueries({ queryKey: ['/v1/queries'] })
    },
  })
  const problem = put.error ?? check.error
  const write = (text: string) => {
    setYaml(text)
    check.reset()
    put.reset()
  }
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, flexWrap: 'wrap' }}>
        <span className={css.hint} style={{ flex: 1 }}>
          {book ? (
            <>
              {t('rules.in_force', { rules: book.rules, queries: book.queries, version: book.version })}{' '}
              <TimeAgo at={book.updated} />
            </>
          ) : (
            t('rules.none')
          )}
        </span>
        {yaml.trim() === '' && (
          <Button variant="subtle" onClick={() => write(EXAMPLE)}>
            {t('rules.example')}
          </Button>
        )}
        {yaml !== kept && (
          <Button variant="subtle" color="gray" onClick={() => write(kept)}>
            {t('ui.undo')}
          </Button>
        )}
        <Button
          variant="default"
          loading={check.isPending}
          onClick={() => {
            put.reset()
            check.mutate(yaml)
          }}
        >
          {t('rules.check')}
        </Button>
        <Button
          loading={put.isPending}
          disabled={yaml === kept}
          onClick={() => {
            check.reset()
            put.mutate(yaml)
          }}
        >
          {t('rules.put')}
        </Button>
      </div>
      <ProblemAlert problem={problem} />
      {check.data && <Checked found={check.data} />}
      {put.isSuccess && (
        <Alert color="teal" variant="light" py={10} role="status">
          {t('rules.put_done')}
        </Alert>
      )}
      <CodeEditor
        value={yaml}
        onChange={write}
        mistakes={problem ? told(problem).mistakes : []}
        rows={32}
        label={t('rules.title')}
      />
    </div>
  )
}

function Checked({ found }: { found: CheckedRules }) {
  const { t } = useWords()
  return (
    <Alert color={found.missing_secrets.length > 0 ? 'yellow' : 'teal'} variant="light" py={10} role="status">
      {t('rules.checked', { rules: found.rules, queries: found.queries })}
      {found.missing_secrets.length > 0 && (
        <div>
          {t('rules.missing_secrets')} <span className={css.mono}>{found.missing_secrets.join(', ')}</span>
        </div>
      )}
    </Alert>
  )
}
