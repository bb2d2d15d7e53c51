import { describe, expect, it } from 'vitest'
import { listenToEvents, type LiveEvent } from '../../../viewer/client/live-events.ts'

class FakeSource extends EventTarget {
  readyState = 1
  closed = false
  close(): void {
    this.closed = true
  }
}

describe('listenToEvents', () => {
  it('tells of studies, and of a gap with every stream after the first', () => {
    const source = new FakeSource()
    const heard: LiveEvent[] = []
    const stop = listenToEvents(
      (event) => heard.push(event),
      () => source,
    )
    source.dispatchEvent(new Event('open'))
    const data = JSON.stringify({ studyInstanceUid: '1.2', studyId: 's' })
    source.dispatchEvent(new MessageEvent('study', { data }))
    source.dispatchEvent(new Event('error'))
    source.dispatchEvent(new Event('open'))
    stop()
    expect(heard.map(({ kind }) => kind)).toEqual(['connected', 'study', 'disconnected', 'connected', 'gap'])
    expect(source.closed).toBe(true)
  })
})
