import type { ImageExport } from '../../core/contract/image-export.ts'
import type { Api } from '../client/api.ts'
import { frameOf } from '../reading-room/frame-of.ts'
import type { StackImage } from '../imaging/stack-image.ts'

/** What was made of images, and is about to be given. */
type Deed = Omit<ImageExport, 'seriesInstanceUids' | 'count'>

/** Puts an export on record, for each study in it. Errors: as those of a call; then nothing is to be given. */
export async function recordExport(
  api: Api,
  deed: Deed,
  images: readonly StackImage[],
  signal?: AbortSignal,
): Promise<void> {
  const frames = images.map(frameOf)
  for (const study of new Set(frames.map(({ studyInstanceUid }) => studyInstanceUid))) {
    const own = frames.filter(({ studyInstanceUid }) => studyInstanceUid === study)
    const body: ImageExport = {
      ...deed,
      seriesInstanceUids: [...new Set(own.map(({ seriesInstanceUid }) => seriesInstanceUid))],
      count: own.length,
    }
    await api.call('POST', `/api/studies/${study}/exports`, { body, signal })
  }
}
