/** An answer that is not what was asked for. `code` is stable; a sentence for it is in `locales/<language>/shell.json`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    /** HTTP status; 0 when nothing answered. */
    readonly status: number,
    readonly code: string,
    message: string,
    options?: ErrorOptions & { retryAfterSeconds?: number | undefined },
  ) {
    super(message, options)
    this.retryAfterSeconds = options?.retryAfterSeconds
  }

  readonly retryAfterSeconds: number | undefined

  /** Whether the same request may succeed later without anyone changing it. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status >= 503
  }
}

/** The error an unsuccessful answer stands for; problem+json where the server wrote it, else by its status. */
export async function problemOf(response: Response): Promise<ApiError> {
  const problem = response.headers.get('Content-Type')?.includes('json')
    ? ((await response.json()) as { code?: unknown; detail?: unknown })
    : {}
  return problemError(response.status, problem, response.headers.get('Retry-After'))
}

/** The same for an answer that did not come through fetch. */
export function problemError(
  status: number,
  problem: { code?: unknown; detail?: unknown },
  retryAfter: string | null,
): ApiError {
  const seconds = Number(retryAfter)
  return new ApiError(
    status,
    typeof problem.code === 'string' ? problem.code : `http-${status}`,
    typeof problem.detail === 'string' ? problem.detail : `The archive answered ${status}.`,
    { retryAfterSeconds: retryAfter !== null && seconds > 0 ? seconds : undefined },
  )
}
