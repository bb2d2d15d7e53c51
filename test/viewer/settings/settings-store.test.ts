import { describe, expect, it, vi } from 'vitest'
import type { KeptReadingSettings, ReadingSettings } from '../../../core/contract/reading-settings.ts'
import { ApiError } from '../../../viewer/client/api-error.ts'
import type { Api } from '../../../viewer/client/api.ts'
import { SettingsStore } from '../../../viewer/settings/settings-store.ts'

/** What the archive does with settings: a change of another version than the kept one is refused. */
function archive(settings: ReadingSettings = {}, version = 0) {
  const kept: { now: KeptReadingSettings; isDown: boolean } = { now: { version, settings }, isDown: false }
  const call = (method: string, _: string, { body }: { body?: unknown }): Promise<unknown> => {
    if (kept.isDown) return Promise.reject(new Error('nobody answers'))
    if (method === 'GET') return Promise.resolve(kept.now)
    const sent = body as KeptReadingSettings
    if (sent.version !== kept.now.version)
      return Promise.reject(new ApiError(409, 'settings-changed', 'changed'))
    kept.now = { version: kept.now.version + 1, settings: sent.settings }
    return Promise.resolve({ version: kept.now.version })
  }
  return { kept, api: { call } as unknown as Pick<Api, 'call'> }
}

const smooth = (before: ReadingSettings): ReadingSettings => ({ ...before, smooth: false })
const rate = (before: ReadingSettings): ReadingSettings => ({ ...before, cineRate: 20 })

describe('SettingsStore', () => {
  it('acts at once and keeps the change after', async () => {
    const { kept, api } = archive()
    const store = new SettingsStore(api, vi.fn())
    store.change(smooth)
    store.change(rate)
    expect(store.get()).toEqual({ smooth: false, cineRate: 20 })
    await expect.poll(() => kept.now.settings).toEqual({ smooth: false, cineRate: 20 })
  })

  it('makes its change again to what another window left', async () => {
    const { kept, api } = archive()
    const [one, other] = [new SettingsStore(api, vi.fn()), new SettingsStore(api, vi.fn())]
    await one.refresh()
    await other.refresh()
    one.change(smooth)
    await expect.poll(() => kept.now.version).toBe(1)
    other.change(rate)
    await expect.poll(() => kept.now).toEqual({ version: 2, settings: { smooth: false, cineRate: 20 } })
    expect(other.get()).toEqual({ smooth: false, cineRate: 20 })
    one.hear({ kind: 'settings', version: 2 })
    await expect.poll(() => one.get()).toEqual({ smooth: false, cineRate: 20 })
  })

  it('says that a change could not be kept, and sends it with the next', async () => {
    const { kept, api } = archive()
    const onFault = vi.fn()
    const store = new SettingsStore(api, onFault)
    kept.isDown = true
    store.change(smooth)
    await expect.poll(() => onFault.mock.calls.length).toBe(1)
    expect(store.get()).toEqual({ smooth: false })
    kept.isDown = false
    store.change(rate)
    await expect.poll(() => kept.now.settings).toEqual({ smooth: false, cineRate: 20 })
  })
})
