import type { EntryView } from '@deskwire/sdk'
import { ActionIcon } from '@mantine/core'
import IconArrowDown from '@tabler/icons-react/icons/IconArrowDown'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type Ref,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from 'react'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useUnreadStore } from '../unread'
import { EntryRow } from './EntryRow'
import { NewEntry } from './NewEntry'
import { PendingRow, StreamingRow } from './PendingRow'
import css from './Timeline.module.css'
import type { Opened } from './useConversation'
import { useEntries } from './useEntries'

/** What others may do with the timeline. */
export interface TimelineHandle {
  toEnd: () => void
}

/** Pixels that an entry is taken to need before it is measured: a bubble with one line. */
const ESTIMATE = 52
/** Entries beyond the window that are drawn. */
const OVERSCAN = 10
/** Pixels from the end within which new entries pull the list along. */
const END_PIXELS = 80

/** A conversation's log from its first entry to its last, of any length; only what is in view is drawn. */
export function Timeline({ opened, handle }: { opened: Opened; handle: Ref<TimelineHandle> }) {
  const { conversation } = opened
  const { head } = conversation
  const scroller = useRef<HTMLDivElement>(null)
  const entries = useEntries(conversation)
  const virtual = useLog(opened, scroller)
  const toEnd = useCallback(() => virtual.scrollToEnd(), [virtual])
  useImperativeHandle(handle, () => ({ toEnd }), [toEnd])
  const { count } = virtual.options
  useStartAtEnd(count > 0, toEnd)
  useStayAtEnd(scroller, toEnd)

  const items = virtual.getVirtualItems()
  const from = (items[0]?.index ?? 0) + 1
  const to = Math.min((items.at(-1)?.index ?? 0) + 1, head)
  const { want } = entries
  useEffect(() => {
    if (to > 0) want(from, to)
  }, [from, to, want])
  const away = count > 0 && !virtual.isAtEnd(END_PIXELS)
  useMarkRead(conversation.id, conversation.entries.at(-1), away)

  return (
    <div className={css.frame}>
      {entries.problem !== undefined && (
        <div className={css.problem}>
          <ProblemAlert problem={entries.problem} onRetry={() => want(from, to)} />
        </div>
      )}
      <div className={css.scroller} ref={scroller} data-testid="timeline">
        {/* What scrolling brings into view is not to be read aloud; what is new says NewEntry. */}
        <div className={css.log} role="log" aria-live="off" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={css.item}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Item index={item.index} opened={opened} at={entries.at} />
            </div>
          ))}
        </div>
      </div>
      <NewEntry conversation={conversation.id} />
      {away && <ToEnd onClick={toEnd} />}
    </div>
  )
}

/** The virtual list: the log's entries, what the AI agent is writing, what is on its way. */
function useLog({ conversation }: Opened, scroller: RefObject<HTMLDivElement | null>) {
  const { head, pending, streaming } = conversation
  const stream = streaming ? 1 : 0
  const count = head + stream + pending.length
  // Only what keys are made of: another function would make the virtual list measure all the log anew.
  const turn = streaming?.turn
  const waiting = pending.map(({ clientId }) => clientId).join(' ')
  const keyAt = useCallback(
    (index: number) => {
      if (index < head) return index + 1
      if (turn !== undefined && index === head) return `turn:${turn}`
      const place = index - head - (turn === undefined ? 0 : 1)
      return `pending:${waiting.split(' ')[place] ?? index}`
    },
    [head, turn, waiting],
  )
  return useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATE,
    overscan: OVERSCAN,
    getItemKey: keyAt,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: END_PIXELS,
    paddingStart: 16,
    paddingEnd: 12,
  })
}

function Item({
  index,
  opened,
  at,
}: {
  index: number
  opened: Opened
  at: (seq: number) => EntryView | undefined
}) {
  const { conversation } = opened
  const { head, streaming, pending } = conversation
  if (index < head) {
    const seq = index + 1
    const entry = at(seq)
    if (!entry) return <div className={css.blank} />
    return (
      <EntryRow
        entry={entry}
        before={at(seq - 1)}
        next={at(seq + 1)}
        conversation={conversation}
        entryAt={at}
        version={opened.version}
      />
    )
  }
  if (streaming && index === head) return <StreamingRow text={streaming.text} />
  const waiting = pending[index - head - (streaming ? 1 : 0)]
  return waiting ? <PendingRow pending={waiting} /> : null
}

/** Goes to the newest entry once, as soon as there is one. */
function useStartAtEnd(ready: boolean, toEnd: () => void): void {
  const done = useRef(false)
  useEffect(() => {
    if (!ready || done.current) return
    done.current = true
    toEnd()
  }, [ready, toEnd])
}

/** When the field below grows, the list shrinks: who looked at the newest entry still does. */
function useStayAtEnd(scroller: RefObject<HTMLElement | null>, toEnd: () => void): void {
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    let atEnd = true
    const look = () => {
      atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < END_PIXELS
    }
    const resized = new ResizeObserver(() => atEnd && toEnd())
    element.addEventListener('scroll', look, { passive: true })
    resized.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      resized.disconnect()
    }
  }, [scroller, toEnd])
}

/** The newest entry is read once it is in view and the person is here. */
function useMarkRead(conversation: string, last: EntryView | undefined, away: boolean): void {
  const unread = useUnreadStore()
  const [here, setHere] = useState(() => document.hasFocus())
  useEffect(() => {
    const look = () => setHere(document.visibilityState === 'visible' && document.hasFocus())
    // The last one is the document's, and rises to the window.
    const events = ['focus', 'blur', 'visibilitychange'] as const
    for (const name of events) window.addEventListener(name, look)
    return () => {
      for (const name of events) window.removeEventListener(name, look)
    }
  }, [])
  const seq = last?.seq
  useEffect(() => {
    if (seq !== undefined && here && !away) unread.mark(conversation, seq)
  }, [unread, conversation, seq, here, away])
}

function ToEnd({ onClick }: { onClick: () => void }) {
  const { t } = useWords()
  return (
    <ActionIcon
      className={css.toEnd ?? ''}
      radius="xl"
      size={34}
      variant="default"
      onClick={onClick}
      aria-label={t('conversation.newest')}
    >
      <IconArrowDown size={18} />
    </ActionIcon>
  )
}
