import { Alert, Button, List } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle'
import { useWords } from '../app/words'
import { useCountdown } from './clock'
import { told } from './problem'
import { sayProblem } from './problemWords'

/** A refusal in plain words, beside what was done, with the way on. Nothing where there is none. */
export function ProblemAlert({ problem, onRetry }: { problem: unknown; onRetry?: (() => void) | undefined }) {
  const { t } = useWords()
  const wait = useCountdown(problem, problem ? told(problem).retryAfter : undefined)
  if (!problem) return null
  const { detail, mistakes, code } = told(problem)
  return (
    <Alert
      color={code === 'rate_limited' || code === 'busy' ? 'yellow' : 'red'}
      variant="light"
      py={10}
      icon={<IconAlertTriangle size={18} stroke={1.7} />}
      role="alert"
    >
      <div style={{ fontSize: 13, lineHeight: 1.5 }}>
        <div>{sayProblem(problem)}</div>
        {detail && mistakes.length === 0 && <div style={{ opacity: 0.85 }}>{detail}</div>}
        {mistakes.length > 0 && (
          <List size="sm" mt={4}>
            {mistakes.slice(0, SHOWN_MISTAKES).map((mistake) => (
              <List.Item key={`${mistake.line}:${mistake.column}:${mistake.message}`}>
                <b>{t('ui.line_column', { line: mistake.line, column: mistake.column })}</b> {mistake.message}
              </List.Item>
            ))}
          </List>
        )}
        {wait > 0 && <div>{t('ui.retry_after', { seconds: wait })}</div>}
        {onRetry && (
          <Button size="compact-xs" variant="light" color="red" mt={6} onClick={onRetry} disabled={wait > 0}>
            {t('ui.try_again')}
          </Button>
        )}
      </div>
    </Alert>
  )
}

/** Mistakes of a file that are named at once: a screen of them; the rest shows when these are mended. */
const SHOWN_MISTAKES = 12
