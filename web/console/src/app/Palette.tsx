import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import IconSearch from '@tabler/icons-react/icons/IconSearch'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useLiveRows } from '../chat/ChatProvider'
import { contactName } from '../chat/names'
import { sorted } from '../chat/views'
import { type Command, type CommandGroup, useAllCommands } from './commands'
import { useWords, type WordKey } from './words'

/** Rows of the palette: more than fit are scrolled, more than these are not looked at by anybody. */
const SHOWN = 40

const GROUPS: [CommandGroup, WordKey][] = [
  ['conversation', 'palette.conversation'],
  ['go', 'palette.go'],
  ['page', 'palette.pages'],
  ['app', 'palette.app'],
]

function actionOf({ id, title, also, keys, run }: Command) {
  const right = keys ? (
    <span style={{ display: 'inline-flex', gap: 3 }}>
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  ) : undefined
  return { id, label: title, keywords: also ?? '', onClick: run, ...(right && { rightSection: right }) }
}

/** The command palette: what can be done, conversations, pages. Mod+K opens it. */
export default function Palette() {
  const { t } = useWords()
  const navigate = useNavigate()
  const commands = useAllCommands()
  const { rows, version } = useLiveRows()
  const [query, setQuery] = useState('')

  const conversations = useMemo(() => {
    // The store is the same object always; its version says that it has changed.
    void version
    return sorted(rows.all(), 'newest').map((row) => ({
      id: row.conversation,
      label: contactName(row.contact_name, row.contact),
      description: row.preview ?? '',
      keywords: (row.state.labels ?? []).join(' '),
      onClick: () =>
        void navigate({
          to: '/inbox/$view/$conversation',
          params: { view: 'all', conversation: row.conversation },
        }),
    }))
  }, [rows, version, navigate])

  const actions: SpotlightActionGroupData[] = [
    ...GROUPS.map(([group, word]) => ({
      group: t(word),
      actions: commands.filter((command) => command.group === group).map(actionOf),
    })),
    // Without a word to look for, hundreds of conversations would only hide what can be done.
    { group: t('palette.conversations'), actions: query.trim() === '' ? [] : conversations },
  ]
  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      limit={SHOWN}
      scrollable
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      maxHeight={440}
      // What scrolls can be reached by the keyboard.
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      highlightQuery
      nothingFound={t('ui.nothing_found')}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.7} />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
    />
  )
}
