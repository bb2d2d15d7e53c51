import type { Action } from '../access/policy.ts'
import type { ShareRight } from '../contract/share-rights.ts'

const ALWAYS: readonly Action[] = ['study.read.granted']

const OF_RIGHT: Readonly<Record<ShareRight, readonly Action[]>> = {
  download: ['study.download', 'instance.retrieve', 'image.export'],
  annotate: ['annotation.save'],
  report: ['measurement.save'],
}

/** The actions that a link leaves its guest. */
export const actionsOf = (rights: readonly ShareRight[]): Action[] => [
  ...new Set([...ALWAYS, ...rights.flatMap((right) => OF_RIGHT[right] ?? [])]),
]
