import { fileSize } from '../format'
import { ATTACHMENT_BYTES } from '../limits'
import type { Upload } from '../model/uploads'
import { explain } from '../model/words'
import { useChat } from './context'
import { FileFace } from './file'
import { Icon } from './icons'

/** A file on its way: how far it is, and a way to stop it; or why it is not, and the way on. */
export function UploadRow({ upload }: { upload: Upload }) {
  const chat = useChat()
  const texts = chat.texts.value
  const { id, file, problem } = upload
  const percent = Math.round(upload.fraction * 100)
  return (
    <div class={problem ? 'row own first bad' : 'row own first'}>
      <div class="what">
        <span class="hidden">{texts.you}</span>
        <div class="file upload">
          <FileFace name={file.name || texts.image} detail={fileSize(file.size, chat.locale.value)}>
            {!problem && (
              <progress max={100} value={percent} aria-label={texts.uploading(file.name, percent)} />
            )}
          </FileFace>
          {!problem && (
            <button
              type="button"
              class="icon"
              aria-label={texts.cancel}
              onClick={() => chat.uploads.cancel(id)}
            >
              <Icon name="close" size={18} />
            </button>
          )}
        </div>
      </div>
      {problem && (
        <div class="fail" role="alert">
          <p>
            {problem === 'fileTooLarge' && texts.fileTooLarge(fileSize(ATTACHMENT_BYTES, chat.locale.value))}
            {problem === 'fileEmpty' && texts.fileEmpty}
            {typeof problem === 'object' && `${texts.refused}. ${explain(problem, texts)}`}
          </p>
          {typeof problem === 'object' && (
            <button type="button" class="link" onClick={() => chat.uploads.retry(upload)}>
              {texts.retry}
            </button>
          )}
          <button type="button" class="link" onClick={() => chat.uploads.cancel(id)}>
            {texts.discard}
          </button>
        </div>
      )}
    </div>
  )
}
