import { Loader, Popover, Text, UnstyledButton } from '@mantine/core'
import IconDevicesOff from '@tabler/icons-react/icons/IconDevicesOff'
import IconKeyboard from '@tabler/icons-react/icons/IconKeyboard'
import IconLogout from '@tabler/icons-react/icons/IconLogout'
import { lazy, Suspense, useState } from 'react'
import { Face } from '../chat/Face'
import { Confirm } from '../ui/Confirm'
import { useTask } from '../ui/useTask'
import { useApi, useMe, useSigned } from './api'
import { openHelp } from './help'
import shell from './Shell.module.css'
import css from './UserMenu.module.css'
import { useWords } from './words'

// Loaded when it is first opened.
const UserSettings = lazy(() => import('./UserSettings'))

/** Oneself: presence, capacity, how the console looks and sounds, and the way out. */
export function UserMenu() {
  const { t } = useWords()
  const { agent } = useMe()
  const { signOut } = useSigned()
  const [open, setOpen] = useState(false)
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Popover opened={open} onChange={setOpen} position="right-end" width={304} trapFocus withinPortal>
        <Popover.Target>
          <UnstyledButton
            className={css.self ?? ''}
            aria-label={t('shell.user_menu', { name: agent.name })}
            onClick={() => setOpen(!open)}
          >
            <Face id={agent.id} name={agent.name} picture={agent.avatar} size={34} status={agent.status} />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown className={css.menu ?? ''} aria-label={agent.name}>
          <Text fw={600}>{agent.name}</Text>
          <Text size="xs" c="dimmed" mb="sm">
            {agent.email ?? t(`role.${agent.role}`)}
          </Text>
          <Suspense fallback={<Loader size="xs" />}>
            <UserSettings />
          </Suspense>
          <div className={css.line} />
          <UnstyledButton
            className={shell.link ?? ''}
            onClick={() => {
              setOpen(false)
              openHelp()
            }}
          >
            <IconKeyboard size={16} stroke={1.7} /> {t('shell.shortcuts')}
          </UnstyledButton>
          <UnstyledButton className={shell.link ?? ''} onClick={() => void signOut()}>
            <IconLogout size={16} stroke={1.7} /> {t('shell.sign_out')}
          </UnstyledButton>
          <UnstyledButton
            className={shell.link ?? ''}
            onClick={() => {
              setOpen(false)
              setAsking(true)
            }}
          >
            <IconDevicesOff size={16} stroke={1.7} /> {t('shell.sign_out_everywhere')}
          </UnstyledButton>
        </Popover.Dropdown>
      </Popover>
      {asking && <Everywhere onClose={() => setAsking(false)} />}
    </>
  )
}

/** Ends all of one's sign-ins, after asking. */
function Everywhere({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { signOut } = useSigned()
  const { run, busy, problem } = useTask()
  const everywhere = async () => {
    await api('POST', '/v1/token/revoke')
    await signOut()
  }
  return (
    <Confirm
      opened
      title={t('shell.sign_out_everywhere_title')}
      about={t('shell.sign_out_everywhere_about')}
      action={t('shell.sign_out_everywhere')}
      busy={busy}
      problem={problem}
      onCancel={onClose}
      onConfirm={() => void run(everywhere)}
    />
  )
}
