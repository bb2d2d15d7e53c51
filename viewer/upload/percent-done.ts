import type { Tally } from './upload-tally.ts'

/** Whole per cent of the bytes, or of the files where there are no bytes; 100 only when nothing is left. */
export function percentDone(tally: Pick<Tally, 'bytes' | 'bytesDone' | 'files' | 'ended'>): number {
  if (tally.files === 0) return 0
  if (tally.ended === tally.files) return 100
  const part = tally.bytes > 0 ? tally.bytesDone / tally.bytes : tally.ended / tally.files
  return Math.min(99, Math.floor(part * 100))
}
