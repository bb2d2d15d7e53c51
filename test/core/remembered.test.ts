import { describe, expect, it } from 'vitest'
import { createRemembered } from '../../core/remembered.ts'

const clockAt = (ms: number) => {
  let now = ms
  return { now: () => now, pass: (more: number) => void (now += more) }
}

describe('what is remembered', () => {
  it('is believed as long as was said, from when it was told last', () => {
    const clock = clockAt(1_000)
    const known = createRemembered<string | undefined>(clock, { forMs: 30, most: 10 })
    known.set('a', 'first')
    known.set('short', 'b', 5)
    clock.pass(5)
    expect([known.get('a'), known.get('short')]).toEqual(['first', undefined])
    known.set('a', 'again')
    clock.pass(29)
    expect(known.get('a')).toBe('again')
    clock.pass(1)
    expect(known.get('a')).toBeUndefined()
    known.set('c', 'd')
    known.delete('c')
    expect(known.get('c')).toBeUndefined()
  })

  it('is let go when it is no longer believed, and the oldest when there is too much', () => {
    const clock = clockAt(0)
    const known = createRemembered<object>(clock, { forMs: 10, most: 3 })
    const tell = (key: string): void => known.set(key, {})
    tell('a')
    tell('b')
    // Told again it is the newest.
    tell('a')
    tell('c')
    tell('d')
    expect(['a', 'b', 'c', 'd'].map((key) => known.get(key) !== undefined)).toEqual([true, false, true, true])
    clock.pass(10)
    tell('e')
    // Turned back, the clock would believe what is still held.
    clock.pass(-10)
    expect(['a', 'c', 'd', 'e'].map((key) => known.get(key) !== undefined)).toEqual([
      false,
      false,
      false,
      true,
    ])
    known.clear()
    expect(known.get('e')).toBeUndefined()
  })

  it('weighs what it keeps, where it was told how', () => {
    const known = createRemembered<string>(clockAt(0), {
      forMs: 10,
      most: 10,
      weightOf: ({ length }) => length,
    })
    const held = (): string[] => ['a', 'b', 'c'].filter((key) => known.get(key) !== undefined)
    known.set('a', '1234')
    known.set('b', '123456')
    expect(held()).toEqual(['a', 'b'])
    known.set('c', '1')
    expect(held()).toEqual(['b', 'c'])
    // Told again, it weighs what it weighs now.
    known.set('b', '12345678')
    expect(held()).toEqual(['b', 'c'])
    // More than all there is room for displaces nothing but what it was.
    known.set('c', '12345678901')
    expect(held()).toEqual(['b'])
    known.clear()
    known.set('a', '1234567890')
    expect(held()).toEqual(['a'])
  })
})
