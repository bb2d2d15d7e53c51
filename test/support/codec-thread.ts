import { build } from 'esbuild'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '../..')

/** The codec's thread, built as scripts/build.mjs builds it, whether or not the rest builds. */
export async function buildCodecThread(): Promise<URL> {
  const outfile = join(root, 'dist/test', `codec-thread-${process.pid}.js`)
  await build({
    absWorkingDir: root,
    entryPoints: ['workers/codec/codec-thread.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  })
  return pathToFileURL(outfile)
}
