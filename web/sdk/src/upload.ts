/** Files: announced, then put to the address that the announcement gave. */

import type { Http } from './http'
import { Problem } from './problem'
import type { Attachment, UploadOptions } from './types'

/** What a file is when nobody knows (RFC 2046 §4.5.1). */
const UNKNOWN_TYPE = 'application/octet-stream'

const OK = 200
const NOT_OK = 300

/** Uploads a file; throws a {@link Problem}. */
export async function upload(
  http: Http,
  file: File | Blob,
  options: UploadOptions = {},
): Promise<Attachment> {
  const media_type = file.type || UNKNOWN_TYPE
  const name = options.name ?? (file instanceof File ? file.name : 'file')
  const announced = await http.call<Attachment>(
    'POST',
    '/v1/attachments',
    { name, media_type, size: file.size },
    options.signal ? { signal: options.signal } : {},
  )
  if (!announced.upload_url) throw failed()
  await put(announced.upload_url, media_type, file, options)
  const { upload_url: _, ...attachment } = announced
  return attachment
}

/** `fetch` tells nothing of an upload's progress, so this is the old way. */
function put(url: string, mediaType: string, file: Blob, options: UploadOptions): Promise<void> {
  const { signal, onProgress } = options
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    const end = (then: () => void) => {
      signal?.removeEventListener('abort', stop)
      then()
    }
    request.open('PUT', url)
    request.setRequestHeader('content-type', mediaType)
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0)
    request.onload = () =>
      end(() => (request.status >= OK && request.status < NOT_OK ? done() : fail(refused(request))))
    request.onerror = () => end(() => fail(failed()))
    request.onabort = () => end(() => fail(Problem.local('aborted', 'The upload was stopped.')))
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    else request.send(file)
  })
}

function failed(): Problem {
  return Problem.local('upload_failed', 'The file could not be uploaded.')
}

function refused(request: XMLHttpRequest): Problem {
  try {
    const { code, title } = JSON.parse(request.responseText) as { code?: string; title?: string }
    if (code && title) return new Problem({ code, message: title, status: request.status })
  } catch {
    // A bucket answers in its own words.
  }
  return failed()
}
