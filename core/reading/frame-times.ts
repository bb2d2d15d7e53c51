import { firstNumber, numbers, strings, type DicomJson } from '../dicom/dicom-json.ts'

const FRAME_INCREMENT_POINTER = '00280009'
const FRAME_TIME_VECTOR = '00181065'
const FRAME_TIME = '00181063'
const CINE_RATE = '00180040'
const RECOMMENDED_DISPLAY_FRAME_RATE = '00082144'
const PREFERRED_PLAYBACK_SEQUENCING = '00181244'
/** Where nothing is said. Frames a second. */
const USUAL_RATE = 15

/**
 * How long each frame of an instance stands on the screen, milliseconds (PS3.3 C.7.6.5). Times that differ from frame to frame
 * are kept: they are those of the heart. Else the rate in which its writer wants it to be seen, before the one in which it was
 * taken.
 */
export function frameTimes(metadata: DicomJson, count: number): number[] {
  const varied = pointsTo(metadata, FRAME_TIME_VECTOR) ? timesOfVector(metadata, count) : undefined
  if (varied !== undefined) return varied
  const time = positive(metadata, FRAME_TIME)
  const recommended = positive(metadata, RECOMMENDED_DISPLAY_FRAME_RATE)
  const rate = positive(metadata, CINE_RATE)
  const each = recommended !== undefined ? 1000 / recommended : (time ?? 1000 / (rate ?? USUAL_RATE))
  return (
    ((recommended ?? time ?? rate) === undefined && timesOfVector(metadata, count)) ||
    Array.from({ length: count }, () => each)
  )
}

/** Of all frames together, milliseconds. */
export const lengthOf = (times: readonly number[]): number => times.reduce((sum, each) => sum + each, 0)

/** Whether the file wants to be played forth and back, not from the beginning again (PS3.3 C.7.6.5); undefined: it does not say. */
export function playsForthAndBack(metadata: DicomJson): boolean | undefined {
  const stated = firstNumber(metadata, PREFERRED_PLAYBACK_SEQUENCING)
  return stated === 1 ? true : stated === 0 ? false : undefined
}

/** What is between frames is how long the one before stands: the first value is of none. The last stands as long as most do. */
function timesOfVector(metadata: DicomJson, count: number): number[] | undefined {
  const between = numbers(metadata, FRAME_TIME_VECTOR).slice(1, count)
  if (between.length < count - 1 || !between.every((each) => each > 0)) return undefined
  return [...between, [...between].sort((a, b) => a - b)[between.length >> 1] ?? 1000 / USUAL_RATE]
}

const pointsTo = (metadata: DicomJson, tag: string): boolean =>
  strings(metadata, FRAME_INCREMENT_POINTER).some((each) => each.toUpperCase() === tag)

function positive(metadata: DicomJson, tag: string): number | undefined {
  const value = firstNumber(metadata, tag)
  return value !== undefined && value > 0 ? value : undefined
}
