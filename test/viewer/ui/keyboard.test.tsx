// @vitest-environment happy-dom
import { cleanup, fireEvent, render } from '@testing-library/react'
import { useLayoutEffect } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { KeyboardMap, KeyboardProvider, useKeyboard } from '../../../viewer/ui/keyboard.tsx'

afterEach(cleanup)

function Page({ run }: { run: () => void }) {
  useKeyboard([{ code: 'KeyW', shown: 'W', text: 'shell.help', group: 'shell.keys.general', run }])
  return (
    <>
      <input aria-label="typing" />
      <div role="dialog">
        <button type="button">inside</button>
      </div>
    </>
  )
}

describe('useKeyboard', () => {
  const show = (run: () => void, map = new KeyboardMap()) =>
    render(
      <KeyboardProvider map={map}>
        <Page run={run} />
      </KeyboardProvider>,
    )

  it('goes by the place of the key, whatever character an input method makes of it', () => {
    const run = vi.fn()
    show(run)
    fireEvent.keyDown(window, { code: 'KeyW', key: 'Process' })
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('binds its keys before what they are for is painted', () => {
    const run = vi.fn()
    const Pressed = () => {
      useLayoutEffect(() => void fireEvent.keyDown(window, { code: 'KeyW' }), [])
      return null
    }
    render(
      <KeyboardProvider map={new KeyboardMap()}>
        <Page run={run} />
        <Pressed />
      </KeyboardProvider>,
    )
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('leaves typing, composing, dialogs, other modifiers and repeats alone', () => {
    const run = vi.fn()
    const { getByLabelText, getByText } = show(run)
    fireEvent.keyDown(getByLabelText('typing'), { code: 'KeyW' })
    fireEvent.keyDown(getByText('inside'), { code: 'KeyW' })
    fireEvent.keyDown(window, { code: 'KeyW', isComposing: true })
    fireEvent.keyDown(window, { code: 'KeyW', ctrlKey: true })
    fireEvent.keyDown(window, { code: 'KeyW', shiftKey: true })
    fireEvent.keyDown(window, { code: 'KeyW', repeat: true })
    expect(run).not.toHaveBeenCalled()
  })

  it('lists its keys for the help while the page is shown', () => {
    const map = new KeyboardMap()
    const { unmount } = show(() => undefined, map)
    expect(map.getPages().flat()).toHaveLength(1)
    unmount()
    expect(map.getPages().flat()).toHaveLength(0)
  })
})
