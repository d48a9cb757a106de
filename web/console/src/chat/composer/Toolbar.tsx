import type { Content } from '@deskwire/sdk'
import { ActionIcon, FileButton, Popover, Tooltip } from '@mantine/core'
import IconBolt from '@tabler/icons-react/icons/IconBolt'
import IconCards from '@tabler/icons-react/icons/IconCards'
import IconPaperclip from '@tabler/icons-react/icons/IconPaperclip'
import IconWand from '@tabler/icons-react/icons/IconWand'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useDesk } from '../../app/api'
import { useWords } from '../../app/words'
import css from './Composer.module.css'
import type { Mode } from './drafts'
import { MacroList } from './MacroList'
import { SuggestionList } from './SuggestionList'
import { addFiles } from './uploads'
import { useMacroCommands } from './useMacroCommands'

// A card is made now and then.
const CardMaker = lazy(() => import('./CardMaker'))

interface Props {
  id: string
  mode: Mode
  onInsert: (text: string) => void
  onSay: (content: Content) => Promise<unknown>
  onSent: () => void
}

/** Below the field: files, suggestions, macros, cards. */
export function Toolbar({ id, mode, onInsert, onSay, onSent }: Props) {
  const { t } = useWords()
  const desk = useDesk()
  const [card, setCard] = useState(false)
  useMacroCommands(id)
  return (
    <div className={css.tools}>
      <FileButton multiple onChange={(files) => addFiles(desk, id, files)}>
        {(props) => (
          <Tooltip label={t('composer.attach')}>
            <ActionIcon {...props} aria-label={t('composer.attach')}>
              <IconPaperclip size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
      </FileButton>
      {mode === 'reply' && (
        <Pop label={t('composer.suggest')} icon={<IconWand size={18} stroke={1.7} />} width={400}>
          {(close) => (
            <SuggestionList
              conversation={id}
              onChoose={(text) => {
                onInsert(text)
                close()
              }}
            />
          )}
        </Pop>
      )}
      <Pop label={t('composer.macros')} icon={<IconBolt size={18} stroke={1.7} />} width={300}>
        {(close) => <MacroList conversation={id} onDone={close} />}
      </Pop>
      <Tooltip label={t('composer.card')}>
        <ActionIcon aria-label={t('composer.card')} onClick={() => setCard(true)}>
          <IconCards size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      {card && (
        <Suspense fallback={null}>
          <CardMaker
            note={mode === 'note'}
            onClose={() => setCard(false)}
            onSay={async (content) => {
              await onSay(content)
              onSent()
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

function Pop(props: {
  label: string
  icon: ReactNode
  width: number
  children: (close: () => void) => ReactNode
}) {
  const [open, setOpen] = useState(false)
  return (
    <Popover opened={open} onChange={setOpen} position="top-start" width={props.width} trapFocus withinPortal>
      <Popover.Target>
        <Tooltip label={props.label} disabled={open}>
          <ActionIcon aria-label={props.label} aria-expanded={open} onClick={() => setOpen(!open)}>
            {props.icon}
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={6}>{open && props.children(() => setOpen(false))}</Popover.Dropdown>
    </Popover>
  )
}
