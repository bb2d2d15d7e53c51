import { asArchive } from '../../core/access/organisation-wall.ts'
import { ConfigError, loadConfig } from '../../core/config.ts'
import { createPacs } from '../../core/create-pacs.ts'
import { YunyingError } from '../../core/errors.ts'
import { ensureFirstStart } from '../../core/identity/first-start.ts'
import { publishRegistry } from '../../core/identity/registry.ts'
import { openBacking } from '../../storage-config/open-backing.ts'
import { openCodec } from '../../workers/codec/open-codec.ts'
import { openLog } from '../../core/open-log.ts'
import { archiveCommands } from './archive-commands.ts'
import { parseArguments, type Command } from './command.ts'
import { organisationCommands } from './organisation-commands.ts'
import { renditionCommands } from './rendition-commands.ts'
import { identityCommands } from './identity-commands.ts'
import { providerCommands } from './provider-commands.ts'

const EXIT_USAGE = 64
const EXIT_CONFIG = 78

const COMMANDS: readonly Command[] = [
  ...identityCommands,
  ...organisationCommands,
  ...providerCommands,
  ...archiveCommands,
  ...renditionCommands,
]

/** The operator's command line. Its answer is all there is on standard output; reasons and progress go to standard error. */
async function main(words: readonly string[]): Promise<number> {
  const command = COMMANDS.find((each) => each.words.every((word, index) => words[index] === word))
  if (command === undefined) {
    const asked = words.length === 0 || words[0] === 'help'
    ;(asked ? process.stdout : process.stderr).write(help())
    return asked ? 0 : EXIT_USAGE
  }
  const options = parseArguments(command, words.slice(command.words.length))
  const config = { ...loadConfig({ ...process.env, YUNYING_RUN: 'web,worker' }), logLevel: 'warn' as const }
  const log = openLog(config.logLevel, { run: 'cli' })
  const backing = await openBacking(config, log)
  const codec = openCodec({
    threadUrl: new URL('./workers/codec/codec-thread.js', import.meta.url),
    threads: 1,
  })
  try {
    const pacs = createPacs({ config, ...backing, codec, log })
    const first = await ensureFirstStart(pacs)
    if (first?.oneTimePassword !== undefined) {
      process.stderr.write(
        `First administrator: ${first.email}, one-time password: ${first.oneTimePassword}\n`,
      )
    }
    if (first !== undefined) await publishRegistry(pacs)
    const answer = await command.run(pacs, options)
    process.stdout.write(`${answer}\n`)
    return 0
  } finally {
    await codec.close()
    await backing.close()
  }
}

function help(): string {
  const width = Math.max(...COMMANDS.map((command) => command.usage.length))
  const lines = COMMANDS.map((command) => `  ${command.usage.padEnd(width)}  ${command.purpose}`)
  return `Usage: npm run --silent cli -- COMMAND\n\n${lines.join('\n')}\n  ${'help'.padEnd(width)}  This page.\n`
}

// The operator works for all organisations.
asArchive(() => main(process.argv.slice(2))).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const expected = error instanceof YunyingError || error instanceof ConfigError
    const text = expected
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
    process.stderr.write(`${text}\n`)
    process.exit(
      error instanceof ConfigError
        ? EXIT_CONFIG
        : error instanceof YunyingError && error.code === 'usage'
          ? EXIT_USAGE
          : 1,
    )
  },
)
