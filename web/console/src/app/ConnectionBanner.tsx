import type { Connection } from '@deskwire/sdk'
import { Button, VisuallyHidden } from '@mantine/core'
import IconCloudOff from '@tabler/icons-react/icons/IconCloudOff'
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX'
import { useEffect, useMemo, useState } from 'react'
import { clockTime } from '../chat/times'
import { useSecond } from '../ui/clock'
import { sayProblem } from '../ui/problemWords'
import { useSigned } from './api'
import css from './Shell.module.css'
import { endOf } from './signOn'
import { useConnection } from './useConnection'
import { useWords } from './words'

/**
 * How long a connection may be away before it is told, in milliseconds: API Gateway ends each socket after two hours,
 * and a new one takes less than a second; nobody needs to see that.
 */
const QUIET_MS = 1_500
/** A sign-in's last minutes, in milliseconds, in which the person is asked to sign in again. */
const ENDING_MS = 5 * 60_000

/** Says when there is no connection: what goes on meanwhile, and when it is tried again. */
export function ConnectionBanner() {
  const connection = useConnection()
  const { session } = useSigned()
  const away = connection.state !== 'online' && connection.state !== 'idle'
  const [told, setTold] = useState(false)
  useEffect(() => {
    if (!away) {
      setTold(false)
      return
    }
    const timer = setTimeout(() => setTold(true), QUIET_MS)
    return () => clearTimeout(timer)
  }, [away])
  const now = useSecond()
  const ends = useMemo(() => endOf(session), [session])
  if (connection.state === 'refused') return <Refused connection={connection} />
  if (away && told) return <Away connection={connection} now={now} />
  if (ends - now < ENDING_MS) return <Ending expires={ends} />
  return null
}

function Away({ connection, now }: { connection: Connection; now: number }) {
  const { t } = useWords()
  const seconds = Math.ceil(((connection.retryAt ?? now) - now) / 1_000)
  const text =
    connection.state === 'offline'
      ? t('connection.offline')
      : seconds > 0
        ? t('connection.waiting', { seconds })
        : t('connection.connecting')
  return (
    <div className={css.banner} role="status">
      <IconCloudOff size={16} stroke={1.8} />
      <span className={css.bannerText} aria-hidden>
        {text} {t('connection.kept')}
      </span>
      {/* Read aloud once: not with each second, nor with each attempt. */}
      <VisuallyHidden>
        {t(connection.state === 'offline' ? 'connection.offline' : 'connection.lost')} {t('connection.kept')}
      </VisuallyHidden>
    </div>
  )
}

function Refused({ connection }: { connection: Connection }) {
  const { t } = useWords()
  const { signInAgain } = useSigned()
  return (
    <div className={css.banner} data-bad role="alert">
      <IconPlugConnectedX size={16} stroke={1.8} />
      <span className={css.bannerText}>
        {connection.problem ? sayProblem(connection.problem) : t('connection.refused')}
      </span>
      <Button size="compact-xs" color="red" onClick={signInAgain}>
        {t('sign_in.again')}
      </Button>
    </div>
  )
}

function Ending({ expires }: { expires: number }) {
  const { t, language } = useWords()
  const { signInAgain } = useSigned()
  const time = clockTime(new Date(expires), language)
  return (
    <div className={css.banner} role="status">
      <span className={css.bannerText}>{t('connection.ending', { time })}</span>
      <Button size="compact-xs" variant="default" onClick={signInAgain}>
        {t('sign_in.again')}
      </Button>
    </div>
  )
}
