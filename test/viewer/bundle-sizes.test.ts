import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildViewer } from '../../scripts/build.mjs'

const FOLDER = join(import.meta.dirname, '../../dist/viewer/assets')

const imports = new Map<string, string[]>()

/** What is fetched before a page works, as kilobytes of gzip: code that waits for something else does not count. */
describe('what a page fetches', () => {
  let [landing, app, worklist, reading] = [none(), none(), none(), none()]
  beforeAll(async () => {
    await buildViewer()
    const page = readFileSync(join(FOLDER, '../index.html'), 'utf8')
    landing = reached([...page.matchAll(/\/assets\/([\w.-]+\.js)/g)].map((match) => match[1] ?? ''))
    app = reached(named('app'))
    worklist = reached(named('worklist-page'))
    reading = reached(named('reading-room-page'))
  }, 120_000)

  it('is at most 90 KB to sign in', () => {
    expect(kilobytes(landing)).toBeGreaterThan(20)
    expect(kilobytes(landing)).toBeLessThan(90)
  })

  it('is at most 230 KB for the worklist, in few files', () => {
    const files = new Set([...landing, ...app, ...worklist])
    expect(kilobytes(files)).toBeLessThan(230)
    expect(files.size).toBeLessThan(26)
  })

  it('is at most 950 KB more for the reading room, in few files', () => {
    const here = new Set([...landing, ...app, ...worklist])
    const more = new Set([...reading].filter((file) => !here.has(file)))
    expect(more.size).toBeLessThan(20)
    expect(kilobytes(more)).toBeGreaterThan(300)
    expect(kilobytes(more)).toBeLessThan(950)
  })

  it('has no files that import each other in a circle: which is evaluated first would be left to chance', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.js'))
    expect(files.filter((file) => importedBy(file).some((each) => reached([each]).has(file)))).toEqual([])
  })

  it('has nothing of the imaging library before a study is opened', () => {
    const holds = (files: ReadonlySet<string>): boolean =>
      [...files].some((file) => /cornerstone|vtkRenderWindow/i.test(readFileSync(join(FOLDER, file), 'utf8')))
    expect(holds(reading)).toBe(true)
    expect(holds(new Set([...landing, ...app, ...worklist]))).toBe(false)
  })
})

function none(): Set<string> {
  return new Set()
}

const named = (name: string): string[] =>
  readdirSync(FOLDER).filter((file) => new RegExp(`^${name}-[\\w-]+\\.js$`).test(file))

/** These files and all that they import at once. */
function reached(files: readonly string[]): Set<string> {
  const found = new Set<string>()
  const open = [...files]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue
    found.add(file)
    open.push(...importedBy(file))
  }
  return found
}

/** `import … from"./x.js"`, `import"./x.js"` and `export … from"./x.js"`, but not `import("./x.js")`. */
function importedBy(file: string): string[] {
  const known = imports.get(file)
  if (known !== undefined) return known
  const code = readFileSync(join(FOLDER, file), 'utf8')
  const found = [...code.matchAll(/(?:from|import)\s*["'`]\.\/([\w.~-]+\.js)["'`]/g)].map(
    ([, next = '']) => next,
  )
  imports.set(file, found)
  return found
}

/** As sent: the smallest files are not compressed. */
function kilobytes(files: ReadonlySet<string>): number {
  const sent = (file: string): string =>
    [`${file}.gz`, file].map((name) => join(FOLDER, name)).find(existsSync) ?? ''
  return [...files].reduce((sum, file) => sum + statSync(sent(file)).size, 0) / 1000
}
