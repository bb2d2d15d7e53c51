import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RoomMessage } from '../../../../viewer/reading-room/windows/room-message.ts'
import { openWindowChannel } from '../../../../viewer/reading-room/windows/window-channel.ts'

/** A browser in which a word is heard at once. */
function browser() {
  type Listener = (event: MessageEvent<unknown>) => void
  const rooms = new Map<string, Set<Listener>>()
  return (stored: Map<string, string>) => ({
    storage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    },
    open(name: string) {
      const room = rooms.get(name) ?? new Set<Listener>()
      rooms.set(name, room)
      const own: Listener[] = []
      return {
        postMessage(message: unknown) {
          for (const listener of [...room])
            if (!own.includes(listener)) listener({ data: structuredClone(message) } as MessageEvent<unknown>)
        },
        addEventListener(_: string, listener: unknown) {
          own.push(listener as Listener)
          room.add(listener as Listener)
        },
        close() {
          for (const listener of own) room.delete(listener)
        },
      }
    },
  })
}

describe('openWindowChannel', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const ignore = (): void => undefined

  it('joins windows that were opened from one another, and no others', () => {
    const page = browser()
    const first = new Map<string, string>()
    const a = openWindowChannel('u', ignore, ignore, page(first))
    a.show(['1.1'])
    const b = openWindowChannel('u', ignore, ignore, page(new Map(first)))
    b.show(['1.2'])
    const apart = openWindowChannel('u', ignore, ignore, page(new Map()))
    apart.show(['1.3'])
    const otherReader = openWindowChannel('v', ignore, ignore, page(new Map(first)))
    otherReader.show(['1.4'])
    expect([...a.others().values()]).toEqual([['1.2']])
    expect([...b.others().values()]).toEqual([['1.1']])
    expect(apart.others().size + otherReader.others().size).toBe(0)
  })

  it('tells what another shows as it changes, and forgets one that left or fell silent', () => {
    const page = browser()
    const stored = new Map<string, string>()
    const heard: RoomMessage['kind'][] = []
    const a = openWindowChannel('u', ({ kind }) => heard.push(kind), ignore, page(stored))
    a.show(['1.1'])
    const open = () => openWindowChannel('u', ignore, ignore, page(new Map(stored)))
    const b = open()
    b.show(['1.2'])
    b.show(['1.2', '1.5'])
    b.tell({ kind: 'hand' })
    expect([...a.others().values()]).toEqual([['1.2', '1.5']])
    expect(heard).toEqual(['here', 'here', 'hand'])
    b.close()
    expect(a.others().size).toBe(0)
    const silent = page(new Map(stored)).open(`yunying u ${stored.get('yunying.desk')}`)
    silent.postMessage({ from: 'x', message: { kind: 'here', studies: ['1.9'], asks: false } })
    expect(a.others().size).toBe(1)
    vi.advanceTimersByTime(120_000)
    expect(a.others().size).toBe(0)
    a.close()
  })
})
