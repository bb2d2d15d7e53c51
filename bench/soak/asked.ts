/** One answer. */
export interface Answered {
  readonly kind: string
  /** Since the soak began, ms. */
  readonly atMs: number
  readonly ms: number
  /** HTTP status; 0: the connection broke. */
  readonly status: number
  readonly isFault: boolean
}

export interface Request extends RequestInit {
  /** What is right; 200 where nothing is said. */
  readonly right?: readonly number[]
  /** So long at most, ms. */
  readonly timeoutMs?: number
}

/** A client of one server that writes down every answer. */
export interface Asking {
  readonly answers: readonly Answered[]
  /** Asks, and reads the whole answer. Never throws: what went wrong is a fault, and the body undefined. */
  ask(kind: string, path: string, request?: Request): Promise<{ body: Buffer; headers: Headers } | undefined>
}

const PATIENCE_MS = 30_000

export function openAsking(url: string): Asking {
  const began = performance.now()
  const answers: Answered[] = []
  return {
    answers,
    async ask(kind, path, { right = [200], timeoutMs = PATIENCE_MS, ...init } = {}) {
      const asked = performance.now()
      const note = (status: number): boolean => {
        const now = performance.now()
        const isFault = !right.includes(status)
        answers.push({ kind, atMs: asked - began, ms: now - asked, status, isFault })
        return !isFault
      }
      try {
        const answer = await fetch(url + path, { ...init, signal: AbortSignal.timeout(timeoutMs) })
        const body = Buffer.from(await answer.arrayBuffer())
        return note(answer.status) ? { body, headers: answer.headers } : undefined
      } catch {
        // It broke, or took too long: that is written down as a status that no answer has.
        note(0)
        return undefined
      }
    },
  }
}
