import { ConfigError } from './config.ts'
import { YunyingError } from './errors.ts'

/** EX_CONFIG of sysexits.h: starting again will not help, changing a setting will. */
const EXIT_CONFIG = 78

/**
 * Why a process did not start: what to print, and with what code to exit. What is expected reads as a sentence that says
 * what to do, with the system's own word for the fault; only a bug brings its stack.
 */
export function explainStart(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof ConfigError) return { text: error.message, exitCode: EXIT_CONFIG }
  if (error instanceof YunyingError) {
    const code = systemCode(error.cause)
    const reason = code === undefined ? '' : ` (${code})`
    return { text: `Yunying did not start: ${error.message}${reason}`, exitCode: 1 }
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { text: `Yunying did not start: ${stack}`, exitCode: 1 }
}

/** Such as ECONNREFUSED, or PostgreSQL's 28P01: a code holds no address and no secret, a message may. */
function systemCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : systemCode(cause.cause)
}
