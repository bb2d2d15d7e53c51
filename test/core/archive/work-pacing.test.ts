import { expect, it } from 'vitest'
import { createWorkPacing } from '../../../core/archive/work-pacing.ts'

it('works on the first arrival at once, and spaces what follows', () => {
  const pacing = createWorkPacing()
  const delay = (now: number): number => pacing.delayMs('render-thumbnails', 'series', now)
  expect(delay(0)).toBe(150)
  // Waiting already: due when it was due.
  expect(delay(100)).toBe(50)
  // The first run has begun: the next one a second after it.
  expect(delay(200)).toBe(950)
  expect(delay(1_100)).toBe(50)
  expect(delay(1_200)).toBe(950)
  // At rest for long: at once again.
  expect(delay(60_000)).toBe(150)
  expect(pacing.delayMs('render-thumbnails', 'another', 60_000)).toBe(150)
})
