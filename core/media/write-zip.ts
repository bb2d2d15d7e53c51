import { crc32 } from 'node:zlib'

/** A file of a ZIP. */
export interface ZipEntry {
  /** ASCII, `/` between its parts, nothing of `..` in it. */
  readonly name: string
  /** Bytes; what `open` gives must be as many. */
  readonly size: number
  open(): AsyncIterable<Uint8Array>
}

export interface ZipOptions {
  /** When its files were last changed, as an unpacking program shows it. */
  readonly modified: Date
  /** Sizes and offsets from here on are written in the ZIP64 way. What 32 bits hold; less in tests. */
  readonly largest?: number
  /** A line of ASCII that programs show of the whole (4.3.16); asked for when all files are written. */
  readonly comment?: () => string
}

/**
 * Up to this size a file is gathered first, so that its CRC stands before it, where every reader finds it. A larger one
 * is passed on as it comes, its CRC behind it (4.3.9): no program that reads a ZIP by its directory minds. Bytes.
 */
const LARGEST_GATHERED = 4 << 20
const LARGEST_32 = 0xffff_ffff
const LARGEST_16 = 0xffff

/** Bytes without the name and the extra field. */
const LOCAL_HEADER = 30
const CENTRAL_HEADER = 46
const END = 22
const END_64 = 56
const LOCATOR_64 = 20
/** Tag and length of an extra field. */
const EXTRA_HEAD = 4
const DESCRIPTOR_FLAG = 1 << 3
const VERSION = 20
const VERSION_64 = 45

/** Where an entry is written, and what its headers say of it. */
interface Place {
  readonly entry: ZipEntry
  readonly name: Buffer
  readonly offset: number
  readonly isLarge: boolean
  readonly isFar: boolean
  readonly hasDescriptor: boolean
}

/** What the end of a ZIP says of all that is before it. */
interface Ending {
  readonly count: number
  readonly directoryOffset: number
  readonly directorySize: number
  readonly is64: boolean
  readonly comment: Buffer
}

/** How many bytes the ZIP of these files has. */
export function zipSize(
  entries: readonly ZipEntry[],
  { largest = LARGEST_32 }: Pick<ZipOptions, 'largest'> = {},
): number {
  let at = 0
  let directorySize = 0
  for (const entry of entries) {
    const place = placeOf(entry, at, largest)
    at += lengthOf(place)
    directorySize += CENTRAL_HEADER + place.name.length + centralExtra(place)
  }
  const is64 = needs64(entries.length, at, directorySize, largest)
  return at + directorySize + (is64 ? END_64 + LOCATOR_64 : 0) + END
}

/**
 * The bytes of a ZIP, made while they are read; no more than one small file, or a chunk of a large one, is in memory.
 * Files are stored as they are: medical images hardly deflate, and so the size of the whole is known before. What the files
 * are may be found out on the way: a file is asked for when the one before is sent.
 * ZIP64 is used where it is needed, and only there. Errors: RangeError when a file has another size than it said.
 * Source: PKWARE APPNOTE 6.3.10, 4.3 and 4.5.3.
 */
export async function* writeZip(
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
  { modified, largest = LARGEST_32, comment = () => '' }: ZipOptions,
): AsyncGenerator<Uint8Array> {
  const when = dosTime(modified)
  const directory: Buffer[] = []
  let at = 0
  for await (const entry of entries) {
    const place = placeOf(entry, at, largest)
    at += lengthOf(place)
    let crc = 0
    if (place.hasDescriptor) {
      yield localHeader(place, when, 0)
      let passed = 0
      for await (const chunk of entry.open()) {
        crc = crc32(chunk, crc)
        passed += chunk.length
        yield chunk
      }
      requireSize(entry, passed)
      yield dataDescriptor(place, crc)
    } else {
      const chunks: Uint8Array[] = []
      for await (const chunk of entry.open()) {
        crc = crc32(chunk, crc)
        chunks.push(chunk)
      }
      requireSize(
        entry,
        chunks.reduce((sum, chunk) => sum + chunk.length, 0),
      )
      yield Buffer.concat([localHeader(place, when, crc), ...chunks])
    }
    directory.push(centralHeader(place, when, crc))
  }
  const directorySize = directory.reduce((sum, each) => sum + each.length, 0)
  yield Buffer.concat([
    ...directory,
    ...endOf({
      count: directory.length,
      directoryOffset: at,
      directorySize,
      is64: needs64(directory.length, at, directorySize, largest),
      comment: Buffer.from(comment(), 'latin1'),
    }),
  ])
}

function requireSize({ name, size }: ZipEntry, found: number): void {
  if (found !== size) throw new RangeError(`${name} has ${found} bytes, not ${size}.`)
}

const placeOf = (entry: ZipEntry, at: number, largest: number): Place => ({
  entry,
  name: Buffer.from(entry.name, 'latin1'),
  offset: at,
  isLarge: entry.size >= largest,
  isFar: at >= largest,
  hasDescriptor: entry.size > Math.min(LARGEST_GATHERED, largest),
})

/** Bytes of a file with all that is around it. */
const lengthOf = (place: Place): number =>
  LOCAL_HEADER + place.name.length + localExtra(place) + place.entry.size + descriptorSize(place)

const needs64 = (count: number, at: number, directorySize: number, largest: number): boolean =>
  count >= LARGEST_16 || at >= largest || directorySize >= largest

const localExtra = ({ isLarge }: Place): number => (isLarge ? EXTRA_HEAD + 16 : 0)
const centralExtra = ({ isLarge, isFar }: Place): number =>
  isLarge || isFar ? EXTRA_HEAD + (isLarge ? 16 : 0) + (isFar ? 8 : 0) : 0
/** Its sizes have eight bytes where the local header has the ZIP64 field (4.3.9.2). */
const descriptorSize = ({ hasDescriptor, isLarge }: Place): number =>
  hasDescriptor ? (isLarge ? 24 : 16) : 0
const versionOf = ({ isLarge, isFar }: Place): number => (isLarge || isFar ? VERSION_64 : VERSION)

/** 4.3.7. Before a file that is passed on as it comes, CRC and sizes are zeros (4.4.4 bit 3). */
function localHeader(place: Place, when: number, crc: number): Buffer {
  const { entry, name, isLarge, hasDescriptor } = place
  const size = hasDescriptor ? 0 : entry.size
  const header = Buffer.alloc(LOCAL_HEADER + name.length + localExtra(place))
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(versionOf(place), 4)
  header.writeUInt16LE(hasDescriptor ? DESCRIPTOR_FLAG : 0, 6)
  header.writeUInt32LE(when, 10)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(isLarge ? LARGEST_32 : size, 18)
  header.writeUInt32LE(isLarge ? LARGEST_32 : size, 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(localExtra(place), 28)
  name.copy(header, LOCAL_HEADER)
  if (isLarge) writeExtra(header, LOCAL_HEADER + name.length, [size, size])
  return header
}

/** 4.3.9.3, with the signature that nearly all write. */
function dataDescriptor(place: Place, crc: number): Buffer {
  const { size } = place.entry
  const descriptor = Buffer.alloc(descriptorSize(place))
  descriptor.writeUInt32LE(0x08074b50, 0)
  descriptor.writeUInt32LE(crc, 4)
  if (place.isLarge) {
    descriptor.writeBigUInt64LE(BigInt(size), 8)
    descriptor.writeBigUInt64LE(BigInt(size), 16)
  } else {
    descriptor.writeUInt32LE(size, 8)
    descriptor.writeUInt32LE(size, 12)
  }
  return descriptor
}

/** 4.3.12. */
function centralHeader(place: Place, when: number, crc: number): Buffer {
  const { entry, name, offset, isLarge, isFar, hasDescriptor } = place
  const header = Buffer.alloc(CENTRAL_HEADER + name.length + centralExtra(place))
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(VERSION_64, 4)
  header.writeUInt16LE(versionOf(place), 6)
  header.writeUInt16LE(hasDescriptor ? DESCRIPTOR_FLAG : 0, 8)
  header.writeUInt32LE(when, 12)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(isLarge ? LARGEST_32 : entry.size, 20)
  header.writeUInt32LE(isLarge ? LARGEST_32 : entry.size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(centralExtra(place), 30)
  header.writeUInt32LE(isFar ? LARGEST_32 : offset, 42)
  name.copy(header, CENTRAL_HEADER)
  const wide = [...(isLarge ? [entry.size, entry.size] : []), ...(isFar ? [offset] : [])]
  if (wide.length > 0) writeExtra(header, CENTRAL_HEADER + name.length, wide)
  return header
}

/** The ZIP64 extended information field (4.5.3). */
function writeExtra(header: Buffer, at: number, values: readonly number[]): void {
  header.writeUInt16LE(1, at)
  header.writeUInt16LE(values.length * 8, at + 2)
  values.forEach((value, index) => header.writeBigUInt64LE(BigInt(value), at + EXTRA_HEAD + index * 8))
}

/** The end of the directory (4.3.16); in a ZIP64 its wider form and where that is before it (4.3.14, 4.3.15). */
function endOf({ count, directoryOffset, directorySize, is64, comment }: Ending): Buffer[] {
  const end = Buffer.alloc(END)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(is64 ? LARGEST_16 : count, 8)
  end.writeUInt16LE(is64 ? LARGEST_16 : count, 10)
  end.writeUInt32LE(is64 ? LARGEST_32 : directorySize, 12)
  end.writeUInt32LE(is64 ? LARGEST_32 : directoryOffset, 16)
  end.writeUInt16LE(comment.length, 20)
  if (!is64) return [end, comment]
  const wide = Buffer.alloc(END_64)
  wide.writeUInt32LE(0x06064b50, 0)
  // Without the signature and this length itself.
  wide.writeBigUInt64LE(BigInt(END_64 - 12), 4)
  wide.writeUInt16LE(VERSION_64, 12)
  wide.writeUInt16LE(VERSION_64, 14)
  wide.writeBigUInt64LE(BigInt(count), 24)
  wide.writeBigUInt64LE(BigInt(count), 32)
  wide.writeBigUInt64LE(BigInt(directorySize), 40)
  wide.writeBigUInt64LE(BigInt(directoryOffset), 48)
  const locator = Buffer.alloc(LOCATOR_64)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(directoryOffset + directorySize), 8)
  locator.writeUInt32LE(1, 16)
  return [wide, locator, end, comment]
}

/** Local date and time as MS-DOS has them (4.4.6), the time in the lower half: steps of two seconds, years from 1980. */
function dosTime(at: Date): number {
  const date = ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate()
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}
