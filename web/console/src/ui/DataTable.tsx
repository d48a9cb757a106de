import { Button, Loader, Skeleton, UnstyledButton } from '@mantine/core'
import { useIntersection } from '@mantine/hooks'
import { type ReactNode, useEffect } from 'react'
import type { Pages } from '../app/api'
import { useWords } from '../app/words'
import own from './DataTable.module.css'
import { EmptyState, type Icon } from './EmptyState'
import { ProblemAlert } from './ProblemAlert'
import { ScrollX } from './ScrollX'
import css from './ui.module.css'

/** A column of a table. */
export interface Column<Row> {
  key: string
  title: ReactNode
  cell: (row: Row) => ReactNode
  width?: number | string
  align?: 'left' | 'right'
  /** Less important than the rest. */
  quiet?: boolean
}

/** Rows that are drawn grey while the first page is on its way. */
const SKELETON_ROWS = 5

interface Props<Row> {
  list: Pages<Row>
  /** Shown instead of all that the list has, where the page itself narrows it. */
  rows?: readonly Row[]
  id: (row: Row) => string
  columns: readonly Column<Row>[]
  onOpen?: (row: Row) => void
  empty: { icon?: Icon; title: ReactNode; about?: ReactNode; action?: ReactNode }
}

/** A list of the API as a table: paged by its cursor as it is scrolled; a click opens a row. */
export function DataTable<Row>(props: Props<Row>) {
  const { list, columns } = props
  const rows = props.rows ?? list.rows
  if (list.problem && rows.length === 0) return <ProblemAlert problem={list.problem} onRetry={list.reload} />
  if (!list.loading && rows.length === 0 && !list.more) {
    return (
      <div className={css.card}>
        <EmptyState {...props.empty} />
      </div>
    )
  }
  return (
    <div className={css.card}>
      <ScrollX>
        <table className={css.table}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} style={{ width: column.width }} data-align={column.align}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.loading && rows.length === 0
              ? Array.from({ length: SKELETON_ROWS }, (_, at) => (
                  <Waiting key={String(at)} columns={columns.length} />
                ))
              : rows.map((row) => (
                  <Line key={props.id(row)} row={row} columns={columns} onOpen={props.onOpen} />
                ))}
          </tbody>
        </table>
      </ScrollX>
      <More list={list} />
    </div>
  )
}

function Line<Row>(props: {
  row: Row
  columns: readonly Column<Row>[]
  onOpen: ((row: Row) => void) | undefined
}) {
  const { row, columns, onOpen } = props
  return (
    <tr className={own.row} data-open={onOpen ? true : undefined}>
      {columns.map((column, at) => (
        <td key={column.key} data-align={column.align} data-quiet={column.quiet || undefined}>
          {at === 0 && onOpen ? (
            <UnstyledButton className={own.opener ?? ''} onClick={() => onOpen(row)}>
              {column.cell(row)}
            </UnstyledButton>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  )
}

function Waiting({ columns }: { columns: number }) {
  return (
    <tr>
      {Array.from({ length: columns }, (_, at) => (
        <td key={String(at)}>
          <Skeleton height={12} width={at === 0 ? '70%' : '50%'} my={4} />
        </td>
      ))}
    </tr>
  )
}

/** A list whose items are not a table's rows, with what is to be said while it is read or cannot be. */
export function Rows<Row>({ list, children }: { list: Pages<Row>; children: ReactNode }) {
  if (list.problem && list.rows.length === 0)
    return <ProblemAlert problem={list.problem} onRetry={list.reload} />
  return (
    <div className={css.card}>
      {list.loading
        ? Array.from({ length: SKELETON_ROWS }, (_, at) => (
            <div className={css.listItem} key={String(at)}>
              <Skeleton height={12} width="30%" />
              <Skeleton height={12} width="70%" mt={10} />
            </div>
          ))
        : children}
    </div>
  )
}

/** The way to the next page: by itself when it comes into view, or by a button. */
export function More<Row>({ list }: { list: Pages<Row> }) {
  const { t } = useWords()
  const { ref, entry } = useIntersection({ rootMargin: '200px' })
  const seen = entry?.isIntersecting ?? false
  const { more, loadingMore, loadMore, problem } = list
  useEffect(() => {
    if (seen && more && !loadingMore && !problem) loadMore()
  }, [seen, more, loadingMore, problem, loadMore])
  if (problem) {
    return (
      <div className={own.more}>
        <ProblemAlert problem={problem} onRetry={list.reload} />
      </div>
    )
  }
  if (!more) return null
  return (
    <div className={own.more} ref={ref}>
      {loadingMore ? (
        <Loader size="xs" />
      ) : (
        <Button variant="subtle" size="compact-sm" onClick={loadMore}>
          {t('ui.more')}
        </Button>
      )}
    </div>
  )
}
