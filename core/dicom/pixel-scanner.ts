import { DicomFault } from './dicom-fault.ts'
import { ITEM, SEQUENCE_DELIMITATION, UNDEFINED_LENGTH } from './element-head.ts'
import type { Fragment } from './fragments.ts'

/** A basic offset table of four million frames; more is no offset table. Bytes. */
const LARGEST_TABLE = 16 << 20
const MOST_FRAGMENTS = 500_000

/** Lets the Pixel Data value pass, in pieces of any size, and notes where its parts are. */
export interface PixelScanner {
  /** Answers what lies behind the value. */
  write(chunk: Uint8Array): Uint8Array
  /** Errors: DicomFault 'truncated'. */
  end(): void
  readonly basicOffsets: readonly number[]
  readonly fragments: readonly Fragment[]
  readonly warnings: readonly string[]
}

/** Native Pixel Data of defined length. */
export function nativePixelScanner(length: number): PixelScanner {
  let left = length
  return {
    basicOffsets: [],
    fragments: [],
    warnings: [],
    write: (chunk) => {
      const taken = Math.min(left, chunk.length)
      left -= taken
      return chunk.subarray(taken)
    },
    end: () => {
      if (left > 0) throw new DicomFault('truncated', `The pixel data ends ${left} bytes too early.`)
    },
  }
}

/** Encapsulated Pixel Data (PS3.5 A.4), whose first item's head is at `offset` of the object. */
export function encapsulatedPixelScanner(offset: number, bigEndian: boolean): PixelScanner {
  const fragments: Fragment[] = []
  const warnings: string[] = []
  let basicOffsets: number[] = []
  let at = offset
  const head = new Uint8Array(8)
  const headView = new DataView(head.buffer)
  let headFilled = 0
  // Of the item whose bytes pass: how many are left, and its first ones (all of an offset table).
  let left = 0
  let item: { offset: number; length: number; kept: Uint8Array; filled: number } | undefined
  let items = 0
  let ended = false

  function openItem(): void {
    const tag = headView.getUint16(0, !bigEndian) * 0x10000 + headView.getUint16(2, !bigEndian)
    const length = headView.getUint32(4, !bigEndian)
    if (tag === SEQUENCE_DELIMITATION) {
      ended = true
      return
    }
    if (tag !== ITEM || length === UNDEFINED_LENGTH) {
      throw new DicomFault(
        'data-set-invalid',
        'The encapsulated pixel data has something that is no fragment.',
      )
    }
    if (fragments.length >= MOST_FRAGMENTS)
      throw new DicomFault('data-set-invalid', 'There are too many fragments.')
    const keep = items === 0 ? Math.min(length, LARGEST_TABLE) : Math.min(length, 4)
    item = { offset: at, length, kept: new Uint8Array(keep), filled: 0 }
    left = length
    if (left === 0) closeItem()
  }

  function closeItem(): void {
    if (item === undefined) return
    const view = new DataView(item.kept.buffer)
    const isTable =
      items === 0 && item.length % 4 === 0 && (item.length === 0 || view.getUint32(0, true) === 0)
    if (isTable) {
      basicOffsets = Array.from({ length: item.kept.length >> 2 }, (_, index) =>
        view.getUint32(index * 4, !bigEndian),
      )
    } else {
      if (items === 0) warnings.push('no-offset-table-item')
      fragments.push({
        offset: item.offset,
        length: item.length,
        start: item.kept.length < 4 ? 0 : view.getUint32(0),
      })
    }
    items++
    item = undefined
  }

  return {
    get basicOffsets() {
      return basicOffsets
    },
    fragments,
    warnings,
    write(chunk) {
      let position = 0
      while (position < chunk.length && !ended) {
        if (item === undefined) {
          const take = Math.min(8 - headFilled, chunk.length - position)
          head.set(chunk.subarray(position, position + take), headFilled)
          headFilled += take
          position += take
          at += take
          if (headFilled === 8) {
            headFilled = 0
            openItem()
          }
          continue
        }
        const take = Math.min(left, chunk.length - position)
        if (item.filled < item.kept.length) {
          const part = chunk.subarray(position, position + Math.min(take, item.kept.length - item.filled))
          item.kept.set(part, item.filled)
          item.filled += part.length
        }
        left -= take
        position += take
        at += take
        if (left === 0) closeItem()
      }
      return chunk.subarray(position)
    },
    end() {
      if (ended) return
      if (item !== undefined || headFilled > 0 || fragments.length === 0) {
        throw new DicomFault('truncated', 'The encapsulated pixel data ends too early.')
      }
      warnings.push('no-sequence-delimiter')
    },
  }
}
