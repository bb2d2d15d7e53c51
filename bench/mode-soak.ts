import type { Mode } from './mode.ts'
import { measureSoak } from './soak/measure-soak.ts'
import { startYunying } from './target-yunying.ts'

const MINUTES = 20

/** `--soak`: what a clinic does, for twenty minutes. */
export const soakMode: Mode = async ({ root, isShort, minutes, say }) => {
  const target = await startYunying({ root, renditions: true })
  try {
    return await measureSoak(target, minutes ?? (isShort ? 1 : MINUTES), say)
  } finally {
    await target.close()
  }
}
