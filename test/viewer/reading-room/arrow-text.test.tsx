// @vitest-environment happy-dom
import { cleanup, fireEvent, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TextsProvider } from '../../../viewer/locales/texts-context.tsx'
import { Texts } from '../../../viewer/locales/texts.ts'
import type { Mark } from '../../../viewer/marks/mark.ts'
import { ArrowText } from '../../../viewer/reading-room/arrow-text.tsx'

const MARK: Mark = {
  trackingUid: '2.25.1',
  label: '',
  studyInstanceUid: '2.25.2',
  seriesInstanceUid: '2.25.3',
  sopInstanceUid: '2.25.4',
  frameNumber: 1,
  geometry: { kind: 'arrow', tail: [1, 1], tip: [2, 2] },
  calibration: { kind: 'none', aspect: [1, 1] },
  values: [],
  hidden: false,
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function arrowText() {
  const onWritten = vi.fn<(label: string) => void>()
  const onClose = vi.fn()
  const { getByRole } = render(
    <TextsProvider texts={new Texts('en', () => Promise.resolve({}))}>
      <ArrowText arrow={{ mark: MARK, at: [0, 0] }} onWritten={onWritten} onClose={onClose} />
    </TextsProvider>,
  )
  const field = getByRole('textbox')
  if (!(field instanceof HTMLInputElement)) throw new Error('no field')
  return { field, onWritten, onClose }
}

it('has the focus as soon as it is there, so that no letter goes to the keys of the room', () => {
  const { field } = arrowText()
  expect(document.activeElement).toBe(field)
})

it('stays open when the click that ended the arrow takes the focus, and keeps what was typed before', () => {
  const { field, onWritten, onClose } = arrowText()
  fireEvent.change(field, { target: { value: 'c' } })
  field.setSelectionRange(1, 1)
  field.blur()
  expect(onClose).not.toHaveBeenCalled()
  vi.runAllTimers()
  expect(document.activeElement).toBe(field)
  expect([field.selectionStart, field.selectionEnd]).toEqual([1, 1])
  field.blur()
  expect(onWritten).toHaveBeenCalledWith('c')
  expect(onClose).toHaveBeenCalledOnce()
})
