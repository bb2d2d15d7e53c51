import type { UploadItem } from './upload-item.ts'

/** Above this a file goes by the resumable door, alone. */
export const LARGE_BYTES = 32 * 1024 * 1024
export const BATCH_BYTES = 12 * 1024 * 1024
export const BATCH_FILES = 64

/**
 * Takes from the front what makes a good request: one large file, or small ones up to 64 or 12 MB. While `filling`
 * (more is coming), a request that is not half full is not worth making and nothing is taken.
 */
export function takeBatch(ready: UploadItem[], filling: boolean): UploadItem[] {
  const first = ready[0]
  if (first === undefined) return []
  if (goesAlone(first)) return ready.splice(0, 1)
  let bytes = 0
  let count = 0
  for (const item of ready) {
    if (count === BATCH_FILES || goesAlone(item) || (count > 0 && bytes + item.size > BATCH_BYTES)) break
    bytes += item.size
    count += 1
  }
  const full = count < ready.length || count === BATCH_FILES || bytes >= BATCH_BYTES / 2
  return full || !filling ? ready.splice(0, count) : []
}

const goesAlone = (item: UploadItem): boolean => item.alone || item.size > LARGE_BYTES
