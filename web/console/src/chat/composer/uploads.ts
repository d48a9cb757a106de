/** Files on their way up, by conversation: they go on while another conversation is looked at. */
import type { Attachment, Content, Deskwire } from '@deskwire/sdk'
import { useSyncExternalStore } from 'react'
import { t } from '../../app/words'

/** Bytes of one file: the server's limit (`limits.rs`, ATTACHMENT_BYTES). */
const MAX_BYTES = 20 * 1024 * 1024
/** Files of one message: more are a mistake of the hand, and the list would hide the field. */
const MAX_FILES = 10
/** Pictures that every browser shows. */
const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

/** A file that is to be sent. */
export interface Upload {
  key: string
  file: File
  /** From 0 to 1. */
  progress: number
  /** Once it is there. */
  attachment?: Attachment
  /** Why it could not be sent up. */
  problem?: unknown
}

const NONE: readonly Upload[] = []
const uploads = new Map<string, readonly Upload[]>()
const stops = new Map<string, AbortController>()
const listeners = new Set<() => void>()
/** Conversations whose message is to go as soon as its files are there. */
const awaited = new Set<string>()

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function set(conversation: string, next: readonly Upload[]): void {
  uploads.set(conversation, next)
  tell()
}

function change(conversation: string, key: string, fields: Partial<Upload>): void {
  const next = uploadsOf(conversation).map((one) => (one.key === key ? { ...one, ...fields } : one))
  set(conversation, next)
}

/** The files of a conversation's message. */
export function uploadsOf(conversation: string): readonly Upload[] {
  return uploads.get(conversation) ?? NONE
}

/** The files of a conversation's message, drawn again as they go up. */
export function useUploads(conversation: string): readonly Upload[] {
  return useSyncExternalStore(subscribe, () => uploadsOf(conversation))
}

/** Whether a conversation's message waits for its files. */
export function useAwaited(conversation: string): boolean {
  return useSyncExternalStore(subscribe, () => awaited.has(conversation))
}

/** Whether a file is still going up. */
export function isGoingUp({ attachment, problem }: Upload): boolean {
  return !attachment && !problem
}

/**
 * The files, once all of them are there. Nothing where one of them failed or was taken out: what was to be sent is then
 * another message, which the person sends themselves.
 */
export async function arrived(
  conversation: string,
  files: readonly Upload[],
): Promise<readonly Upload[] | undefined> {
  const now = () => uploadsOf(conversation).filter(({ key }) => files.some((file) => file.key === key))
  const isOver = () => now().length < files.length || !now().some(isGoingUp)
  if (!isOver()) {
    awaited.add(conversation)
    tell()
    await new Promise<void>((done) => {
      const stop = subscribe(() => {
        if (!isOver()) return
        stop()
        done()
      })
    })
    awaited.delete(conversation)
    tell()
  }
  const there = now()
  return there.length === files.length && there.every((upload) => upload.attachment) ? there : undefined
}

async function start(desk: Deskwire, conversation: string, { key, file }: Upload): Promise<void> {
  const stop = new AbortController()
  stops.set(key, stop)
  try {
    const attachment = await desk.upload(file, {
      signal: stop.signal,
      onProgress: (progress) => change(conversation, key, { progress }),
    })
    change(conversation, key, { attachment, progress: 1 })
  } catch (problem) {
    change(conversation, key, { problem })
  } finally {
    stops.delete(key)
  }
}

/** Begins to send files up. What is too large is told at once. */
export function addFiles(desk: Deskwire, conversation: string, files: readonly File[]): void {
  const room = Math.max(0, MAX_FILES - uploadsOf(conversation).length)
  const added = files.slice(0, room).map<Upload>((file) => {
    const key = crypto.randomUUID()
    const tooLarge = file.size > MAX_BYTES
    const problem = file.size === 0 ? t('upload.empty') : tooLarge ? t('upload.too_large') : undefined
    return { key, file, progress: 0, ...(problem && { problem: { code: 'local', message: problem } }) }
  })
  set(conversation, [...uploadsOf(conversation), ...added])
  for (const upload of added) if (!upload.problem) void start(desk, conversation, upload)
}

/** Tries once more. */
export function retryUpload(desk: Deskwire, conversation: string, upload: Upload): void {
  const { problem: _problem, ...rest } = upload
  const again = { ...rest, progress: 0 }
  set(
    conversation,
    uploadsOf(conversation).map((one) => (one.key === upload.key ? again : one)),
  )
  void start(desk, conversation, again)
}

/** Takes a file out. */
export function removeUpload(conversation: string, key: string): void {
  stops.get(key)?.abort()
  set(
    conversation,
    uploadsOf(conversation).filter((one) => one.key !== key),
  )
}

/** Stops all, and forgets them: whoever chose these files has signed out. */
export function forgetUploads(): void {
  for (const stop of stops.values()) stop.abort()
  uploads.clear()
  awaited.clear()
  tell()
}

/** A file that is there, as a message. */
export function contentOf(attachment: Attachment, text?: string): Content {
  const { id, name, media_type, size } = attachment
  const kind = PICTURES.includes(media_type) ? ('image' as const) : ('file' as const)
  return { kind, attachment: id, name, media_type, size, ...(text && { text }) }
}
