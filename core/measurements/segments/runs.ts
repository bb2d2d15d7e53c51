/**
 * A painted frame in few bytes: the lengths of its runs in reading order, clear and painted by turns and clear first, each in
 * groups of seven bits with the lowest first (LEB128), as Base64. What is clear at the end is left out; nothing painted: ''.
 */
export type Runs = string

/** So many of the bytes at once become text: a call has room for so many arguments. */
const TEXT_CHUNK = 8192

/** @param mask one byte a pixel, painted where it is not 0 */
export function encodeRuns(mask: Uint8Array): Runs {
  const bytes: number[] = []
  let painted = false
  let from = 0
  for (let at = 0; at <= mask.length; at++) {
    const isEnd = at === mask.length
    if (!isEnd && (mask[at] !== 0) === painted) continue
    if (isEnd && !painted) break
    writeNumber(bytes, at - from)
    painted = !painted
    from = at
  }
  let text = ''
  for (let at = 0; at < bytes.length; at += TEXT_CHUNK)
    text += String.fromCharCode(...bytes.slice(at, at + TEXT_CHUNK))
  return btoa(text)
}

function writeNumber(bytes: number[], value: number): void {
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  bytes.push(rest)
}

/**
 * Calls with each painted run, by pixels from the start of the frame: from the first, up to and without the last.
 * Errors: RangeError for what is no encoding of so many pixels.
 */
export function forEachRun(runs: Runs, pixels: number, call: (from: number, to: number) => void): void {
  const text = bytesOf(runs)
  let [at, painted] = [0, false]
  for (let index = 0; index < text.length;) {
    let [length, shift] = [0, 0]
    for (;;) {
      const byte = text.charCodeAt(index++)
      // Of a number that is cut off, `charCodeAt` knows nothing.
      if (Number.isNaN(byte) || shift > 28) throw new RangeError('the runs are cut off')
      length += (byte & 0x7f) * 2 ** shift
      shift += 7
      if (byte < 0x80) break
    }
    if (at + length > pixels) throw new RangeError('the runs are longer than the frame')
    if (painted) call(at, at + length)
    at += length
    painted = !painted
  }
}

function bytesOf(runs: Runs): string {
  try {
    return atob(runs)
  } catch {
    throw new RangeError('the runs are not Base64')
  }
}

/** One byte a pixel, 1 where it is painted. Errors: as `forEachRun`. */
export function decodeRuns(runs: Runs, pixels: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(pixels)
  forEachRun(runs, pixels, (from, to) => mask.fill(1, from, to))
  return mask
}

/** How many pixels are painted. Errors: as `forEachRun`. */
export function countPainted(runs: Runs, pixels: number): number {
  let count = 0
  forEachRun(runs, pixels, (from, to) => (count += to - from))
  return count
}
