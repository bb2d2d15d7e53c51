import { metaData } from '@cornerstonejs/core'
import type { FrameLoader } from './frames/frame-loader.ts'
import { stacksWith } from './image-cache.ts'
import type { Fetch } from './prefetch-queue.ts'

/**
 * Of less, the end is waited for: giving up a request ends its connection, and a new one takes longer than what is on its way.
 * Bytes, decoded.
 */
const LARGE = 4 << 20

/** Large images of one stack that are being fetched, so that nobody waits behind those that are far from what is looked at by now. */
export interface FarFetches {
  /** Says that an image is fetched; it is let go when it is given up. */
  watch(index: number, fetchOne: Fetch['run'], letGo: () => void): Fetch['run']
  /** Somebody looks at this one: what is far from it, and in no other stack, is given up. */
  leave(current: number): void
}

/** @param near so many images to either side are kept */
export function openFarFetches(
  frames: Pick<FrameLoader, 'giveUp'>,
  imageIds: readonly string[],
  near: number,
): FarFetches {
  const underWay = new Set<number>()
  return {
    watch: (index, fetchOne, letGo) => async (turn) => {
      underWay.add(index)
      await fetchOne(turn)
      if (!underWay.delete(index)) letGo()
    },
    leave(current) {
      for (const index of underWay) {
        const imageId = imageIds[index] ?? ''
        if (Math.abs(index - current) <= near || stacksWith(imageId) > 1 || !isLarge(imageId)) continue
        underWay.delete(index)
        frames.giveUp(imageId)
      }
    },
  }
}

function isLarge(imageId: string): boolean {
  const pixels = metaData.get('imagePixelModule', imageId) as
    { rows: number; columns: number; bitsAllocated: number; samplesPerPixel: number } | undefined
  if (pixels === undefined) return false
  const { rows, columns, bitsAllocated, samplesPerPixel } = pixels
  return (rows * columns * bitsAllocated * samplesPerPixel) / 8 >= LARGE
}
