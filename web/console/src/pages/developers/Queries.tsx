import IconDatabaseSearch from '@tabler/icons-react/icons/IconDatabaseSearch'
import { useState } from 'react'
import { usePage } from '../../app/api'
import { useWords } from '../../app/words'
import { type Column, DataTable } from '../../ui/DataTable'
import { duration } from '../../ui/format'
import { Chips } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import type { QueryInfo } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { TryQuery } from './TryQuery'

/** The page of the business queries: where their answers came from, and a way to try each. */
export default function Queries() {
  const { t } = useWords()
  const list = usePage<QueryInfo>('/v1/queries')
  const [open, setOpen] = useState<QueryInfo>()
  const count = (key: keyof QueryInfo['counts']): Column<QueryInfo> => ({
    key,
    title: t(`queries.${key}`),
    align: 'right',
    width: 84,
    cell: (query) => query.counts[key],
    quiet: key !== 'origin' && key !== 'failed',
  })
  const columns: Column<QueryInfo>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      cell: (query) => (
        <span>
          {query.name}
          {query.description && (
            <span className={css.hint} style={{ display: 'block', fontWeight: 400 }}>
              {query.description}
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'command',
      title: t('queries.command'),
      cell: (query) =>
        query.command ? <span className={`${css.mono} ${css.nowrap}`}>/{query.command}</span> : '–',
    },
    {
      key: 'args',
      title: t('queries.args'),
      cell: (query) => <Chips words={query.args.map((arg) => arg.name)} />,
    },
    { key: 'cache', title: t('queries.cache'), cell: (query) => duration(query.cache_seconds), quiet: true },
    count('memory'),
    count('table'),
    count('origin'),
    count('stale'),
    count('failed'),
  ]
  return (
    <Page title={t('queries.title')} about={t('queries.about')} wide>
      <DataTable
        list={list}
        id={(query) => query.name}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconDatabaseSearch, title: t('queries.none'), about: t('queries.none_about') }}
      />
      {open && <TryQuery key={open.name} query={open} onClose={() => setOpen(undefined)} />}
    </Page>
  )
}
