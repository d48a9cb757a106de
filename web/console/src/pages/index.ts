import IconActivity from '@tabler/icons-react/icons/IconActivity'
import IconAddressBook from '@tabler/icons-react/icons/IconAddressBook'
import IconBolt from '@tabler/icons-react/icons/IconBolt'
import IconBook2 from '@tabler/icons-react/icons/IconBook2'
import IconBrain from '@tabler/icons-react/icons/IconBrain'
import IconBuilding from '@tabler/icons-react/icons/IconBuilding'
import IconChartBar from '@tabler/icons-react/icons/IconChartBar'
import IconChartLine from '@tabler/icons-react/icons/IconChartLine'
import IconDatabaseSearch from '@tabler/icons-react/icons/IconDatabaseSearch'
import IconFileCode from '@tabler/icons-react/icons/IconFileCode'
import IconHelpHexagon from '@tabler/icons-react/icons/IconHelpHexagon'
import IconInbox from '@tabler/icons-react/icons/IconInbox'
import IconKey from '@tabler/icons-react/icons/IconKey'
import IconMessageBolt from '@tabler/icons-react/icons/IconMessageBolt'
import IconPlugConnected from '@tabler/icons-react/icons/IconPlugConnected'
import IconRobot from '@tabler/icons-react/icons/IconRobot'
import IconShieldExclamation from '@tabler/icons-react/icons/IconShieldExclamation'
import IconShieldHalf from '@tabler/icons-react/icons/IconShieldHalf'
import IconStack2 from '@tabler/icons-react/icons/IconStack2'
import IconTag from '@tabler/icons-react/icons/IconTag'
import IconTarget from '@tabler/icons-react/icons/IconTarget'
import IconUsers from '@tabler/icons-react/icons/IconUsers'
import IconUsersGroup from '@tabler/icons-react/icons/IconUsersGroup'
import IconWebhook from '@tabler/icons-react/icons/IconWebhook'
import type { ComponentType, LazyExoticComponent } from 'react'
import { lazy } from 'react'
import type { WordKey } from '../app/words'
import type { Role } from '../ui/schema'

/** A page of the console: where it is, what it is called, who sees it. Loaded when it is first opened. */
export interface Page {
  /** Its address below the console's, without a slash before it. */
  path: string
  titleKey: WordKey
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>
  group: 'work' | 'ai' | 'company' | 'developers'
  roles: readonly Role[]
  component: LazyExoticComponent<ComponentType>
}

const EVERYBODY: readonly Role[] = ['agent', 'supervisor', 'admin']
const LEADERS: readonly Role[] = ['supervisor', 'admin']
const ADMINS: readonly Role[] = ['admin']

/** All pages beside the chat, in the order of the sidebar. */
export const pages: Page[] = [
  {
    path: 'live',
    titleKey: 'live.title',
    icon: IconActivity,
    group: 'work',
    roles: LEADERS,
    component: lazy(() => import('../board/LiveBoard')),
  },
  {
    path: 'reports',
    titleKey: 'reports.title',
    icon: IconChartBar,
    group: 'work',
    roles: LEADERS,
    component: lazy(() => import('../board/Reports')),
  },
  {
    path: 'contacts',
    titleKey: 'contacts.title',
    icon: IconAddressBook,
    group: 'work',
    roles: EVERYBODY,
    component: lazy(() => import('./contacts/Contacts')),
  },
  {
    path: 'held',
    titleKey: 'held.title',
    icon: IconShieldExclamation,
    group: 'work',
    roles: LEADERS,
    component: lazy(() => import('./Held')),
  },
  {
    path: 'knowledge',
    titleKey: 'knowledge.title',
    icon: IconBook2,
    group: 'ai',
    roles: EVERYBODY,
    component: lazy(() => import('./ai/Knowledge')),
  },
  {
    path: 'intents',
    titleKey: 'intents.title',
    icon: IconTarget,
    group: 'ai',
    roles: LEADERS,
    component: lazy(() => import('./ai/Intents')),
  },
  {
    path: 'unanswered',
    titleKey: 'unanswered.title',
    icon: IconHelpHexagon,
    group: 'ai',
    roles: EVERYBODY,
    component: lazy(() => import('./ai/Unanswered')),
  },
  {
    path: 'models',
    titleKey: 'models.title',
    icon: IconBrain,
    group: 'ai',
    roles: LEADERS,
    component: lazy(() => import('./ai/Models')),
  },
  {
    path: 'quality',
    titleKey: 'quality.title',
    icon: IconChartLine,
    group: 'ai',
    roles: LEADERS,
    component: lazy(() => import('./ai/Quality')),
  },
  {
    path: 'ai',
    titleKey: 'ai.title',
    icon: IconRobot,
    group: 'ai',
    roles: ADMINS,
    component: lazy(() => import('./ai/AiSetUp')),
  },
  {
    path: 'agents',
    titleKey: 'agents.title',
    icon: IconUsers,
    group: 'company',
    roles: LEADERS,
    component: lazy(() => import('./people/Agents')),
  },
  {
    path: 'teams',
    titleKey: 'teams.title',
    icon: IconUsersGroup,
    group: 'company',
    roles: LEADERS,
    component: lazy(() => import('./people/Teams')),
  },
  {
    path: 'inboxes',
    titleKey: 'inboxes.title',
    icon: IconInbox,
    group: 'company',
    roles: ADMINS,
    component: lazy(() => import('./inboxes/Inboxes')),
  },
  {
    path: 'canned',
    titleKey: 'canned.title',
    icon: IconMessageBolt,
    group: 'company',
    roles: EVERYBODY,
    component: lazy(() => import('./Canned')),
  },
  {
    path: 'macros',
    titleKey: 'macros.title',
    icon: IconBolt,
    group: 'company',
    roles: EVERYBODY,
    component: lazy(() => import('./Macros')),
  },
  {
    path: 'labels',
    titleKey: 'labels.title',
    icon: IconTag,
    group: 'company',
    roles: EVERYBODY,
    component: lazy(() => import('./Labels')),
  },
  {
    path: 'words',
    titleKey: 'words.title',
    icon: IconShieldHalf,
    group: 'company',
    roles: ADMINS,
    component: lazy(() => import('./WordLists')),
  },
  {
    path: 'account',
    titleKey: 'account.title',
    icon: IconBuilding,
    group: 'company',
    roles: ADMINS,
    component: lazy(() => import('./account/Account')),
  },
  {
    path: 'rules',
    titleKey: 'rules.title',
    icon: IconFileCode,
    group: 'developers',
    roles: ADMINS,
    component: lazy(() => import('./developers/Rules')),
  },
  {
    path: 'queries',
    titleKey: 'queries.title',
    icon: IconDatabaseSearch,
    group: 'developers',
    roles: EVERYBODY,
    component: lazy(() => import('./developers/Queries')),
  },
  {
    path: 'secrets',
    titleKey: 'secrets.title',
    icon: IconKey,
    group: 'developers',
    roles: ADMINS,
    component: lazy(() => import('./developers/Secrets')),
  },
  {
    path: 'webhooks',
    titleKey: 'webhooks.title',
    icon: IconWebhook,
    group: 'developers',
    roles: ADMINS,
    component: lazy(() => import('./developers/Webhooks')),
  },
  {
    path: 'sources',
    titleKey: 'sources.title',
    icon: IconPlugConnected,
    group: 'developers',
    roles: ADMINS,
    component: lazy(() => import('./developers/Sources')),
  },
  {
    path: 'events',
    titleKey: 'events.title',
    icon: IconStack2,
    group: 'developers',
    roles: ADMINS,
    component: lazy(() => import('./developers/Events')),
  },
]
