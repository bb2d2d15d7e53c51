import { describe, expect, it } from 'vitest'
import { createFlood } from '../../../storage-config/object-store/flood.ts'

describe('a flood', () => {
  it('is on while three or more arrive at once, and for a moment after', () => {
    let now = 1_000
    const flood = createFlood(() => now)
    const first = flood.arrives()
    const second = flood.arrives()
    expect(flood.isOn()).toBe(false)
    const third = flood.arrives()
    expect(flood.isOn()).toBe(true)
    // Long after it began: they are still arriving.
    now += 60_000
    expect(flood.isOn()).toBe(true)
    flood.arrives()()
    first()
    second()
    third()
    now += 499
    expect(flood.isOn()).toBe(true)
    now += 1
    expect(flood.isOn()).toBe(false)
  })

  it('is not begun by what arrives one after the other', () => {
    const flood = createFlood(() => 0)
    for (let index = 0; index < 10; index++) {
      const arrived = flood.arrives()
      expect(flood.isOn()).toBe(false)
      arrived()
    }
  })
})
