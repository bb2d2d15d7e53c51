// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import { StrictMode, type ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import type { MarkDraft } from '../../../core/contract/api.ts'
import type { Api } from '../../../viewer/client/api.ts'
import { ClientProvider } from '../../../viewer/client/client-context.tsx'
import { SessionStore } from '../../../viewer/client/session-store.ts'
import { useMarks } from '../../../viewer/marks/use-marks.ts'
import { draftMark } from '../../support/draft-mark.ts'

afterEach(cleanup)

/** An archive with one draft, whoever asks; what is saved takes until `settle`. */
function archive() {
  const server = { draft: { version: 0, marks: [] } as MarkDraft, settle: (): void => undefined }
  const users = ['a', 'b']
  const api = {
    call: async (method: string, path: string, { body }: { body?: MarkDraft } = {}) => {
      if (path === '/api/session') return { userId: users.shift() }
      if (method === 'GET') return server.draft
      await new Promise<void>((settle) => (server.settle = settle))
      server.draft = { version: server.draft.version + 1, marks: body?.marks ?? [] }
      return { version: server.draft.version }
    },
  } as unknown as Api
  const session = new SessionStore()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <ClientProvider client={{ api, session }}>{children}</ClientProvider>
    </StrictMode>
  )
  const room = () => renderHook(() => useMarks('1.2.3'), { wrapper })
  return { server, api, session, room }
}

it('reads the draft after the room that was left before has saved it', async () => {
  const { server, api, session, room } = archive()
  await session.refresh(api)
  const first = room()
  await vi.waitFor(() => expect(first.result.current.status).toBe('saved'))
  act(() => first.result.current.marks.put(draftMark({ label: 'a' })))
  first.unmount()
  const second = room()
  await act(() => Promise.resolve())
  expect(second.result.current.status).toBe('loading')
  server.settle()
  await vi.waitFor(() => expect(second.result.current.status).toBe('saved'))
  expect(second.result.current.marks.list()).toMatchObject([{ label: 'a' }])
})

it('puts nothing of one reader into the draft of the next', async () => {
  const { server, api, session, room } = archive()
  await session.refresh(api)
  const { result, unmount } = room()
  await vi.waitFor(() => expect(result.current.status).toBe('saved'))
  act(() => result.current.marks.put(draftMark({ label: 'a' })))
  session.expire()
  await act(() => session.signIn(api, { email: 'b', password: 'b' }))
  unmount()
  server.settle()
  await act(() => Promise.resolve())
  expect(server.draft.version).toBe(0)
})
