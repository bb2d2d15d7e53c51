import type { z } from 'zod'
import { ApiError, problemOf } from './api-error.ts'
import { shareHeaders } from './shared-page.ts'

type Schema = z.ZodType
type QueryValue = string | number | readonly string[] | undefined

export interface CallOptions<Answer extends Schema | undefined> {
  readonly query?: Readonly<Record<string, QueryValue>> | undefined
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, in place of a body. */
  readonly blob?: Blob
  /** The shape of the answer, or how to load it; without it the answer's body is not read. */
  readonly answer?: Answer | (() => Promise<Answer>)
  readonly signal?: AbortSignal | undefined
  /** The request is finished even when the page is left meanwhile, if its body is small enough for the browser. */
  readonly outlivesPage?: boolean
  /** Nobody has asked for it yet: it gives way to what somebody waits for, and is recorded as what it is. */
  readonly isAhead?: boolean
}

/** Of the bodies of all requests that outlive their page, a browser keeps 64 KiB, and refuses more (Fetch, 4.6). Bytes. */
const MOST_KEPT_ALIVE = 60 * 1024

type Answered<Answer> = Answer extends Schema ? z.infer<Answer> : undefined
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Api {
  /**
   * Calls our JSON API and answers the parsed body.
   *
   * Errors: ApiError with the server's stable code; code 'offline' when nothing answers, 'answer-invalid' when the
   * answer is not what the contract says. An abort rejects with the signal's reason.
   */
  call<Answer extends Schema | undefined = undefined>(
    method: Method,
    path: string,
    options?: CallOptions<Answer>,
  ): Promise<Answered<Answer>>
}

/** The one place that calls fetch. `onSignedOut` is told when the server no longer knows the session. */
export function createApi(options: { onSignedOut: () => void; fetch?: typeof fetch }): Api {
  const send = options.fetch ?? ((input, init) => fetch(input, init))
  let keptAlive = 0
  return {
    async call(
      method,
      path,
      { query, body, blob, answer, signal, outlivesPage = false, isAhead = false } = {},
    ) {
      const bytes = body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(body))
      const size = bytes?.length ?? 0
      const keepalive = outlivesPage && keptAlive + size <= MOST_KEPT_ALIVE
      if (keepalive) keptAlive += size
      const response = await reach(() =>
        send(withQuery(path, query), {
          method,
          credentials: 'same-origin',
          headers: {
            Accept: 'application/json',
            ...shareHeaders(),
            ...(bytes === undefined ? {} : { 'Content-Type': 'application/json' }),
            ...(isAhead ? { Purpose: 'prefetch' } : {}),
          },
          ...(isAhead ? { priority: 'low' } : {}),
          ...(blob === undefined ? {} : { body: blob }),
          ...(bytes === undefined ? {} : { body: bytes }),
          ...(signal === undefined ? {} : { signal }),
          ...(keepalive ? { keepalive } : {}),
        }),
      ).finally(() => {
        if (keepalive) keptAlive -= size
      })
      if (!response.ok) {
        const error = await problemOf(response)
        if (error.code === 'sign-in-needed') options.onSignedOut()
        throw error
      }
      if (answer === undefined) return undefined as never
      return (await read(response, typeof answer === 'function' ? await answer() : answer)) as never
    },
  }
}

async function reach(send: () => Promise<Response>): Promise<Response> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'offline', 'The archive does not answer.', { cause: error })
  }
}

async function read(response: Response, answer: Schema | undefined): Promise<unknown> {
  if (answer === undefined) return undefined
  const parsed = answer.safeParse(await response.json())
  if (parsed.success) return parsed.data
  throw new ApiError(response.status, 'answer-invalid', 'The archive answered something unexpected.', {
    cause: parsed.error,
  })
}

/** The path with its query: arrays repeat the name, undefined and empty are left out. */
export function withQuery(path: string, query: CallOptions<undefined>['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [String(value)])
      search.append(name, one)
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`
}
