import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@mantine/spotlight/styles.layer.css'
import './app/theme.css'
import { createRoot } from 'react-dom/client'
import { App, type Start } from './app/App'
import { comeBack } from './app/oidc'
import { accountFor } from './app/session'
import { resumedSession, signInFromFragment } from './app/signOn'
import { startWords } from './app/words'

async function begin(): Promise<Start> {
  try {
    const session =
      (await signInFromFragment(accountFor(location))) ?? (await comeBack()) ?? resumedSession(Date.now())
    return { session, problem: undefined }
  } catch (problem) {
    return { session: undefined, problem }
  }
}

const root = document.getElementById('root')
if (root) {
  const [start] = await Promise.all([begin(), startWords()])
  createRoot(root).render(<App start={start} />)
}
