import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DicomFault } from '../../../core/dicom/dicom-fault.ts'
import { frameCount, InstanceScanner, type ScannedInstance } from '../../../core/dicom/instance-scanner.ts'
import { transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, sharedDicom } from '../../support/shared-dicom.ts'

function scan(bytes: Uint8Array, pieces: readonly number[] = []): ScannedInstance {
  const scanner = new InstanceScanner()
  let at = 0
  for (const piece of pieces) {
    scanner.write(bytes.subarray(at, at + piece))
    at += piece
  }
  scanner.write(bytes.subarray(at))
  return scanner.end()
}

/** As `scan`, of pieces whose memory is something else's as soon as the scanner holds none of them. */
function scanFleeting(bytes: Uint8Array, pieces: readonly number[]): ScannedInstance {
  const scanner = new InstanceScanner()
  let given: Uint8Array[] = []
  let at = 0
  for (const length of [...pieces, bytes.length]) {
    const chunk = Uint8Array.from(bytes.subarray(at, at + length))
    at += chunk.length
    scanner.write(chunk)
    given.push(chunk)
    if (scanner.holdsChunks) continue
    for (const each of given) each.fill(0xaa)
    given = []
  }
  return scanner.end()
}

function faultOf(bytes: Uint8Array): string {
  try {
    scan(bytes)
    return 'none'
  } catch (error) {
    if (error instanceof DicomFault) return error.reason
    throw error
  }
}

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)
const SAMPLES = {
  native: dicom().ct({ rows: 4, columns: 4, frames: 3 }).build(),
  deflated: dicom().ct({ rows: 4, columns: 4 }).deflated().build(),
  encapsulated: dicom()
    .ct({ rows: 4, columns: 4, frames: 2 })
    .fragments('1.2.840.10008.1.2.4.50', [JPEG, JPEG])
    .build(),
}

/** What lies behind Pixel Data, which is an attribute that is kept: Study ID, explicit VR little endian. */
const STUDY_ID = Buffer.from([0x20, 0, 0x10, 0, 0x53, 0x48, 4, 0, 0x53, 0x54, 0x31, 0x20])

describe('InstanceScanner', () => {
  it.each(Object.entries({ ...SAMPLES, trailed: Buffer.concat([SAMPLES.native, STUDY_ID]) }))(
    'says when it holds nothing of what it was given: %s',
    (_, bytes) => {
      const whole = scan(bytes)
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 1, max: bytes.length >> 1 }), { maxLength: 30 }),
          fc.boolean(),
          (sizes, small) => {
            const pieces = small ? Array.from({ length: bytes.length }, () => 1) : sizes
            expect(scanFleeting(bytes, pieces)).toEqual(whole)
          },
        ),
      )
      const scanner = new InstanceScanner()
      scanner.write(bytes)
      // Else nothing would ever be given back.
      expect(scanner.holdsChunks).toBe(bytes !== SAMPLES.native && bytes !== SAMPLES.encapsulated)
    },
  )

  it('says what an instance is and where its frames are', () => {
    const scanned = scan(SAMPLES.native)
    expect(scanned).toMatchObject({
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      hasPreamble: true,
      hasMeta: true,
      size: SAMPLES.native.length,
      warnings: [],
      pixels: { rows: 4, columns: 4, bitsAllocated: 16, pixelRepresentation: 1, numberOfFrames: 3 },
      frames: { kind: 'native', offset: SAMPLES.native.length - 96, length: 32, count: 3 },
    })
    expect(SAMPLES.native.readUInt16LE(scanned.headerEnd)).toBe(0x7fe0)
    expect(scanned.header['00100010']?.Value).toEqual([{ Alphabetic: 'Zhang^San', Ideographic: '张^三' }])
  })

  it('finds the fragment of each encapsulated frame', () => {
    const { frames } = scan(SAMPLES.encapsulated)
    expect(frames.kind).toBe('encapsulated')
    const runs = frames.kind === 'encapsulated' ? frames.frames : []
    expect(runs).toHaveLength(2)
    for (const [run] of runs) {
      const [offset, length] = run ?? [0, 0]
      expect([...SAMPLES.encapsulated.subarray(offset, offset + length)]).toEqual([...JPEG])
    }
  })

  it('inflates a deflated data set', () => {
    expect(scan(SAMPLES.deflated).frames).toMatchObject({
      kind: 'deflated',
      inner: { kind: 'native', count: 1 },
    })
  })

  describe.each(Object.entries(SAMPLES))('a %s instance', (_, bytes) => {
    it('is the same in pieces of any size', () => {
      const whole = scan(bytes)
      const pieces = fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 30 })
      fc.assert(
        fc.property(pieces, (sizes) => {
          expect(scan(bytes, sizes)).toEqual(whole)
        }),
      )
      expect(
        scan(
          bytes,
          Array.from({ length: bytes.length }, () => 1),
        ),
      ).toEqual(whole)
    })

    it('is refused by name when cut at any byte; cut between two elements it has no frames', () => {
      // Without its last delimitation everything is still there.
      for (let length = 0; length < bytes.length - 8; length++) {
        const cut = bytes.subarray(0, length)
        const fault = faultOf(cut)
        if (fault === 'none') expect(frameCount(scan(cut).frames), `cut at ${length}`).toBe(0)
        else expect(fault).toMatch(/^(empty|not-dicom|truncated|identifier-missing)$/)
      }
    })

    it('is read or refused by name with any byte changed', () => {
      const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255))
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
          const changed = Uint8Array.from(bytes)
          for (const [at, value] of changes) changed[at] = value
          expect(typeof faultOf(changed)).toBe('string')
        }),
        { numRuns: 500 },
      )
    })
  })

  it('reads or refuses by name what is no DICOM at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), (bytes) => {
        expect(faultOf(bytes)).not.toBe('none')
      }),
    )
  })

  it('refuses a deflated data set that inflates to 1 GiB, and soon', () => {
    const deflated = dicom().deflated().build()
    const start = 144 + deflated.readUInt32LE(140)
    const head = Buffer.from([0x09, 0x00, 0x01, 0x10, 0x4f, 0x42, 0, 0, 0, 0, 0, 0x40])
    // A full flush ends on a byte and forgets what was before: what is between two of them may be repeated.
    const flushed = (bytes: Buffer): Buffer => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH })
    const piece = flushed(Buffer.alloc(16 << 20))
    const bomb = Buffer.concat([flushed(head), ...Array.from({ length: 64 }, () => piece)])
    expect(bomb.length).toBeLessThan(2 << 20)
    const before = process.memoryUsage().arrayBuffers
    expect(faultOf(Buffer.concat([deflated.subarray(0, start), bomb]))).toBe('inflates-too-large')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256 << 20)
  }, 60_000)

  it('does not hold what is not header', () => {
    const scanner = new InstanceScanner()
    const bytes = dicom().ct({ rows: 4, columns: 4 }).build()
    const at = bytes.length - 36
    const pixels = Buffer.from(bytes.subarray(0, at + 4))
    scanner.write(pixels.subarray(0, at))
    const length = Buffer.alloc(4)
    length.writeUInt32LE(0x80000000)
    scanner.write(length)
    const chunk = Buffer.alloc(1 << 20)
    const before = process.memoryUsage().arrayBuffers
    for (let mebibyte = 0; mebibyte < 2048; mebibyte++) scanner.write(chunk)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20)
    expect(scanner.end().size).toBe(at + 4 + 2 ** 31)
  })

  it('reads identifiers that lie behind Pixel Data, and says so', () => {
    const bytes = dicom().ct({ rows: 2, columns: 2 }).build()
    const sopClass = bytes.indexOf(Buffer.from([0x08, 0, 0x16, 0, 0x55, 0x49]))
    const end = sopClass + 8 + bytes.readUInt16LE(sopClass + 6)
    const moved = Buffer.concat([
      bytes.subarray(0, sopClass),
      bytes.subarray(end),
      bytes.subarray(sopClass, end),
    ])
    expect(scan(moved)).toMatchObject({ warnings: ['tags-out-of-order'], headerEnd: moved.length })
  })
})

const folder = sharedDicom()
describeWith(
  { name: 'the reference scans', remedy: 'set YUNYING_SHARED', found: folder !== undefined },
  'InstanceScanner and the reference scans',
  () => {
    const rows = manifest().filter((row) => !row.path.startsWith('hostile/'))
    const identified = rows.filter(
      (row) => row.StudyInstanceUID && row.SeriesInstanceUID && row.SOPInstanceUID && row.SOPClassUID,
    )
    const read = (path: string): Buffer => readFileSync(join(folder ?? '', path))

    it('reads every instance that has identifiers, as the manifest has it', () => {
      expect(identified.length).toBeGreaterThan(700)
      for (const row of identified) {
        const scanned = scan(read(row.path))
        expect(scanned.identity, row.path).toEqual({
          studyInstanceUid: row.StudyInstanceUID,
          seriesInstanceUid: row.SeriesInstanceUID,
          sopInstanceUid: row.SOPInstanceUID,
          sopClassUid: row.SOPClassUID,
        })
        if (row.transfer_syntax !== '') expect(scanned.transferSyntaxUid, row.path).toBe(row.transfer_syntax)
        if (scanned.frames.kind === 'none') continue
        expect(scanned.pixels, row.path).toMatchObject({ rows: Number(row.rows), columns: Number(row.cols) })
        expect(frameCount(scanned.frames), row.path).toBe(Number(row.frames || '1'))
      }
    }, 60_000)

    it('refuses the others because an identifier is missing', () => {
      for (const row of rows.filter(
        (each) => !identified.includes(each) && !each.path.endsWith('DICOMDIR'),
      )) {
        expect(faultOf(read(row.path)), row.path).toBe('identifier-missing')
      }
    })

    it('finds the very bytes of native first frames', () => {
      let compared = 0
      for (const row of identified) {
        const bytes = read(row.path)
        const { frames, pixels, transferSyntaxUid } = scan(bytes)
        const asStored =
          frames.kind === 'native' &&
          frames.bitsPerFrame === undefined &&
          pixels !== undefined &&
          pixels.bitsAllocated >= 8 &&
          pixels.planarConfiguration === 0 &&
          transferSyntax(transferSyntaxUid)?.bigEndian === false
        if (row.truth_sha256 === '' || !asStored) continue
        compared++
        const frame = bytes.subarray(frames.offset, frames.offset + frames.length)
        expect(createHash('sha256').update(frame).digest('hex'), row.path).toBe(row.truth_sha256)
      }
      expect(compared).toBeGreaterThan(600)
    }, 60_000)
  },
)
