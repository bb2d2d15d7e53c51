import { expect, it } from 'vitest'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { clipAt, rateOf } from '../../../../viewer/imaging/cine/clip.ts'
import type { StackImage } from '../../../../viewer/imaging/stack-image.ts'

const RATE: DicomJson = { '00082144': { vr: 'IS', Value: [25] } }
const SLICES: DicomJson = { '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.13.1.3'] } }
const SWEEP: DicomJson = { '00181244': { vr: 'US', Value: [1] } }

const frames = (name: string, count: number, metadata: DicomJson): StackImage[] =>
  Array.from({ length: count }, (_, index) => ({
    url: `/${name}/frames/${index + 1}`,
    metadata,
    frameNumber: index + 1,
    numberOfFrames: count,
  }))

it('is the instance that is looked at, not all of its series', () => {
  const stack = [...frames('a', 3, RATE), ...frames('b', 2, RATE), ...frames('c', 1, {})]
  expect(clipAt(stack, 1)).toEqual({ order: [0, 1, 2], due: [0, 40, 80], length: 120, keeps: 'time' })
  expect(clipAt(stack, 4)?.order).toEqual([3, 4])
  expect(clipAt(stack, 5)).toBeUndefined()
  expect(clipAt(stack, 6)).toBeUndefined()
})

it('goes forth and back where the file says so, and over slices', () => {
  const swept = clipAt(frames('a', 4, { ...RATE, ...SWEEP }), 0)
  expect(swept).toMatchObject({ order: [0, 1, 2, 3, 2, 1], keeps: 'time' })
  expect(swept && rateOf(swept)).toBe(25)
  expect(clipAt(frames('a', 4, SLICES), 2)).toMatchObject({ order: [0, 1, 2, 3, 2, 1], keeps: 'every' })
  expect(clipAt(frames('a', 2, SLICES), 0)?.order).toEqual([0, 1])
})

it('is a stack of single images only at the rate of its reader', () => {
  const stack = ['a', 'b', 'c'].flatMap((name) => frames(name, 1, {}))
  expect(clipAt(stack, 0)).toBeUndefined()
  expect(clipAt(stack, 0, 10)).toEqual({
    order: [0, 1, 2, 1],
    due: [0, 100, 200, 300],
    length: 400,
    keeps: 'every',
  })
  expect(clipAt(stack.slice(0, 1), 0, 10)).toBeUndefined()
})
