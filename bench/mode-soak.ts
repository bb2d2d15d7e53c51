import type { Mode } from './mode.ts'
import { beginArchive } from './soak/begin-archive.ts'
import { measureSoak } from './soak/measure-soak.ts'
import { startYunying } from './target-yunying.ts'

const MINUTES = 20

/** `--soak`: what a clinic does, for twenty minutes. */
export const soakMode: Mode = async ({ root, isShort, minutes, say }) => {
  const target = await startYunying({ root, renditions: true })
  try {
    say('filling the archive')
    const organisation = await beginArchive(target)
    return await measureSoak({ target, organisation }, minutes ?? (isShort ? 1 : MINUTES), say)
  } finally {
    await target.close()
  }
}
