// `npm test`: every test, or those named after `--`; ends with one line of totals for whoever counts.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'yunying-totals-'))
const totals = join(folder, 'totals.json')

const runner = spawn(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${totals}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => runner.kill(signal))

runner.on('exit', (code, signal) => {
  const counts = readTotals()
  rmSync(folder, { recursive: true, force: true })
  if (counts === undefined) {
    console.log('\nThe tests did not run to their end.')
    process.exit(code || 1)
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = counts
  // A file that does not even load has no test that failed, but is a failure.
  const broken = counts.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length
  const skipped = numPendingTests + numTodoTests
  console.log(`\n${numPassedTests} passed, ${numFailedTests + broken} failed, ${skipped} skipped`)
  process.exit(signal === null && code === 0 && success ? 0 : code || 1)
})

function readTotals() {
  try {
    return JSON.parse(readFileSync(totals, 'utf8'))
  } catch (error) {
    console.error(`no totals: ${error.message}`)
    return undefined
  }
}
