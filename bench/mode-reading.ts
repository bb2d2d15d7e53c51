import { join } from 'node:path'
import type { Mode } from './mode.ts'
import { measureReading } from './reading.ts'
import { SIDE } from './rows.ts'
import { startYunying } from './target-yunying.ts'

/** `--reading`: a CT in a real browser, on loopback and over a slow link. */
export const readingMode: Mode = async ({ root, series, isShort }) => {
  const target = await startYunying({ root, renditions: true })
  try {
    return await measureReading(target, SIDE, series, isShort, join(root, 'bench/results'))
  } finally {
    await target.close()
  }
}
