import { ApiError, problemError } from '../client/api-error.ts'
import type { SendOptions } from './upload-transport.ts'

/** A link that moves nothing for so long is taken for broken. */
const STALL_MS = 60_000

/**
 * Posts a body and answers the JSON that comes back. XMLHttpRequest, because fetch does not tell how much has gone.
 *
 * Errors: ApiError; code 'offline' when the connection breaks or stalls.
 */
export function sendRequest(path: string, type: string, body: Blob, options: SendOptions): Promise<unknown> {
  const { signal, onProgress } = options
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    let stall: ReturnType<typeof setTimeout> | undefined
    const moving = (): void => {
      clearTimeout(stall)
      stall = setTimeout(() => request.abort(), STALL_MS)
    }
    const onAbort = (): void => request.abort()
    const broken = (): void => {
      if (signal.aborted) reject(signal.reason as Error)
      else reject(new ApiError(0, 'offline', 'The archive does not answer.'))
    }
    request.upload.addEventListener('progress', (event) => {
      moving()
      onProgress(event.loaded)
    })
    request.addEventListener('load', () => {
      const answer = parseJson(request.responseText)
      if (request.status >= 200 && request.status < 300) resolve(answer)
      else {
        const problem = typeof answer === 'object' && answer !== null ? answer : {}
        reject(problemError(request.status, problem, request.getResponseHeader('Retry-After')))
      }
    })
    request.addEventListener('error', broken)
    request.addEventListener('abort', broken)
    request.addEventListener('loadend', () => {
      clearTimeout(stall)
      signal.removeEventListener('abort', onAbort)
    })
    if (signal.aborted) {
      broken()
      return
    }
    signal.addEventListener('abort', onAbort)
    request.open('POST', path)
    request.setRequestHeader('Content-Type', type)
    request.setRequestHeader('Accept', 'application/json')
    moving()
    request.send(body)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // A proxy's page of HTML: the status says enough.
    return undefined
  }
}
