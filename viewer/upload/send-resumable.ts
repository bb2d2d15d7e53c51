import { ApiError, problemError } from '../client/api-error.ts'
import type { OutgoingFile, SendOptions } from './upload-transport.ts'

const ENDPOINT = '/api/uploads/resumable'
/** Below what proxies usually let through in one request, and large enough that a round trip does not matter. */
const CHUNK_BYTES = 32 * 1024 * 1024

/**
 * Sends one large file by tus, from where an earlier attempt stopped, and answers the JSON of its last answer. An
 * earlier attempt is found by the hash of the bytes, also after a reload.
 *
 * Errors: ApiError.
 */
export async function sendResumable(file: OutgoingFile, options: SendOptions): Promise<unknown> {
  const { Upload, DetailedError } = await import('tus-js-client')
  const { signal, onProgress } = options
  let answer: unknown
  return new Promise((resolve, reject) => {
    const upload = new Upload(file.blob, {
      endpoint: ENDPOINT,
      chunkSize: CHUNK_BYTES,
      // Waiting and trying again is the queue's work: it knows about the network and about pauses.
      retryDelays: null,
      removeFingerprintOnSuccess: true,
      fingerprint: () => Promise.resolve(`yunying-${file.sha256}`),
      metadata: { sha256: file.sha256, filetype: 'application/dicom' },
      onProgress,
      onAfterResponse: (_request, response) => {
        const body = response.getBody()
        if (body !== undefined && body.startsWith('{')) answer = JSON.parse(body) as unknown
      },
      onSuccess: () => {
        signal.removeEventListener('abort', onAbort)
        resolve(answer)
      },
      onError: (error) => {
        signal.removeEventListener('abort', onAbort)
        reject(error instanceof DetailedError ? asApiError(error) : error)
      },
    })
    const onAbort = (): void => {
      void upload.abort()
      reject(signal.reason as Error)
    }
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort, { once: true })
    upload.findPreviousUploads().then((previous) => {
      const last = previous[0]
      if (last !== undefined) upload.resumeFromPreviousUpload(last)
      if (!signal.aborted) upload.start()
    }, reject)
  })
}

interface TusError {
  readonly originalResponse: {
    getStatus(): number
    getBody(): string
    getHeader(name: string): string | undefined
  } | null
}

function asApiError(error: TusError): ApiError {
  const response = error.originalResponse
  if (response === null || response.getStatus() === 0) {
    return new ApiError(0, 'offline', 'The archive does not answer.')
  }
  const body = response.getBody()
  const problem = body.startsWith('{') ? (JSON.parse(body) as object) : {}
  return problemError(response.getStatus(), problem, response.getHeader('Retry-After') ?? null)
}
