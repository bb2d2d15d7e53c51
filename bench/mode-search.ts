import { join } from 'node:path'
import type { Mode } from './mode.ts'
import { openClient } from './run-client.ts'
import { measureSearch } from './search/measure-search.ts'
import { startYunying } from './target-yunying.ts'

const SIZES = [1_000, 20_000, 200_000]
const SHORT_SIZES = [200, 1_000]

/** `--search`: the same questions while the archive grows. */
export const searchMode: Mode = async ({ root, isShort, say }) => {
  const client = openClient(join(root, 'dist/bench/client.js'))
  const target = await startYunying({ root, searchesFreely: true })
  try {
    return await measureSearch(target, client, { sizes: isShort ? SHORT_SIZES : SIZES, isShort, say })
  } finally {
    client.close()
    await target.close()
  }
}
