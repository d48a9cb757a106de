import type { ContentOf } from '@deskwire/sdk'
import { Loader, UnstyledButton } from '@mantine/core'
import IconDownload from '@tabler/icons-react/icons/IconDownload'
import IconFile from '@tabler/icons-react/icons/IconFile'
import { useQuery } from '@tanstack/react-query'
import { useDesk } from '../../app/api'
import { useWords } from '../../app/words'
import { bytes } from '../../ui/format'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useTask } from '../../ui/useTask'
import css from './FileView.module.css'
import { SafeText } from './SafeText'

type File = ContentOf<'file'> | ContentOf<'image'>

/** Milliseconds for which an address of a file is used: it lives some minutes (`GET /v1/attachments/{id}`). */
const ADDRESS_MS = 4 * 60_000

/** A file: its name and size, and the way to it. */
export function FileView({ file }: { file: File }) {
  const desk = useDesk()
  const { run, busy, problem } = useTask()
  // The address is asked for when it is needed, for it lives minutes only.
  const open = () =>
    void run(async () => {
      const address = await desk.download(file)
      const link = document.createElement('a')
      link.href = address
      link.download = file.name
      link.target = '_blank'
      link.rel = 'noopener noreferrer'
      link.click()
    })
  return (
    <>
      <UnstyledButton className={css.file ?? ''} onClick={open}>
        <span className={css.icon}>
          <IconFile size={20} stroke={1.6} />
        </span>
        <span className={css.about}>
          <span className={css.name}>{file.name}</span>
          <span className={css.size}>{bytes(file.size)}</span>
        </span>
        {busy ? <Loader size="xs" /> : <IconDownload size={16} stroke={1.7} />}
      </UnstyledButton>
      <Words text={file.text} />
      <ProblemAlert problem={problem} />
    </>
  )
}

/** A picture; a click opens it whole. */
export function ImageView({ file }: { file: ContentOf<'image'> }) {
  const { t } = useWords()
  const desk = useDesk()
  const address = useQuery({
    queryKey: ['attachment', file.attachment],
    queryFn: () => desk.download(file),
    staleTime: ADDRESS_MS,
    gcTime: ADDRESS_MS,
    refetchOnWindowFocus: false,
  })
  if (address.error) {
    return (
      <>
        <FileView file={file} />
        <ProblemAlert problem={address.error} onRetry={() => void address.refetch()} />
      </>
    )
  }
  return (
    <>
      <a className={css.frame} href={address.data} target="_blank" rel="noopener noreferrer">
        {address.data && (
          <img className={css.image} src={address.data} alt={t('content.image', { name: file.name })} />
        )}
      </a>
      <Words text={file.text} />
    </>
  )
}

function Words({ text }: { text: string | null | undefined }) {
  return text ? (
    <div className={css.words}>
      <SafeText text={text} />
    </div>
  ) : null
}
