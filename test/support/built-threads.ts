import { build } from 'esbuild'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '../..')

/** The threads, built as scripts/build.mjs builds them, whether or not the rest builds. */
export const buildCodecThread = (): Promise<URL> => buildThread('workers/codec/codec-thread.ts')
export const buildWriteThread = (): Promise<URL> => buildThread('storage-config/object-store/write-thread.ts')

async function buildThread(source: string): Promise<URL> {
  const outfile = join(root, 'dist/test', `${basename(source, '.ts')}-${process.pid}.js`)
  await build({
    absWorkingDir: root,
    entryPoints: [source],
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
