import type { Action } from '../access/policy.ts'

/** What the guest of a link may do beside looking. */
export const SHARE_RIGHTS = ['download', 'annotate', 'report'] as const
export type ShareRight = (typeof SHARE_RIGHTS)[number]

const ALWAYS: readonly Action[] = ['study.read.granted']

const OF_RIGHT: Readonly<Record<ShareRight, readonly Action[]>> = {
  download: ['study.download', 'instance.retrieve', 'image.export'],
  annotate: ['measurement.draft', 'annotation.save'],
  report: ['measurement.draft', 'measurement.save'],
}

/** The actions that a link leaves its guest. */
export const actionsOf = (rights: readonly ShareRight[]): Action[] => [
  ...new Set([...ALWAYS, ...rights.flatMap((right) => OF_RIGHT[right] ?? [])]),
]
