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

it('puts off what nobody waits for while arrivals come thick, and nothing else', () => {
  const pacing = createWorkPacing()
  pacing.arrived(20, 0)
  expect(pacing.delayMs('extract-metadata', 'first', 0)).toBe(250)
  pacing.arrived(30, 500)
  expect(pacing.delayMs('extract-metadata', 'second', 500)).toBe(10_000)
  expect(pacing.delayMs('render-thumbnails', 'second', 500)).toBe(150)
  expect(pacing.delayMs('reconcile-study', 'study', 500)).toBe(150)
  // The second before counts too: a flood is over when a second was quiet.
  pacing.arrived(1, 1_200)
  expect(pacing.delayMs('extract-metadata', 'third', 1_200)).toBe(10_000)
  pacing.arrived(1, 2_100)
  expect(pacing.delayMs('extract-metadata', 'fourth', 2_100)).toBe(250)
  pacing.arrived(1, 9_000)
  expect(pacing.delayMs('extract-metadata', 'fifth', 9_000)).toBe(250)
})

it('tells open worklists of a study that keeps arriving twice a second, and of another at once', () => {
  const pacing = createWorkPacing()
  expect(pacing.tells('study', 0)).toBe(true)
  expect(pacing.tells('study', 10)).toBe(false)
  expect(pacing.tells('another', 10)).toBe(true)
  expect(pacing.tells('study', 499)).toBe(false)
  expect(pacing.tells('study', 500)).toBe(true)
  expect(pacing.tells('study', 900)).toBe(false)
})
