/** Tells the agent of what needs them: by a sound, a desktop notification, the count in the title. */
import type { Entry, EntryView } from '@deskwire/sdk'
import { notifications } from '@mantine/notifications'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useDirectory, useRows } from '../chat/ChatProvider'
import { authorName } from '../chat/names'
import { staffState } from '../chat/rows'
import { isSaidByVisitor, useUnread } from '../chat/unread'
import { spokenText } from '../chat/words'
import { useDesk, useMe } from './api'
import { useNotificationsOn, useSoundOn } from './preferences'
import { ring } from './sound'
import { t } from './words'

/** Milliseconds after which an entry is no news: what was missed while away shows in the lists. */
const NEWS_MS = 60_000

/** What is worth an alert. */
interface Alert {
  conversation: string
  title: string
  text: string
}

/** Watches, for as long as the console is open. */
export function useAlerts(): void {
  const desk = useDesk()
  const { agent } = useMe()
  const rows = useRows()
  const directory = useDirectory()
  const { total } = useUnread()
  const tell = useTell()
  const open = useParams({ strict: false, select: (params) => params.conversation })

  useEffect(() => {
    document.title = total > 0 ? `(${total}) ${t('app.name')}` : t('app.name')
  }, [total])

  useEffect(() => {
    const nameIn = (conversation: string, entry: Entry) =>
      authorName(entry.by, directory, rows.get(conversation)?.contact_name)
    const onEntry = (view: EntryView) => {
      if ('hidden' in view || Date.now() - Date.parse(view.at) > NEWS_MS) return
      const looked = open === view.conversation && document.hasFocus()
      const mine = staffState(view.state)?.assignee === agent.id
      if (mine && isSaidByVisitor(view) && !looked) {
        tell({
          conversation: view.conversation,
          title: nameIn(view.conversation, view),
          text: spokenText(view) ?? '',
        })
      }
      if (view.type === 'assigned' && view.agent === agent.id && view.by.id !== agent.id) {
        const name = rows.get(view.conversation)?.contact_name ?? t('contact.nameless')
        tell({ conversation: view.conversation, title: t('alert.assigned'), text: name })
      }
    }
    const ends = [
      desk.on('entry', onEntry),
      desk.on('mention', (mention) => {
        const title = t('alert.mention', { name: authorName(mention.by, directory) })
        tell({ conversation: mention.conversation, title, text: mention.text }, true)
      }),
      desk.on('notice', ({ conversation, text }) =>
        tell({ conversation, title: t('alert.notice'), text }, true),
      ),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [desk, agent.id, rows, directory, tell, open])
}

/** Tells by whatever the agent wants to be told by; a toast where nothing else of the console shows it. */
export function useTell(): (alert: Alert, toast?: boolean) => void {
  const navigate = useNavigate()
  const [sound] = useSoundOn()
  const [desktop] = useNotificationsOn()
  const wanted = useRef({ sound, desktop })
  wanted.current = { sound, desktop }
  const tell = useRef((alert: Alert, toast = false) => {
    const show = () =>
      void navigate({
        to: '/inbox/$view/$conversation',
        params: { view: 'mine', conversation: alert.conversation },
      })
    if (wanted.current.sound) ring()
    if (toast) {
      const id = `${alert.conversation}:${alert.text}`
      const onClick = () => {
        notifications.hide(id)
        show()
      }
      notifications.show({
        id,
        title: alert.title,
        message: alert.text,
        onClick,
        style: { cursor: 'pointer' },
      })
    }
    if (wanted.current.desktop && !document.hasFocus()) notify(alert, show)
  })
  return tell.current
}

function notify(alert: Alert, show: () => void): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  // One notification a conversation: a newer one takes the place of the older.
  const shown = new Notification(alert.title, { body: alert.text, tag: alert.conversation })
  shown.onclick = () => {
    window.focus()
    show()
    shown.close()
  }
}
