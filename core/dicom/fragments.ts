import type { Run } from './frame-index.ts'

/** One fragment of encapsulated Pixel Data: where its bytes are, and its first four. */
export interface Fragment {
  readonly offset: number
  readonly length: number
  readonly start: number
}

/** What tells where frames begin. Offsets count from the first byte after the Basic Offset Table's item. */
export interface OffsetTables {
  readonly basic: readonly number[]
  readonly extended: readonly number[]
}

const ITEM_HEAD = 8

/**
 * The fragments of each frame (PS3.5 A.4): by the extended or basic offset table where it is sane, else one fragment a
 * frame, else by where codestreams begin; what cannot be told goes to the last frame.
 */
export function groupFragments(
  fragments: readonly Fragment[],
  numberOfFrames: number,
  tables: OffsetTables,
): Run[][] {
  const first = fragments[0]
  if (first === undefined || numberOfFrames < 1) return []
  if (numberOfFrames === 1) return [fragments.map(runOf)]
  const origin = first.offset - ITEM_HEAD
  for (const table of [tables.extended, tables.basic]) {
    const starts = startsByTable(fragments, table, origin)
    if (starts.length === numberOfFrames) return group(fragments, starts)
  }
  if (fragments.length <= numberOfFrames) return fragments.map((fragment) => [runOf(fragment)])
  const codestreams = fragments.flatMap((fragment, index) =>
    beginsCodestream(fragment.start) ? [index] : [],
  )
  if (codestreams.length === numberOfFrames && codestreams[0] === 0) return group(fragments, codestreams)
  return group(
    fragments,
    Array.from({ length: numberOfFrames }, (_, index) => index),
  )
}

const runOf = (fragment: Fragment): Run => [fragment.offset, fragment.length]

function startsByTable(fragments: readonly Fragment[], table: readonly number[], origin: number): number[] {
  const byOffset = new Map(fragments.map((fragment, index) => [fragment.offset - ITEM_HEAD - origin, index]))
  const starts = table.map((offset) => byOffset.get(offset) ?? -1)
  const sane =
    starts[0] === 0 && starts.every((start, index) => index === 0 || start > (starts[index - 1] ?? 0))
  return sane ? starts : []
}

function group(fragments: readonly Fragment[], starts: readonly number[]): Run[][] {
  return starts.map((start, index) =>
    fragments.slice(start, starts[index + 1] ?? fragments.length).map(runOf),
  )
}

/** JPEG, JPEG-LS (FF D8), JPEG 2000 and HTJ2K (FF 4F FF 51, or a JP2 box), JPEG XL (FF 0A, or its box). */
export function beginsCodestream(start: number): boolean {
  return start >>> 16 === 0xffd8 || start === 0xff4fff51 || start === 0x0000000c || start >>> 16 === 0xff0a
}
