import type { State } from '@deskwire/sdk'
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft'
import IconArrowsExchange from '@tabler/icons-react/icons/IconArrowsExchange'
import IconCheck from '@tabler/icons-react/icons/IconCheck'
import IconClockPause from '@tabler/icons-react/icons/IconClockPause'
import IconDots from '@tabler/icons-react/icons/IconDots'
import IconLayoutSidebarRight from '@tabler/icons-react/icons/IconLayoutSidebarRight'
import IconRefresh from '@tabler/icons-react/icons/IconRefresh'
import IconSparkles from '@tabler/icons-react/icons/IconSparkles'
import IconTag from '@tabler/icons-react/icons/IconTag'
import IconUserPlus from '@tabler/icons-react/icons/IconUserPlus'
import { useNavigate, useParams } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useMe } from '../../app/api'
import { usePanelOn } from '../../app/preferences'
import { useWords } from '../../app/words'
import { useDirectory, useRow } from '../ChatProvider'
import { LabelDot } from '../LabelDot'
import { contactName } from '../names'
import { useViewer } from '../useViewer'
import css from './ActionBar.module.css'
import { ActionProblem } from './ActionProblem'
import type { DialogName } from './dialogs'
import { may } from './may'
import { Standing } from './Standing'
import { type Action, useAction } from './useAction'
import { useConversationCommands } from './useConversationCommands'

// What a dialog needs (dates, lists of people) is loaded with the first one.
const Dialogs = lazy(() => import('./dialogs'))

interface Props {
  id: string
  state: State | undefined
  onNewest: () => void
}

/** Above a conversation: who it is with, how it stands, and what can be done. */
export function ActionBar({ id, state, onNewest }: Props) {
  const action = useAction(id)
  const [dialog, setDialog] = useState<DialogName>()
  useConversationCommands({ id, state, run: action.run, open: setDialog, onNewest })
  return (
    <>
      <header className={css.bar}>
        <Back />
        <Title id={id} state={state} />
        {state && <Actions id={id} state={state} action={action} onOpen={setDialog} />}
        <PanelButton />
      </header>
      <ActionProblem action={action} inset />
      {state && dialog && (
        <Suspense fallback={null}>
          <Dialogs name={dialog} id={id} state={state} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </>
  )
}

/** On a narrow screen a conversation lies over its list. */
function Back() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { view = 'mine' } = useParams({ strict: false })
  return (
    <ActionIcon
      className={css.back ?? ''}
      aria-label={t('action.back')}
      onClick={() => void navigate({ to: '/inbox/$view', params: { view }, search: true })}
    >
      <IconArrowLeft size={18} />
    </ActionIcon>
  )
}

function Title({ id, state }: { id: string; state: State | undefined }) {
  const row = useRow(id)
  const { labels } = useDirectory()
  const [panel] = usePanelOn()
  // The panel beside it shows them too, and has room.
  const shown = panel ? [] : (state?.labels ?? [])
  return (
    <div className={css.title}>
      <h2 className={css.name}>{contactName(row?.contact_name, state?.contact ?? row?.contact)}</h2>
      <div className={css.about}>
        {state && <Standing state={state} />}
        {shown.map((label) => (
          <LabelDot key={label} name={label} colour={labels.get(label)?.colour} />
        ))}
      </div>
    </div>
  )
}

function PanelButton() {
  const { t } = useWords()
  const [panel, setPanel] = usePanelOn()
  return (
    <Tool label={t('action.panel')} keys="p" onClick={() => setPanel(!panel)} active={panel}>
      <IconLayoutSidebarRight size={18} stroke={1.7} />
    </Tool>
  )
}

function Tool(props: {
  label: string
  keys: string
  onClick: () => void
  active?: boolean
  children: ReactNode
}) {
  return (
    <Tooltip label={`${props.label}  ${props.keys.toUpperCase()}`}>
      <ActionIcon size={32} aria-label={props.label} aria-pressed={props.active} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}

interface ActionsProps {
  id: string
  state: State
  action: Action
  onOpen: (dialog: DialogName) => void
}

function Actions({ id, state, action, onOpen }: ActionsProps) {
  const { t } = useWords()
  const { role } = useMe()
  const can = may(state, useViewer(), role)
  return (
    <div className={css.tools}>
      {can.accept && (
        <Button
          size="xs"
          loading={action.busy}
          onClick={() => void action.run({ action: 'accept', conversation: id })}
        >
          {t(state.status === 'bot' ? 'action.take_over' : 'action.accept')}
        </Button>
      )}
      {can.transfer && (
        <Tool label={t('action.transfer')} keys="t" onClick={() => onOpen('transfer')}>
          <IconArrowsExchange size={18} stroke={1.7} />
        </Tool>
      )}
      {can.snooze && (
        <Tool label={t('action.snooze')} keys="s" onClick={() => onOpen('snooze')}>
          <IconClockPause size={18} stroke={1.7} />
        </Tool>
      )}
      <Tool label={t('action.label')} keys="l" onClick={() => onOpen('label')}>
        <IconTag size={18} stroke={1.7} />
      </Tool>
      <MoreMenu id={id} state={state} action={action} onOpen={onOpen} />
      {can.close && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCheck size={15} stroke={2} />}
          onClick={() => onOpen('close')}
          title={`${t('action.close')}  E`}
        >
          {t('action.close')}
        </Button>
      )}
      {can.reopen && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={15} stroke={2} />}
          loading={action.busy}
          onClick={() => void action.run({ action: 'reopen', conversation: id })}
        >
          {t('action.reopen')}
        </Button>
      )}
    </div>
  )
}

function MoreMenu({ id, state, action, onOpen }: ActionsProps) {
  const { t } = useWords()
  const { role } = useMe()
  const can = may(state, useViewer(), role)
  if (!can.assign && !can.callBot) return null
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon size={32} aria-label={t('shell.more')}>
          <IconDots size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {can.assign && (
          <Menu.Item leftSection={<IconUserPlus size={16} stroke={1.7} />} onClick={() => onOpen('assign')}>
            {t('action.assign')}
          </Menu.Item>
        )}
        {can.callBot && (
          <Menu.Item
            leftSection={<IconSparkles size={16} stroke={1.7} />}
            onClick={() => void action.run({ action: 'call_bot', conversation: id })}
          >
            {t('action.call_bot')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
