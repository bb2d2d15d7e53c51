// @vitest-environment happy-dom
import { BroadcastChannel } from 'node:worker_threads'
import { cleanup, fireEvent, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Api } from '../../../../viewer/client/api.ts'
import { ClientProvider } from '../../../../viewer/client/client-context.tsx'
import { SessionStore } from '../../../../viewer/client/session-store.ts'
import { useOtherWindows } from '../../../../viewer/reading-room/windows/use-other-windows.ts'

beforeEach(() => void vi.stubGlobal('BroadcastChannel', BroadcastChannel))
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** Windows of one reader; they share the page of the test, so that a hand in one is a hand in all. */
async function desk() {
  const api = { call: () => Promise.resolve({ userId: 'a' }) } as unknown as Api
  const session = new SessionStore()
  await session.refresh(api)
  const wrapper = ({ children }: { children: ReactNode }) => (
    <ClientProvider client={{ api, session }}>{children}</ClientProvider>
  )
  return (study: string) => renderHook(() => useOtherWindows([study]), { wrapper })
}

describe('the windows of one reader', () => {
  it('are led by the one that was there, until another is touched', async () => {
    const open = await desk()
    const first = open('1.1').result
    expect(first.current.elsewhere.hasHand()).toBe(true)
    const second = open('1.2').result
    await vi.waitFor(() => expect(second.current.studies).toEqual(['1.1']))
    await vi.waitFor(() => expect(second.current.elsewhere.hasHand()).toBe(false))
    expect(first.current.elsewhere.hasHand()).toBe(true)
  })

  it('give the lead to whichever is left alone', async () => {
    const open = await desk()
    const first = open('1.1')
    const second = open('1.2').result
    await vi.waitFor(() => expect(second.current.elsewhere.hasHand()).toBe(false))
    first.unmount()
    await vi.waitFor(() => expect(second.current.elsewhere.hasHand()).toBe(true))
  })

  it('are led by the one that is touched', async () => {
    const open = await desk()
    const first = open('1.1')
    const second = open('1.2').result
    await vi.waitFor(() => expect(second.current.elsewhere.hasHand()).toBe(false))
    fireEvent.keyDown(window, { code: 'KeyA' })
    expect(second.current.elsewhere.hasHand()).toBe(true)
    await vi.waitFor(() => expect(first.result.current.elsewhere.hasHand()).toBe(false))
  })
})
