import type { Middleware } from 'koa'
import { YunyingError, type ErrorKind } from '../../../core/errors.ts'
import type { Logger } from '../../../core/ports/logger.ts'
import { isGone } from '../messages.ts'

/** The one place where a kind of error becomes an HTTP status. */
const STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'not-acceptable': 406,
  conflict: 409,
  limit: 413,
  unsupported: 415,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>

/** What HTTP has a status of its own for. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  'too-many-attempts': 429,
  'too-many-searches': 429,
  'too-many-uploads': 429,
  'range-not-satisfiable': 416,
}

const TITLE: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** Turns what is thrown into `application/problem+json` (RFC 9457) with a stable `code`; logs what is a bug. */
export function errors(log: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next()
      if (ctx.status === 404 && ctx.body === undefined && !ctx.res.headersSent) {
        throw new YunyingError('not-found', 'route-not-found', 'There is nothing at this address.')
      }
    } catch (error) {
      const requestId = ctx.state['requestId'] as string | undefined
      if (ctx.res.headersSent) {
        // Too late for another status: break it off, so that the client does not take half an answer for a whole one.
        if (!isClientGone(error)) log.warn({ requestId, err: error }, 'answer broken off')
        ctx.res.destroy()
        return
      }
      if (isClientGone(error) || isGone(ctx.req)) return
      const known = asKnown(error)
      if (known.kind === 'bug') log.error({ requestId, err: error }, 'unexpected error')
      else if (known.status === 503) log.warn({ requestId, err: error }, 'a part does not answer')
      ctx.status = known.status
      ctx.remove('ETag')
      ctx.set('Cache-Control', 'no-store')
      if (known.retryAfterSeconds !== undefined) ctx.set('Retry-After', String(known.retryAfterSeconds))
      if (known.status === 401) ctx.set('WWW-Authenticate', 'Bearer')
      ctx.type = 'application/problem+json'
      ctx.body = JSON.stringify({
        type: 'about:blank',
        title: TITLE[known.status] ?? 'Error',
        status: known.status,
        code: known.code,
        detail: known.detail,
      })
    }
  }
}

function asKnown(error: unknown): {
  kind: 'known' | 'bug'
  status: number
  code: string
  detail: string
  retryAfterSeconds?: number | undefined
} {
  if (error instanceof YunyingError) {
    const status = STATUS_OF_CODE[error.code] ?? STATUS[error.kind]
    return {
      kind: 'known',
      status,
      code: error.code,
      detail: error.message,
      retryAfterSeconds: error.retryAfterSeconds,
    }
  }
  return {
    kind: 'bug',
    status: 500,
    code: 'internal-error',
    detail: 'Something went wrong here. Try again; if it stays, tell your administrator.',
  }
}

/** The client went away: nobody is left to answer. */
function isClientGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = (error as NodeJS.ErrnoException).code
  return (
    error.name === 'AbortError' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'ABORT_ERR'
  )
}
