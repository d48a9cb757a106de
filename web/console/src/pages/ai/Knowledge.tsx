import { Button, TextInput } from '@mantine/core'
import IconBook2 from '@tabler/icons-react/icons/IconBook2'
import IconFileImport from '@tabler/icons-react/icons/IconFileImport'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconSearch from '@tabler/icons-react/icons/IconSearch'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ALL, useOne, usePage } from '../../app/api'
import { useWords } from '../../app/words'
import { type Column, DataTable } from '../../ui/DataTable'
import { Mark } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Article } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'
import { useIsAdmin } from '../names'
import { ArticleForm } from './ArticleForm'
import { ImportArticles } from './ImportArticles'

/** The page of the articles that the AI agent answers from. */
export default function Knowledge() {
  const { t } = useWords()
  const list = usePage<Article>('/v1/articles', ALL)
  const admin = useIsAdmin()
  const [words, setWords] = useState('')
  const [open, setOpen] = useState<Article | 'new' | 'import'>()
  const q = words.trim().toLowerCase()
  // The API has no search among articles: what was read is narrowed, and the rest comes as one scrolls.
  const rows = q ? list.rows.filter((article) => matches(article, q)) : list.rows
  const columns: Column<Article>[] = [
    {
      key: 'title',
      title: t('knowledge.article'),
      cell: (article) => (
        <span>
          {article.title || article.id}
          <span className={`${css.hint} ${css.clip}`} style={{ fontWeight: 400 }}>
            {article.body.slice(0, PREVIEW_CHARS)}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('ui.status'),
      width: 120,
      cell: (article) =>
        article.draft ? (
          <Mark tone="quiet">{t('knowledge.draft')}</Mark>
        ) : (
          <Mark tone="good">{t('knowledge.used')}</Mark>
        ),
    },
    {
      key: 'questions',
      title: t('knowledge.questions'),
      align: 'right',
      width: 100,
      cell: (article) => article.questions?.length ?? 0,
    },
    {
      key: 'language',
      title: t('knowledge.language'),
      width: 90,
      cell: (article) => article.language ?? '–',
      quiet: true,
    },
    {
      key: 'updated',
      title: t('ui.updated'),
      width: 120,
      cell: (article) => <TimeAgo at={article.updated} />,
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('knowledge.title')}
      about={t('knowledge.about')}
      actions={
        <>
          <TextInput
            type="search"
            aria-label={t('ui.search')}
            placeholder={t('ui.search')}
            leftSection={<IconSearch size={15} />}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            w={200}
          />
          {admin && (
            <Button
              variant="default"
              leftSection={<IconFileImport size={16} />}
              onClick={() => setOpen('import')}
            >
              {t('knowledge.import')}
            </Button>
          )}
          <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {t('knowledge.new')}
          </Button>
        </>
      }
    >
      <DataTable
        list={list}
        rows={rows}
        id={(article) => article.id}
        columns={columns}
        onOpen={setOpen}
        empty={
          q
            ? { icon: IconSearch, title: t('ui.nothing_found'), about: t('ui.nothing_found_about') }
            : { icon: IconBook2, title: t('knowledge.none'), about: t('knowledge.none_about') }
        }
      />
      <Linked />
      {open === 'import' && <ImportArticles onClose={() => setOpen(undefined)} />}
      {open && open !== 'import' && (
        <ArticleForm
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? {} : { article: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

/** The article that a link leads to. */
function Linked() {
  const { article: id }: { article?: unknown } = useSearch({ strict: false })
  const navigate = useNavigate()
  const { data, error } = useOne<Article>(typeof id === 'string' ? `/v1/articles/${id}` : undefined)
  if (id === undefined) return null
  const close = () => void navigate({ to: '/knowledge', search: {}, replace: true })
  return data ? (
    <ArticleForm key={data.id} article={data} onClose={close} />
  ) : (
    <ProblemAlert problem={error} />
  )
}

/** Characters of a text that a row shows: one line of them. */
const PREVIEW_CHARS = 140

function matches(article: Article, q: string): boolean {
  return [article.title, article.body, ...(article.questions ?? [])].some((text) =>
    text.toLowerCase().includes(q),
  )
}
