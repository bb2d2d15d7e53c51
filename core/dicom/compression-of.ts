import { firstString, numbers, strings, type DicomJson } from './dicom-json.ts'
import { Tag } from './tag.ts'
import { transferSyntax } from './transfer-syntax.ts'

/** What compression did to the pixels of an image, now or ever before. */
export type Compression =
  /** `stated`: the file says that nothing was ever lost; else only what is kept now is known to be without loss. */
  | { readonly kind: 'lossless'; readonly stated: boolean }
  | {
      readonly kind: 'lossy'
      /** Original size to compressed, one for each time it was compressed; empty where nothing is said. */
      readonly ratios: readonly number[]
      /** As people call them: `JPEG`, `JPEG 2000`. */
      readonly methods: readonly string[]
    }
  /** Kept in a transfer syntax that may lose, and the file does not say whether it did. */
  | { readonly kind: 'unknown'; readonly method: string }

/** PS3.3 C.7.6.1.1.5.1. */
const METHODS: Readonly<Record<string, string>> = {
  ISO_10918_1: 'JPEG',
  ISO_14495_1: 'JPEG-LS',
  ISO_15444_1: 'JPEG 2000',
  ISO_15444_15: 'HTJ2K',
  ISO_18181_1: 'JPEG XL',
  ISO_13818_2: 'MPEG-2',
  ISO_14496_10: 'H.264',
  ISO_23008_2: 'HEVC',
}

/** Syntaxes that take frames with and without loss: near-lossless JPEG-LS, JPEG 2000, JPEG XL, HTJ2K. PS3.5 A.4.3, A.4.4. */
const EITHER = new Set(['81', '91', '93', '112', '203'].map((last) => `1.2.840.10008.1.2.4.${last}`))

/**
 * What compression did to the image. An image that was lossy once is so for ever, in whatever syntax it is kept now.
 * `storedAs`: the transfer syntax it is kept in. Source: PS3.3 C.7.6.1.1.5.
 */
export function compressionOf(instance: DicomJson, storedAs: string): Compression {
  const stated = firstString(instance, Tag.LossyImageCompression)
  const syntax = transferSyntax(storedAs)
  const mayLose = syntax?.lossy === true
  const loses = mayLose && !EITHER.has(storedAs)
  if (stated === '01' || loses) {
    const named = strings(instance, Tag.LossyImageCompressionMethod).map((term) => METHODS[term] ?? term)
    return {
      kind: 'lossy',
      ratios: numbers(instance, Tag.LossyImageCompressionRatio).filter((ratio) => ratio > 0),
      methods: named.length > 0 || !mayLose ? named : [syntax.name],
    }
  }
  if (stated === '00') return { kind: 'lossless', stated: true }
  return mayLose ? { kind: 'unknown', method: syntax.name } : { kind: 'lossless', stated: false }
}
