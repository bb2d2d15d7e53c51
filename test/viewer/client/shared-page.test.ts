import { afterEach, describe, expect, it, vi } from 'vitest'
import { shareAddress, sharedToken, shareHeaders } from '../../../viewer/client/shared-page.ts'

const at = (pathname: string): void => void vi.stubGlobal('window', { location: { pathname } })

describe('a page of a share link', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('names its handle, and never its secret, with what it asks for', () => {
    at('/s/abc-DEF_123.secret')
    expect(sharedToken()).toBe('abc-DEF_123.secret')
    expect(shareHeaders()).toEqual({ 'Yunying-Share': 'abc-DEF_123' })
    expect(shareAddress('/api/events')).toBe('/api/events?share=abc-DEF_123')
    expect(shareAddress('/x/thumbnail?v=1')).toBe('/x/thumbnail?v=1&share=abc-DEF_123')
  })

  it('is no other page, and none outside of a browser', () => {
    expect([sharedToken(), shareHeaders(), shareAddress('/a')]).toEqual([undefined, {}, '/a'])
    at('/studies/1.2.3')
    expect([sharedToken(), shareHeaders(), shareAddress('/a')]).toEqual([undefined, {}, '/a'])
  })
})
