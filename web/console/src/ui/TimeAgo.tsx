import { Tooltip } from '@mantine/core'
import { useWords } from '../app/words'
import { useNow } from './clock'
import { moment, relative } from './format'

/** A time as "3 min ago"; the whole of it where the pointer rests. */
export function TimeAgo({ at }: { at: string | null | undefined }) {
  const { language } = useWords()
  const now = useNow()
  if (!at) return <>–</>
  return (
    <Tooltip label={moment(at, language)} openDelay={300}>
      <time dateTime={at} style={{ whiteSpace: 'nowrap', position: 'relative', zIndex: 1 }}>
        {relative(at, language, now)}
      </time>
    </Tooltip>
  )
}
