import { ApiError, problemOf } from './api-error.ts'
import { shareHeaders } from './shared-page.ts'

export interface FetchedFile {
  readonly name: string
  readonly blob: Blob
}

interface FetchFileOptions {
  /** Sent as JSON. */
  readonly body: unknown
  /** Told how many bytes are here, and of how many: the header says about how many where the archive does not know. */
  readonly onBytes: (done: number, total: number) => void
  readonly expectedSizeHeader: string
  readonly signal: AbortSignal
}

/**
 * A file that the archive makes for what is posted. Its bytes go past this page into the browser's own store, which keeps
 * large ones on the disk. Errors: ApiError, code 'offline' also when the answer breaks off; an abort rejects with its reason.
 */
export async function fetchFile(
  path: string,
  { body, onBytes, expectedSizeHeader, signal }: FetchFileOptions,
): Promise<FetchedFile> {
  const response = await reach(signal, () =>
    fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { ...shareHeaders(), 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    }),
  )
  if (!response.ok) throw await problemOf(response)
  const total = Number(
    response.headers.get('Content-Length') ?? response.headers.get(expectedSizeHeader) ?? 0,
  )
  let done = 0
  const counted = response.body?.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, passed) {
        done += chunk.length
        onBytes(done, total)
        passed.enqueue(chunk)
      },
    }),
  )
  const blob = await reach(signal, () => new Response(counted).blob())
  return { name: nameIn(response.headers.get('Content-Disposition')) ?? 'download', blob }
}

async function reach<Answer>(signal: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    signal.throwIfAborted()
    throw new ApiError(0, 'offline', 'The archive does not answer.', { cause: error })
  }
}

const nameIn = (disposition: string | null): string | undefined =>
  /filename="([^"]+)"/.exec(disposition ?? '')?.[1]
