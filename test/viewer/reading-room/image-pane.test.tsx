// @vitest-environment happy-dom
import { cleanup, render, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import type { ImagingViewport } from '../../../viewer/imaging/viewport.ts'
import { TextsProvider } from '../../../viewer/locales/texts-context.tsx'
import { Texts } from '../../../viewer/locales/texts.ts'
import { ImagePane } from '../../../viewer/reading-room/image-pane.tsx'
import { ToastProvider } from '../../../viewer/ui/toast.tsx'

vi.mock('../../../viewer/imaging/start-imaging.ts', () => ({ startImaging: () => Promise.resolve() }))
vi.mock('../../../viewer/imaging/viewport.ts', () => ({ openViewport: undefined }))

afterEach(cleanup)

it('has the window of before as soon as its stack begins, so that none which is chosen meanwhile is lost', async () => {
  const told: string[] = []
  const viewport = new Proxy({} as ImagingViewport, {
    get: (_, name) => {
      if (name === 'marks') return { refresh: () => undefined }
      return () => {
        told.push(String(name))
        // The first image never comes.
        return new Promise(() => undefined)
      }
    },
  })
  const window = { center: 40, width: 400, function: 'LINEAR' } as const
  render(
    <TextsProvider texts={new Texts('en', () => Promise.resolve({}))}>
      <ToastProvider>
        <ImagePane
          opening={{ study: { studyInstanceUid: '1.2' } } as never}
          images={[{ url: 'frames/1', metadata: {} }] as never}
          showTexts
          showOverlays
          liftShutter={false}
          tool={'window' as never}
          open={() => viewport}
          marks={{ subscribe: () => () => undefined, list: () => [] } as never}
          points={{} as never}
          painting={{} as never}
          place={{ seriesInstanceUid: '1.2.3', index: 0, choice: { window, turnedOver: false } }}
          viewport={{ current: undefined }}
          onState={() => undefined}
        />
      </ToastProvider>
    </TextsProvider>,
  )
  await waitFor(() => expect(told).toContain('showStack'))
  expect(told.slice(told.indexOf('showStack'), told.indexOf('showStack') + 2)).toEqual([
    'showStack',
    'choose',
  ])
})
