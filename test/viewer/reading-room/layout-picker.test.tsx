// @vitest-environment happy-dom
import { cleanup, fireEvent, render } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { TextsProvider } from '../../../viewer/locales/texts-context.tsx'
import { Texts } from '../../../viewer/locales/texts.ts'
import { LayoutPicker } from '../../../viewer/reading-room/layout-picker.tsx'
import type { Layout } from '../../../viewer/reading-room/pane-layout.ts'
import { TooltipProvider } from '../../../viewer/ui/tooltip.tsx'

afterEach(cleanup)

it('takes two digits though the room is drawn again between them', () => {
  const onChoose = vi.fn<(layout: Layout) => void>()
  const texts = new Texts('en', () => Promise.resolve({}))
  const picker = () => (
    <TextsProvider texts={texts}>
      <TooltipProvider>
        <LayoutPicker
          layout={{ rows: 1, columns: 1 }}
          open
          onOpenChange={() => undefined}
          onChoose={onChoose}
        />
      </TooltipProvider>
    </TextsProvider>
  )
  const { rerender } = render(picker())
  fireEvent.keyDown(window, { code: 'Digit2' })
  rerender(picker())
  fireEvent.keyDown(window, { code: 'Digit3' })
  expect(onChoose).toHaveBeenCalledWith({ rows: 2, columns: 3 })
})
