import { Alert, Button, CopyButton, Modal } from '@mantine/core'
import IconCheck from '@tabler/icons-react/icons/IconCheck'
import IconCopy from '@tabler/icons-react/icons/IconCopy'
import type { ReactNode } from 'react'
import { useWords } from '../app/words'
import css from './ui.module.css'

/** A text of a machine with a button that copies it. */
export function Copyable({ text, block }: { text: string; block?: boolean }) {
  const { t } = useWords()
  return (
    <div
      className={css.box}
      style={{
        display: 'flex',
        alignItems: block ? 'flex-start' : 'center',
        gap: 10,
        padding: '8px 8px 8px 12px',
      }}
    >
      <code className={css.mono} style={{ flex: 1, whiteSpace: 'pre-wrap', userSelect: 'all' }}>
        {text}
      </code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            size="compact-sm"
            variant={copied ? 'light' : 'default'}
            onClick={copy}
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          >
            {copied ? t('ui.copied') : t('ui.copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}

/** Above a drawer from which it was asked for (200), below what drops down (300), as Mantine counts. */
const ABOVE_DRAWERS = 250

/** A secret that is shown once: nothing but the button closes it, so that no stray click loses it. */
export function SecretOnce(props: { secret: string | undefined; about?: ReactNode; onDone: () => void }) {
  const { t } = useWords()
  return (
    <Modal
      opened={props.secret !== undefined}
      onClose={props.onDone}
      zIndex={ABOVE_DRAWERS}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      title={t('ui.secret_title')}
      size={560}
    >
      <Alert color="yellow" variant="light" mb="md" role="note">
        {t('ui.secret_about')}
      </Alert>
      <Copyable text={props.secret ?? ''} />
      {props.about && <p className={css.about}>{props.about}</p>}
      <Button fullWidth mt="md" onClick={props.onDone}>
        {t('ui.secret_done')}
      </Button>
    </Modal>
  )
}
