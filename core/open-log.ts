import pino from 'pino'
import type { Config } from './config.ts'
import type { Logger } from './ports/logger.ts'

/** JSON lines on standard error. The redaction is a second wall: callers give ids only. */
export function openLog(level: Config['logLevel'], bindings: object): Logger {
  return pino(
    {
      level,
      base: bindings,
      redact: {
        paths: [
          'patientName',
          'patientId',
          'patientBirthDate',
          'accessionNumber',
          'token',
          'password',
          'email',
        ],
        censor: '[removed]',
      },
      // A database fault quotes the row it refused (`detail`), and a row holds names: keep type, code and stack only.
      serializers: { err: safeError },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}

function safeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = (error as NodeJS.ErrnoException).code
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: safeError(error.cause) }),
  }
}
