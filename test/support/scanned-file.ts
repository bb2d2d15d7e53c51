import { InstanceScanner, type ScannedInstance } from '../../core/dicom/instance-scanner.ts'

export interface ScannedFile {
  readonly scanned: ScannedInstance
  /** The bytes of a frame of compressed pixels, their fragments put together; `number` from 1. */
  frame(number: number): Buffer
}

/** A DICOM file as the archive would read it. */
export function scannedFile(file: Uint8Array): ScannedFile {
  const scanner = new InstanceScanner()
  scanner.write(file)
  const scanned = scanner.end()
  return {
    scanned,
    frame(number) {
      if (scanned.frames.kind !== 'encapsulated') throw new Error(`frames are ${scanned.frames.kind}`)
      const runs = scanned.frames.frames[number - 1] ?? []
      return Buffer.concat(runs.map(([offset, length]) => file.subarray(offset, offset + length)))
    },
  }
}
