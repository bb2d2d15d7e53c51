import { parseArgs } from 'node:util'
import { YunyingError } from '../../core/errors.ts'
import type { Pacs } from '../../core/pacs.ts'

export type CommandOptions = Readonly<Record<string, string | undefined>>

export interface Command {
  /** The words that name it: ['user', 'add']. */
  readonly words: readonly string[]
  readonly usage: string
  readonly purpose: string
  /** Names of the options it takes; each has a value. */
  readonly options: readonly string[]
  readonly required?: readonly string[]
  /** The whole answer, printed alone on standard output. */
  readonly run: (pacs: Pacs, options: CommandOptions) => Promise<string>
}

/** The options after a command's words. Errors: 'invalid' code 'usage', saying what is right. */
export function parseArguments(command: Command, rest: readonly string[]): CommandOptions {
  const options = Object.fromEntries(command.options.map((name) => [name, { type: 'string' as const }]))
  let values: Record<string, unknown>
  try {
    values = parseArgs({ args: [...rest], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw usage(command, error instanceof Error ? error.message : 'the options are not right', error)
  }
  for (const name of command.required ?? []) {
    if (values[name] === undefined) throw usage(command, `--${name} is missing`)
  }
  return values as CommandOptions
}

function usage(command: Command, fault: string, cause?: unknown): YunyingError {
  return new YunyingError('invalid', 'usage', `${fault}\nUsage: ${command.usage}`, { cause })
}
