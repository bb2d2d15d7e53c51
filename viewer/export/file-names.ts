import { firstNumber, firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { StackImage } from '../imaging/stack-image.ts'

/** `CT-series-4`: codes and numbers alone, so that a file's name tells nobody whose images these are. */
export function seriesName({ metadata }: Pick<StackImage, 'metadata'>): string {
  const modality = (firstString(metadata, Tag.Modality) ?? '').replace(/[^A-Z0-9]/g, '').slice(0, 16)
  return `${modality || 'image'}-series-${firstNumber(metadata, Tag.SeriesNumber) ?? 0}`
}

/** By the place in the stack, with as many digits as the last has: files sort as images do. */
export function imageName(image: Pick<StackImage, 'metadata'>, index: number, count: number): string {
  return `${seriesName(image)}-image-${String(index + 1).padStart(String(count).length, '0')}`
}
