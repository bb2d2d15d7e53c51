import type { SmallSamples, StoredBits } from '../../core/dicom/frame-samples.ts'
import { LOOK_UP_MODULE } from './look-up-module.ts'

/** What look-up.wat gives: the functions take how many samples lie in its memory, a multiple of 8 of them. */
interface Kernel {
  signedRange(count: number, up: number, down: number): void
  unsignedRange(count: number, up: number, down: number): void
  lookUp16(count: number, shift: number, mask: number): void
  lookUp8(count: number, shift: number, mask: number): void
  /** By the bits of a stored value. */
  readonly levels: Uint8Array
  readonly samples: Uint8Array
  readonly greyLevels: Uint8Array
  /** Eight lanes with the least value, eight with the most. */
  readonly signedLanes: Int16Array
  readonly unsignedLanes: Uint16Array
}

/** So many at once: what lies in between stays in the core's own cache. */
const CHUNK = 1 << 16

/** One a thread: nothing in it outlives a call. */
let opened: Kernel | undefined

/**
 * The grey level of each sample, 0 to 255, by a table of what `levelOf` says of the stored values there are. Where there are fewer
 * samples than levels wanted, the rest is that of 0.
 */
export function lookUpLevels(
  samples: SmallSamples,
  stored: StoredBits,
  levelOf: (stored: number) => number,
  out: Uint8Array,
): void {
  const kernel = (opened ??= open())
  const mask = 2 ** stored.count - 1
  const { least, most } =
    samples.BYTES_PER_ELEMENT === 1 ? valuesOf(stored) : storedRange(kernel, samples, stored)
  for (let value = least; value <= most; value++) kernel.levels[value & mask] = levelOf(value)
  const lookUp = samples.BYTES_PER_ELEMENT === 2 ? kernel.lookUp16 : kernel.lookUp8
  for (const { at, count, padded } of chunks(kernel, samples, out.length)) {
    lookUp(padded, stored.shift, mask)
    out.set(kernel.greyLevels.subarray(0, count), at)
  }
  if (samples.length < out.length) out.fill(levelOf(0), samples.length)
}

/** Of stored values, or samples. */
interface Range {
  readonly least: number
  readonly most: number
}

/** What samples there are, of at least one; all of their bits count. */
export function rangeOf(samples: SmallSamples): Range {
  if (samples.BYTES_PER_ELEMENT === 1) {
    let least = samples[0] ?? 0
    let most = least
    for (const sample of samples) {
      if (sample < least) least = sample
      if (sample > most) most = sample
    }
    return { least, most }
  }
  const all = { shift: 0, count: 16, signed: samples instanceof Int16Array, isMasked: false }
  return storedRange((opened ??= open()), samples, all)
}

/** What values there can be. */
function valuesOf({ count, signed }: StoredBits): Range {
  const size = 2 ** count
  return signed ? { least: -size / 2, most: size / 2 - 1 } : { least: 0, most: size - 1 }
}

/** What stored values there are, of 16 bits. */
function storedRange(kernel: Kernel, samples: SmallSamples, stored: StoredBits): Range {
  const { shift, count, signed } = stored
  const { least, most } = valuesOf(stored)
  const lanes = signed ? kernel.signedLanes : kernel.unsignedLanes
  const widen = signed ? kernel.signedRange : kernel.unsignedRange
  lanes.fill(most, 0, 8)
  lanes.fill(least, 8)
  for (const { padded } of chunks(kernel, samples, samples.length))
    widen(padded, 16 - shift - count, 16 - count)
  return { least: Math.min(...lanes.subarray(0, 8)), most: Math.max(...lanes.subarray(8)) }
}

/** Puts the first `most` samples into the kernel's memory, one chunk after the other, the last sample again up to a multiple of 8. */
function* chunks(
  kernel: Kernel,
  samples: SmallSamples,
  most: number,
): Generator<{ readonly at: number; readonly count: number; readonly padded: number }> {
  const width = samples.BYTES_PER_ELEMENT
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
  const end = Math.min(most, samples.length)
  for (let at = 0; at < end; at += CHUNK) {
    const count = Math.min(CHUNK, end - at)
    const padded = Math.ceil(count / 8) * 8
    kernel.samples.set(bytes.subarray(at * width, (at + count) * width))
    for (let index = count; index < padded; index++)
      kernel.samples.copyWithin(index * width, (count - 1) * width, count * width)
    yield { at, count, padded }
  }
}

function open(): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(LOOK_UP_MODULE, 'base64')))
  const { memory, ...functions } = exports as unknown as Kernel & { readonly memory: WebAssembly.Memory }
  const { buffer } = memory
  return {
    ...functions,
    levels: new Uint8Array(buffer, 0, CHUNK),
    samples: new Uint8Array(buffer, CHUNK, 2 * CHUNK),
    greyLevels: new Uint8Array(buffer, 3 * CHUNK, CHUNK),
    signedLanes: new Int16Array(buffer, 4 * CHUNK, 16),
    unsignedLanes: new Uint16Array(buffer, 4 * CHUNK, 16),
  }
}
