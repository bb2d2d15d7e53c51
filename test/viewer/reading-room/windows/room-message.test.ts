import { describe, expect, it } from 'vitest'
import { parseEnvelope, type RoomMessage } from '../../../../viewer/reading-room/windows/room-message.ts'

const from = crypto.randomUUID()
const read = (message: unknown) => parseEnvelope({ from, message })?.message

describe('messages between windows', () => {
  it('are read as they were sent', () => {
    const messages: RoomMessage[] = [
      { kind: 'here', studies: ['1.2.3'], asks: true },
      { kind: 'gone' },
      { kind: 'hand' },
      { kind: 'tool', tool: 'cobb' },
      { kind: 'place', frameOfReference: '1.2', at: [1, 2, 3] },
      { kind: 'links', links: { scroll: true, zoom: false, window: true, all: false } },
    ]
    for (const message of messages) expect(read(structuredClone(message))).toEqual(message)
  })

  it('are dropped when they are anything else', () => {
    for (const wrong of [
      undefined,
      'here',
      { kind: 'here', studies: ['../../x'], asks: true },
      { kind: 'here', studies: Array.from({ length: 50 }, () => '1.2'), asks: true },
      { kind: 'tool', tool: 'constructor' },
      { kind: 'place', frameOfReference: '1.2', at: [1, NaN, 3] },
      { kind: 'shown', images: [{}] },
      { kind: 'other' },
    ])
      expect(read(wrong)).toBeUndefined()
    expect(parseEnvelope({ from: '<x>', message: { kind: 'gone' } })).toBeUndefined()
  })

  it('carry no more than they say: a name that somebody added is not handed on', () => {
    expect(read({ kind: 'here', studies: [], asks: false, patientName: 'Wang^Fang' })).toEqual({
      kind: 'here',
      studies: [],
      asks: false,
    })
  })
})
