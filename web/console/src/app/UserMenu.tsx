import { Loader, Menu, Text, UnstyledButton } from '@mantine/core'
import IconKeyboard from '@tabler/icons-react/icons/IconKeyboard'
import IconLogout from '@tabler/icons-react/icons/IconLogout'
import { lazy, Suspense } from 'react'
import { Face } from '../chat/Face'
import { useMe, useSigned } from './api'
import { openHelp } from './help'
import css from './UserMenu.module.css'
import { useWords } from './words'

// Loaded when the menu is first opened.
const UserSettings = lazy(() => import('./UserSettings'))

/** Oneself: presence, capacity, how the console looks and sounds, and the way out. */
export function UserMenu() {
  const { t } = useWords()
  const { agent } = useMe()
  const { signOut } = useSigned()
  return (
    <Menu position="right-end" width={296} closeOnItemClick={false} trapFocus>
      <Menu.Target>
        <UnstyledButton className={css.self ?? ''} aria-label={t('shell.user_menu', { name: agent.name })}>
          <Face id={agent.id} name={agent.name} picture={agent.avatar} size={34} status={agent.status} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={css.menu ?? ''}>
        <Text fw={600}>{agent.name}</Text>
        <Text size="xs" c="dimmed" mb="sm">
          {agent.email ?? t(`role.of_${agent.role}`)}
        </Text>
        <Suspense fallback={<Loader size="xs" />}>
          <UserSettings />
        </Suspense>
        <div className={css.line} />
        <Menu.Item leftSection={<IconKeyboard size={16} />} closeMenuOnClick onClick={openHelp}>
          {t('shell.shortcuts')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} closeMenuOnClick onClick={() => void signOut()}>
          {t('shell.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
