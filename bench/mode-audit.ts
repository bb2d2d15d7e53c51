import { measureAudit } from './audit/measure-audit.ts'
import type { Mode } from './mode.ts'
import { startYunying } from './target-yunying.ts'

/** `--audit`: the audit page over a million events of two organisations. */
export const auditMode: Mode = async ({ root, isShort, say }) => {
  const target = await startYunying({ root })
  try {
    return await measureAudit(target, isShort ? 20_000 : 1_000_000, say)
  } finally {
    await target.close()
  }
}
