import type { Problem } from '@deskwire/sdk'
import { explain } from '../model/words'
import { useChat } from './context'

/** What went wrong, beside what was done; nothing, where nothing did. */
export function Wrong({ problem }: { problem: Problem | undefined }) {
  const { texts } = useChat()
  return (
    problem && (
      <p class="error" role="alert">
        {explain(problem, texts.value)}
      </p>
    )
  )
}
