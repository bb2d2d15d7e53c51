// `npm run bench`: builds the server and the bench, then measures. `-- --help` lists the flags.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildServer, buildViewer } from './build.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

if (!process.argv.includes('--peers')) await buildServer()
if (process.argv.includes('--reading')) await buildViewer()
await build({
  absWorkingDir: root,
  entryPoints: { main: 'bench/main.ts', client: 'bench/client.ts' },
  outdir: 'dist/bench',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
})
const { status } = spawnSync(process.execPath, [join(root, 'dist/bench/main.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
})
process.exit(status ?? 1)
