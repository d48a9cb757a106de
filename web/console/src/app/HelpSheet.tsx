import { Modal } from '@mantine/core'
import css from './HelpSheet.module.css'
import { closeHelp, useHelpOpen } from './help'
import { useWords, type WordKey } from './words'

/** All keys, in groups. What they do is in `useAppCommands` and `useConversationCommands`. */
const SHEET: { heading: WordKey; keys: [string, WordKey][] }[] = [
  {
    heading: 'help.everywhere',
    keys: [
      ['mod k', 'shell.search'],
      ['?', 'help.sheet'],
      ['g m', 'inbox.mine'],
      ['g u', 'inbox.unassigned'],
      ['g a', 'inbox.all'],
      ['g b', 'inbox.bot'],
      ['g s', 'inbox.snoozed'],
      ['g c', 'inbox.closed'],
    ],
  },
  {
    heading: 'help.list',
    keys: [
      ['j', 'help.next'],
      ['k', 'help.previous'],
      ['/', 'ui.search'],
    ],
  },
  {
    heading: 'help.conversation',
    keys: [
      ['r', 'composer.reply'],
      ['n', 'help.note'],
      ['a', 'action.accept'],
      ['t', 'action.transfer'],
      ['s', 'action.snooze'],
      ['e', 'action.close'],
      ['l', 'action.label'],
      ['w', 'answer.newest_to_article'],
      ['p', 'action.panel'],
      ['G', 'conversation.newest'],
    ],
  },
  {
    heading: 'help.composer',
    keys: [
      ['Enter', 'composer.send'],
      ['Shift Enter', 'help.line'],
      ['/', 'help.slash'],
      ['@', 'help.mention'],
      ['Esc', 'help.leave'],
    ],
  },
]

const MAC = /mac|iphone|ipad/i.test(navigator.userAgent)

function Keys({ keys }: { keys: string }) {
  const shown = keys.split(' ').map((key) => (key === 'mod' ? (MAC ? '⌘' : 'Ctrl') : key))
  return (
    <span className={css.keys}>
      {shown.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  )
}

/** What the keyboard can do. */
export default function HelpSheet() {
  const { t } = useWords()
  return (
    <Modal opened={useHelpOpen()} onClose={closeHelp} title={t('shell.shortcuts')} size={680}>
      <div className={css.sheet}>
        {SHEET.map(({ heading, keys }) => (
          <section key={heading}>
            <h3 className={css.heading}>{t(heading)}</h3>
            <dl className={css.list}>
              {keys.map(([combination, word]) => (
                <div key={combination + word} className={css.row}>
                  <dt>{t(word)}</dt>
                  <dd className={css.value}>
                    <Keys keys={combination} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
