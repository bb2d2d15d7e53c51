import type { Logger } from '../core/ports/logger.ts'

const nothing = (): void => undefined

/** What a bench opens beside the server has nothing to say. */
export const SILENT: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => SILENT,
}
