import { ActionIcon, Button, Progress } from '@mantine/core'
import IconFile from '@tabler/icons-react/icons/IconFile'
import IconX from '@tabler/icons-react/icons/IconX'
import { useDesk } from '../../app/api'
import { useWords } from '../../app/words'
import { bytes } from '../../ui/format'
import { sayProblem } from '../../ui/problemWords'
import css from './Composer.module.css'
import { removeUpload, retryUpload, type Upload } from './uploads'

/** The files that will go with the message. */
export function UploadStrip({ conversation, uploads }: { conversation: string; uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null
  return (
    <ul className={css.uploads}>
      {uploads.map((upload) => (
        <UploadItem key={upload.key} conversation={conversation} upload={upload} />
      ))}
    </ul>
  )
}

function UploadItem({ conversation, upload }: { conversation: string; upload: Upload }) {
  const { t } = useWords()
  const desk = useDesk()
  const { file, problem, progress, attachment } = upload
  const local =
    typeof problem === 'object' && problem !== null && 'code' in problem && problem.code === 'local'
  return (
    <li className={css.upload} data-bad={problem ? true : undefined}>
      <IconFile size={18} stroke={1.6} />
      <span className={css.uploadBody}>
        <span className={css.uploadName}>{file.name}</span>
        {problem ? (
          <span className={css.uploadProblem}>{sayProblem(problem)}</span>
        ) : attachment ? (
          <span className={css.dim}>{bytes(file.size)}</span>
        ) : (
          <Progress size="xs" value={progress * 100} aria-label={t('upload.progress', { name: file.name })} />
        )}
      </span>
      {problem && !local ? (
        <Button size="compact-xs" variant="subtle" onClick={() => retryUpload(desk, conversation, upload)}>
          {t('ui.try_again')}
        </Button>
      ) : null}
      <ActionIcon
        size="sm"
        aria-label={t('upload.remove', { name: file.name })}
        onClick={() => removeUpload(conversation, upload.key)}
      >
        <IconX size={14} />
      </ActionIcon>
    </li>
  )
}
