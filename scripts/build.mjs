// Builds what runs: the server (one bundle an entry point, packages stay in node_modules) and the viewer.
// Each part is built only when its sources changed since its stamp was written.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const SERVER = {
  name: 'server',
  sources: ['core', 'services', 'workers', 'storage-config', 'package-lock.json', 'scripts/build.mjs'],
  output: 'dist/services/main.js',
}
const VIEWER = {
  name: 'viewer',
  sources: ['viewer', 'core', 'package-lock.json', 'scripts/build.mjs'],
  output: 'dist/viewer/index.html',
}

/** Bundles the server's entry points into dist/. */
export async function buildServer() {
  await unlessFresh(SERVER, async () => {
    const { build } = await import('esbuild')
    await build({
      absWorkingDir: root,
      entryPoints: {
        'services/main': 'services/main.ts',
        'workers/main': 'workers/main.ts',
        'workers/codec/codec-thread': 'workers/codec/codec-thread.ts',
        cli: 'services/cli/main.ts',
      },
      outdir: 'dist',
      bundle: true,
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      packages: 'external',
      sourcemap: true,
      logLevel: 'warning',
    })
  })
}

/** Builds the viewer into dist/viewer with Vite. */
export async function buildViewer() {
  await unlessFresh(VIEWER, async () => {
    console.error('Building the viewer (once; about half a minute) …')
    const { build } = await import('vite')
    await build({ configFile: join(root, 'viewer/vite.config.ts'), logLevel: 'warn' })
  })
}

async function unlessFresh(part, make) {
  const stamp = join(root, 'dist', `.${part.name}.stamp`)
  const fingerprint = fingerprintOf(part.sources)
  if (
    existsSync(join(root, part.output)) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === fingerprint
  ) {
    return
  }
  await make()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, fingerprint)
}

function fingerprintOf(sources) {
  const hash = createHash('sha256')
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name))
      return
    }
    hash.update(`${relative(root, path)}:${stat.size}:${stat.mtimeMs}\n`)
  }
  for (const source of sources) visit(join(root, source))
  return hash.digest('hex')
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildServer()
  await buildViewer()
}
