import { deflateRawSync } from 'node:zlib'
import type { DicomJson, DicomJsonValue } from '../../core/dicom/dicom-json.ts'
import { tagOfKeyword } from '../../core/dicom/dictionary.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN } from '../../core/dicom/transfer-syntax.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { openPart10Writer } from '../../core/dicom/write-part10.ts'

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2'
const writePart10 = openPart10Writer('ISO_IR 192')

export interface DicomBuilder {
  /** A CT image of these rows and columns, 16 bits signed, values counting up. */
  ct(size: { rows: number; columns: number; frames?: number }): DicomBuilder
  uids(uids: { study?: string; series?: string; instance?: string }): DicomBuilder
  /** An attribute by keyword or tag. */
  set(name: string, vr: string, values: DicomJsonValue[]): DicomBuilder
  without(name: string): DicomBuilder
  pixels(bytes: Uint8Array): DicomBuilder
  /** Compressed frames: one fragment each, with a basic offset table. */
  fragments(transferSyntaxUid: string, frames: readonly Uint8Array[]): DicomBuilder
  deflated(): DicomBuilder
  json(): DicomJson
  build(): Buffer
}

/** A small valid DICOM file, to be changed by what a test needs. */
export function dicom(): DicomBuilder {
  const dataset: DicomJson = {
    [Tag.SpecificCharacterSet]: { vr: 'CS', Value: ['ISO_IR 192'] },
    [Tag.SOPClassUID]: { vr: 'UI', Value: [CT_IMAGE_STORAGE] },
    [Tag.SOPInstanceUID]: { vr: 'UI', Value: [newUid()] },
    [Tag.StudyDate]: { vr: 'DA', Value: ['20260102'] },
    [Tag.StudyTime]: { vr: 'TM', Value: ['101500'] },
    [Tag.Modality]: { vr: 'CS', Value: ['CT'] },
    [Tag.PatientName]: { vr: 'PN', Value: [{ Alphabetic: 'Zhang^San', Ideographic: '张^三' }] },
    [Tag.PatientID]: { vr: 'LO', Value: ['P1'] },
    [Tag.StudyInstanceUID]: { vr: 'UI', Value: [newUid()] },
    [Tag.SeriesInstanceUID]: { vr: 'UI', Value: [newUid()] },
    [Tag.InstanceNumber]: { vr: 'IS', Value: [1] },
  }
  let pixels: Uint8Array | undefined
  let encapsulated: { transferSyntaxUid: string; frames: readonly Uint8Array[] } | undefined
  let deflate = false
  const tagOf = (name: string): string => tagOfKeyword(name) ?? name
  const put = (tag: string, vr: string, value: DicomJsonValue): void => {
    dataset[tag] = { vr, Value: [value] }
  }

  const builder: DicomBuilder = {
    ct({ rows, columns, frames = 1 }) {
      put(Tag.SamplesPerPixel, 'US', 1)
      put(Tag.PhotometricInterpretation, 'CS', 'MONOCHROME2')
      put(Tag.Rows, 'US', rows)
      put(Tag.Columns, 'US', columns)
      put(Tag.BitsAllocated, 'US', 16)
      put(Tag.BitsStored, 'US', 16)
      put(Tag.HighBit, 'US', 15)
      put(Tag.PixelRepresentation, 'US', 1)
      if (frames > 1) put(Tag.NumberOfFrames, 'IS', frames)
      const samples = Int16Array.from({ length: rows * columns * frames }, (_, index) => index % 4096)
      pixels = new Uint8Array(samples.buffer)
      return builder
    },
    uids({ study, series, instance }) {
      if (study !== undefined) put(Tag.StudyInstanceUID, 'UI', study)
      if (series !== undefined) put(Tag.SeriesInstanceUID, 'UI', series)
      if (instance !== undefined) put(Tag.SOPInstanceUID, 'UI', instance)
      return builder
    },
    set(name, vr, values) {
      dataset[tagOf(name)] = { vr, Value: values }
      return builder
    },
    without(name) {
      delete dataset[tagOf(name)]
      return builder
    },
    pixels(bytes) {
      pixels = bytes
      return builder
    },
    fragments(transferSyntaxUid, frames) {
      encapsulated = { transferSyntaxUid, frames }
      return builder
    },
    deflated() {
      deflate = true
      return builder
    },
    json: () => dataset,
    build() {
      if (encapsulated !== undefined) {
        const file = Buffer.concat(writePart10({ dataset }))
        return Buffer.concat([
          withSyntax(file, encapsulated.transferSyntaxUid),
          encapsulate(encapsulated.frames),
        ])
      }
      const file = Buffer.concat(writePart10(pixels === undefined ? { dataset } : { dataset, pixels }))
      if (!deflate) return file
      const renamed = withSyntax(file, DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)
      const start = endOfMeta(renamed)
      return Buffer.concat([renamed.subarray(0, start), deflateRawSync(renamed.subarray(start))])
    },
  }
  return builder
}

/** The end of the file meta group of a file that `writePart10` wrote. */
function endOfMeta(file: Buffer): number {
  return 144 + file.readUInt32LE(140)
}

/** The file with another transfer syntax named in its meta group, whose length is set right. */
function withSyntax(file: Buffer, uid: string): Buffer {
  const at = file.indexOf(Buffer.from([0x02, 0x00, 0x10, 0x00]), 144)
  const before = file.readUInt16LE(at + 6)
  const value = Buffer.from(uid.length % 2 === 0 ? uid : `${uid}\0`)
  const head = Buffer.from(file.subarray(0, at + 8))
  head.writeUInt16LE(value.length, at + 6)
  head.writeUInt32LE(file.readUInt32LE(140) + value.length - before, 140)
  return Buffer.concat([head, value, file.subarray(at + 8 + before)])
}

/** Pixel Data of undefined length: offset table, one fragment a frame, delimitation (PS3.5 A.4). */
function encapsulate(frames: readonly Uint8Array[]): Buffer {
  const even = frames.map((frame) =>
    frame.length % 2 === 0 ? frame : Buffer.concat([frame, Buffer.alloc(1)]),
  )
  const table = Buffer.alloc(4 * even.length)
  let offset = 0
  even.forEach((frame, index) => {
    table.writeUInt32LE(offset, index * 4)
    offset += 8 + frame.length
  })
  const head = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff])
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0])
  return Buffer.concat([head, item(table), ...even.map(item), end])
}

function item(bytes: Uint8Array): Buffer {
  const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0])
  head.writeUInt32LE(bytes.length, 4)
  return Buffer.concat([head, bytes])
}
