import { expect, it } from 'vitest'
import { openPaceMeter } from '../../../../viewer/imaging/cine/pace.ts'

/** So many drawings of the screen, 20 ms apart; an image is shown with every so many. */
function draw(meter: ReturnType<typeof openPaceMeter>, from: number, times: number, every: number): number {
  for (let tick = 1; tick <= times; tick++) {
    meter.tick(from + tick * 20)
    if (tick % every === 0) meter.shown()
    else meter.missed(1)
  }
  return from + times * 20
}

it('says nothing of a clip that holds its rate, nor too early', () => {
  const meter = openPaceMeter(25)
  const at = draw(meter, 0, 40, 10)
  expect(meter.pace()).toBeUndefined()
  draw(meter, at, 200, 2)
  expect(meter.pace()).toBeUndefined()
})

it('says how many of its images are shown, and why', () => {
  const meter = openPaceMeter(25)
  const at = draw(meter, 0, 200, 5)
  expect(meter.pace()).toEqual({ shown: 10, wanted: 25, because: 'link' })
  for (let tick = 0; tick < 100; tick++) meter.skipped(1)
  expect(meter.pace()).toMatchObject({ because: 'device' })
  draw(meter, at, 200, 2)
  expect(meter.pace()).toBeUndefined()
})

it('says that nothing comes', () => {
  const meter = openPaceMeter(25)
  draw(meter, 0, 100, Infinity)
  expect(meter.pace()).toEqual({ shown: 0, wanted: 25, because: 'link' })
})

it('forgets what was before nobody looked', () => {
  const meter = openPaceMeter(25)
  const at = draw(meter, 0, 200, 5)
  draw(meter, at + 60_000, 10, 5)
  expect(meter.pace()).toBeUndefined()
})
