import type { PresenceStatus } from '@deskwire/sdk'
import { NumberInput, SegmentedControl, Switch, Text, useMantineColorScheme } from '@mantine/core'
import { useState } from 'react'
import { useOwnLoad } from '../chat/useOwnLoad'
import { ProblemAlert } from '../ui/ProblemAlert'
import { useMe } from './api'
import { LanguageSwitch } from './LanguageSwitch'
import { useNotificationsOn, useSoundOn } from './preferences'
import { usePresence } from './presence'
import css from './UserMenu.module.css'
import { useWords, type WordKey } from './words'

/** Conversations that one may be set to serve at once: the server's own limit (`limits.rs`, MAX_CAPACITY). */
const MAX_CAPACITY = 200

const STATUSES: { value: PresenceStatus; word: WordKey }[] = [
  { value: 'online', word: 'presence.online' },
  { value: 'away', word: 'presence.away' },
  { value: 'offline', word: 'presence.offline' },
]

/** Presence and capacity, and how the console looks and sounds. */
export default function UserSettings() {
  return (
    <>
      <PresenceFields />
      <div className={css.line} />
      <Looks />
    </>
  )
}

function PresenceFields() {
  const { t } = useWords()
  const { agent } = useMe()
  const { change, problem, busy } = usePresence()
  const load = useOwnLoad()
  return (
    <div className={css.fields}>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t('presence.status')}
        disabled={busy}
        value={agent.status}
        onChange={(value) => {
          const chosen = STATUSES.find((status) => status.value === value)
          if (chosen) void change(chosen.value)
        }}
        data={STATUSES.map(({ value, word }) => ({ value, label: t(word) }))}
      />
      <div className={css.row}>
        <span>{t('presence.capacity')}</span>
        <NumberInput
          size="xs"
          w={84}
          min={0}
          max={MAX_CAPACITY}
          clampBehavior="strict"
          allowDecimal={false}
          aria-label={t('presence.capacity')}
          defaultValue={agent.capacity}
          key={agent.capacity}
          onBlur={(event) => {
            const capacity = Number(event.currentTarget.value)
            if (event.currentTarget.value !== '' && capacity !== agent.capacity)
              void change(undefined, capacity)
          }}
        />
      </div>
      <Text size="xs" c="dimmed">
        {t('presence.load', { load, capacity: agent.capacity })}
      </Text>
      <ProblemAlert problem={problem} />
    </div>
  )
}

function Looks() {
  const { t } = useWords()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [sound, setSound] = useSoundOn()
  return (
    <div className={css.fields}>
      <div className={css.row}>
        <span>{t('shell.theme')}</span>
        <SegmentedControl
          size="xs"
          aria-label={t('shell.theme')}
          value={colorScheme}
          onChange={(value) => setColorScheme(value === 'dark' || value === 'light' ? value : 'auto')}
          data={[
            { value: 'auto', label: t('theme.auto') },
            { value: 'light', label: t('theme.light') },
            { value: 'dark', label: t('theme.dark') },
          ]}
        />
      </div>
      <div className={css.row}>
        <span>{t('shell.language')}</span>
        <LanguageSwitch />
      </div>
      <div className={css.row}>
        <span>{t('shell.sound')}</span>
        <Switch
          size="sm"
          aria-label={t('shell.sound')}
          checked={sound}
          onChange={(e) => setSound(e.currentTarget.checked)}
        />
      </div>
      <NotificationSwitch />
    </div>
  )
}

function NotificationSwitch() {
  const { t } = useWords()
  const [on, setOn] = useNotificationsOn()
  const possible = typeof Notification !== 'undefined'
  const [refused, setRefused] = useState(possible && Notification.permission === 'denied')
  const granted = possible && Notification.permission === 'granted'
  const change = async (wanted: boolean) => {
    // The browser is asked only here, by the person's own click.
    const permission = wanted && possible ? await Notification.requestPermission() : undefined
    setRefused(permission === 'denied')
    setOn(wanted && permission === 'granted')
  }
  return (
    <>
      <div className={css.row}>
        <span>{t('shell.notifications')}</span>
        <Switch
          size="sm"
          aria-label={t('shell.notifications')}
          disabled={!possible}
          checked={on && granted}
          onChange={(event) => void change(event.currentTarget.checked)}
        />
      </div>
      {refused && (
        <Text size="xs" c="dimmed">
          {t('shell.notifications_blocked')}
        </Text>
      )}
    </>
  )
}
