import { describe, expect, it } from 'vitest'
import { parseViewLink, viewLinkOf } from '../../../viewer/reading-room/view-link.ts'
import type { StackImage } from '../../../viewer/imaging/stack-image.ts'
import type { ViewportState } from '../../../viewer/imaging/viewport.ts'

const image = (more: Partial<StackImage> = {}): StackImage => ({
  url: '/frame',
  metadata: {
    '0020000D': { vr: 'UI', Value: ['1.2'] },
    '0020000E': { vr: 'UI', Value: ['1.2.3'] },
    '00080018': { vr: 'UI', Value: ['1.2.3.4'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wang^Fang' }] },
  },
  frameNumber: 1,
  numberOfFrames: 1,
  ...more,
})
const LINEAR = { center: 40, width: 80, function: 'LINEAR' } as const
const state = (more: Partial<ViewportState> = {}): ViewportState => ({
  index: 0,
  count: 1,
  image: image(),
  window: LINEAR,
  scale: 1,
  choice: { window: undefined, turnedOver: false },
  letters: undefined,
  overlays: 'none',
  shutter: 'none',
  exactCount: 0,
  preview: undefined,
  loadedCount: 1,
  storedAs: undefined,
  profile: 'none',
  status: 'ready',
  ...more,
})

const opened = (path: string | undefined) => parseViewLink(new URL(path ?? '', 'http://archive').search)

describe('a link to a view', () => {
  it('names an image by its UIDs, and nobody', () => {
    const path = viewLinkOf(state())
    expect(path).toBe('/studies/1.2?series=1.2.3&image=1.2.3.4')
    expect(opened(path)).toEqual({
      seriesInstanceUid: '1.2.3',
      sopInstanceUid: '1.2.3.4',
      frameNumber: 1,
      window: undefined,
    })
  })

  it('has the frame of several, and the window that was chosen', () => {
    const path = viewLinkOf(
      state({
        image: image({ frameNumber: 7, numberOfFrames: 20 }),
        choice: { window: LINEAR, turnedOver: false },
      }),
    )
    expect(opened(path)).toMatchObject({ frameNumber: 7, window: { center: 40, width: 80 } })
  })

  it('is none for a plane that was computed', () => {
    const computed = { stack: 'a' } as unknown as NonNullable<StackImage['computed']>
    expect(viewLinkOf(state({ image: image({ computed }) }))).toBeUndefined()
  })

  it.each([
    '',
    '?series=1.2',
    '?series=1.2&image=x',
    '?series=1.2&image=1.3&width=-5',
    '?image=1&series=2&frame=0',
  ])('is none when it says %s', (search) => expect(parseViewLink(search)).toBeUndefined())
})
