/**
 * The one error class of the archive. A kind says what class of fault it is (one table a protocol turns
 * kinds into HTTP statuses), a code is stable and can be programmed against, and `message` is safe to
 * show: it says what to do next and holds no patient data, object key or path.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'unsupported'
  | 'not-acceptable'
  | 'limit'
  | 'unavailable'

export class YunyingError extends Error {
  override readonly name = 'YunyingError'

  constructor(
    readonly kind: ErrorKind,
    /** Stable, kebab-case: `invalid-date-range`. */
    readonly code: string,
    /** A sentence that says what to do; safe to show to whoever asked. */
    message: string,
    options?: { cause?: unknown; retryAfterSeconds?: number },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.retryAfterSeconds = options?.retryAfterSeconds
  }

  readonly retryAfterSeconds: number | undefined
}

export const notFound = (code: string, message: string): YunyingError =>
  new YunyingError('not-found', code, message)

export const invalid = (code: string, message: string, cause?: unknown): YunyingError =>
  new YunyingError('invalid', code, message, { cause })

/** A part the archive leans on (database, object store, queue) does not answer; the caller may try again. */
export const unavailable = (code: string, message: string, cause?: unknown): YunyingError =>
  new YunyingError('unavailable', code, message, { cause, retryAfterSeconds: 5 })

export const isYunyingError = (error: unknown): error is YunyingError => error instanceof YunyingError
