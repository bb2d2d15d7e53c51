import { describe, expect, it } from 'vitest'
import { freeScreen } from '../../../../viewer/reading-room/windows/screens.ts'

const screen = (availLeft: number) => ({ availLeft, availTop: 0, availWidth: 1920, availHeight: 1040 })

describe('freeScreen', () => {
  const [left, middle, right] = [screen(-1920), screen(0), screen(1920)]

  it('is another than the one the reader is at, one after the other', () => {
    const screens = [left, middle, right]
    expect(freeScreen(screens, middle, 0)).toEqual({ left: -1920, top: 0, width: 1920, height: 1040 })
    expect(freeScreen(screens, middle, 1)?.left).toBe(1920)
    expect(freeScreen(screens, middle, 2)?.left).toBe(-1920)
  })

  it('is none where there is one screen', () => {
    expect(freeScreen([middle], middle, 0)).toBeUndefined()
  })
})
