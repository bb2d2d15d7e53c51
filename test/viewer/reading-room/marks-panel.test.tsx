// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import english from '../../../viewer/locales/en/reading.json' with { type: 'json' }
import { TextsProvider } from '../../../viewer/locales/texts-context.tsx'
import { Texts } from '../../../viewer/locales/texts.ts'
import { createMarkStore } from '../../../viewer/marks/mark-store.ts'
import { createSavedMarks } from '../../../viewer/marks/saved-marks.ts'
import { MarksPanel } from '../../../viewer/reading-room/marks-panel.tsx'
import { TooltipProvider } from '../../../viewer/ui/tooltip.tsx'

afterEach(cleanup)

it('says of a mark in pixels why it is not in millimetres', async () => {
  const texts = new Texts('en', () => Promise.resolve(english))
  await texts.loadAreas('reading')
  const store = createMarkStore()
  store.put({
    trackingUid: '1.2',
    label: '',
    studyInstanceUid: '1',
    seriesInstanceUid: '2',
    sopInstanceUid: '3',
    frameNumber: 1,
    geometry: {
      kind: 'length',
      line: [
        [0, 0],
        [3, 4],
      ],
    },
    calibration: { kind: 'detector', spacing: [0.2, 0.2], accepted: false },
    values: [{ quantity: 'length', value: 5, unit: '{pixels}' }],
    hidden: false,
  })
  const { getByText } = render(
    <TextsProvider texts={texts}>
      <TooltipProvider>
        <MarksPanel
          store={store}
          status="saved"
          saved={createSavedMarks(store)}
          saving={{ kind: 'idle' }}
          isElsewhere={() => false}
          placeOf={() => 'here'}
          onGo={() => undefined}
        />
      </TooltipProvider>
    </TextsProvider>,
  )
  expect(getByText('5.0 px').closest('li')?.textContent).toContain(english['no-mm-detector'])
})
