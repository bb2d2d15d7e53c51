import { describe, expect, it } from 'vitest'
import {
  countPainted,
  decodeRuns,
  encodeRuns,
  forEachRun,
} from '../../../../core/measurements/segments/runs.ts'
import { seededRandom } from '../../../../core/samples/shape/seeded-random.ts'

const random = seededRandom(7)
const noise = (share: number, pixels: number): Uint8Array =>
  Uint8Array.from({ length: pixels }, () => (random() < share ? 1 : 0))

describe('runs', () => {
  it.each([
    ['nothing', new Uint8Array(64)],
    ['everything', new Uint8Array(64).fill(1)],
    ['the last pixel', Uint8Array.from({ length: 300 }, (_, at) => (at === 299 ? 1 : 0))],
    ['scattered pixels', noise(0.5, 100_000)],
    ['few pixels', noise(0.001, 300_000)],
  ])('come back as they were painted: %s', (_what, mask) => {
    const runs = encodeRuns(mask)
    expect(Buffer.compare(decodeRuns(runs, mask.length), mask)).toBe(0)
    expect(countPainted(runs, mask.length)).toBe(mask.reduce((sum, value) => sum + value, 0))
  })

  it('say nothing of what is clear, and a disc in few bytes', () => {
    expect(encodeRuns(new Uint8Array(512 * 512))).toBe('')
    const disc = Uint8Array.from({ length: 512 * 512 }, (_, at) =>
      Math.hypot((at % 512) - 256, Math.floor(at / 512) - 256) < 60 ? 1 : 0,
    )
    expect(encodeRuns(disc).length).toBeLessThan(600)
  })

  it('are refused where they are cut off, too long, or no Base64', () => {
    expect(() => decodeRuns(btoa('\x80'), 8)).toThrow(RangeError)
    expect(() => decodeRuns(btoa('\x04\x05'), 8)).toThrow(RangeError)
    expect(() => decodeRuns(btoa('\xff\xff\xff\xff\xff\xff\x01'), 8)).toThrow(RangeError)
    expect(() => forEachRun('***', 8, () => undefined)).toThrow(RangeError)
  })
})
