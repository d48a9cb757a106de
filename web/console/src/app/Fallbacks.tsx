import { Button, Center, Loader } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { EmptyState } from '../ui/EmptyState'
import { useWords } from './words'

/** While a page loads. */
export function Waiting() {
  const { t } = useWords()
  return (
    <Center h="100%">
      <Loader size="sm" aria-label={t('shell.loading')} />
    </Center>
  )
}

/** An address that there is not. */
export function NotFound() {
  const { t } = useWords()
  const navigate = useNavigate()
  return (
    <Center h="100%">
      <EmptyState
        title={t('shell.not_found')}
        about={t('shell.not_found_about')}
        action={
          <Button
            variant="default"
            onClick={() => void navigate({ to: '/inbox/$view', params: { view: 'mine' } })}
          >
            {t('shell.to_inbox')}
          </Button>
        }
      />
    </Center>
  )
}
