import { readFileSync } from 'node:fs'
import { DicomFault } from '../../core/dicom/dicom-fault.ts'
import { InstanceScanner, type ScannedInstance } from '../../core/dicom/instance-scanner.ts'
import type { FrameIndex } from '../../core/dicom/frame-index.ts'
import { inflateDataset } from '../../core/dicom/inflating.ts'
import { locateDataset } from '../../core/dicom/locate-dataset.ts'
import { Tag } from '../../core/dicom/tag.ts'

export interface FirstFrame {
  readonly scanned: ScannedInstance
  /** As stored. */
  readonly bytes: Uint8Array
}

/**
 * The first frame of a file by our own frame index, or undefined when it has none. A few reference scans lack
 * identifiers and could not be stored: they get some here, so that their pixels are tested too.
 */
export function firstFrame(path: string): FirstFrame | undefined {
  const received = readFileSync(path)
  let file: Buffer = received
  let scanned: ScannedInstance
  try {
    scanned = scan(file)
  } catch (error) {
    if (!(error instanceof DicomFault) || error.reason !== 'identifier-missing') throw error
    file = withIdentifiers(received)
    scanned = scan(file)
  }
  const bytes = frameBytes(file, scanned.frames)
  return bytes === undefined ? undefined : { scanned, bytes }
}

function scan(file: Uint8Array): ScannedInstance {
  const scanner = new InstanceScanner()
  scanner.write(file)
  return scanner.end()
}

/** The identifiers as the first elements, in Explicit VR Little Endian: the scanner takes the first of each. */
function withIdentifiers(file: Buffer): Buffer {
  const start = locateDataset(file, true)?.datasetOffset ?? 0
  const added = [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID, Tag.SOPClassUID].map(
    (tag) => {
      const element = Buffer.alloc(10)
      element.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0)
      element.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2)
      element.write('UI', 4)
      element.writeUInt16LE(2, 6)
      element.write('1', 8)
      return element
    },
  )
  return Buffer.concat([file.subarray(0, start), ...added, file.subarray(start)])
}

function frameBytes(file: Uint8Array, frames: FrameIndex): Uint8Array | undefined {
  switch (frames.kind) {
    case 'none':
      return undefined
    case 'native':
      return file.subarray(frames.offset, frames.offset + frames.length)
    case 'encapsulated':
      return Buffer.concat(
        (frames.frames[0] ?? []).map(([offset, length]) => file.subarray(offset, offset + length)),
      )
    case 'deflated':
      return frameBytes(inflateDataset(file.subarray(frames.datasetOffset)), frames.inner)
  }
}
