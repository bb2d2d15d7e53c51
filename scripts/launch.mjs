// Builds what is missing, then becomes one of the built programs. What an operator can mend is said in a sentence.
import { buildServer, buildViewer } from './build.mjs'

const OLDEST = [20, 19]

/** `program`: a file of dist/. `viewer`: whether it serves the viewer too. */
export async function launch(program, { viewer = false } = {}) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    fail(`Yunying needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}.`)
  }
  // Nothing to close yet; the program brings its own ways to end.
  const end = () => process.exit(0)
  const signals = ['SIGTERM', 'SIGINT']
  for (const signal of signals) process.on(signal, end)
  try {
    await buildServer()
    if (viewer) await buildViewer()
  } catch (error) {
    explain(error)
  }
  for (const signal of signals) process.off(signal, end)
  await import(new URL(`../dist/${program}`, import.meta.url).href).catch(explain)
}

function explain(error) {
  if (error.code === 'ERR_MODULE_NOT_FOUND' && /^Cannot find package/.test(error.message)) {
    fail('The packages Yunying is made of are not installed. Run `npm ci` first.')
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) {
    fail(
      'Yunying has to be built first, and this user may not write in its dist folder. Run `npm run build` as the owner of the folder, then start again.',
    )
  }
  if (['ENOSPC', 'EDQUOT'].includes(error.code)) {
    fail('Yunying has to be built first, and the disk or the quota is full. Make room, then start again.')
  }
  throw error
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
