import { auditMode } from './mode-audit.ts'
import { clusterMode } from './mode-cluster.ts'
import { readingMode } from './mode-reading.ts'
import { searchMode } from './mode-search.ts'
import { soakMode } from './mode-soak.ts'
import type { Mode } from './mode.ts'

/** What can be measured instead of the rows beside the peers, by its flag. */
export const MODES = {
  reading: readingMode,
  audit: auditMode,
  search: searchMode,
  soak: soakMode,
  cluster: clusterMode,
} as const satisfies Readonly<Record<string, Mode>>
