import { describe, expect, it } from 'vitest'
import { withChoices, type KeyBinding } from '../../../viewer/ui/key-binding.ts'
import { allCommands } from '../../../viewer/settings/all-commands.ts'
import {
  clashes,
  isReserved,
  keyOf,
  rivalsOf,
  withKey,
  withKeyTaken,
  type Command,
} from '../../../viewer/settings/key-choice.ts'

const commands = allCommands([])
const called = (id: string): Command => {
  const found = commands.find((command) => command.id === id)
  if (found === undefined) throw new Error(`no command ${id}`)
  return found
}
const idsOf = (found: readonly Command[]) => found.map(({ id }) => id)

describe('allCommands', () => {
  it('has no key twice in one place as from the factory', () => {
    expect([...clashes(commands, {})].map(([id, rivals]) => [id, idsOf(rivals)])).toEqual([])
  })

  it('has each key that can be chosen once', () => {
    expect(commands.length).toBeGreaterThan(80)
    for (const direction of ['Left', 'Right', 'Up', 'Down']) called(`measuring.move-10-Arrow${direction}`)
    for (const id of ['fusion.toggle', 'fusion.fainter', 'fusion.next-map']) called(id)
    expect(keyOf(called('segments.brush'), {})).toEqual({ code: 'KeyB', shift: true })
  })
})

describe('rivalsOf', () => {
  const invert = called('reading.invert')

  it('finds whose key it is, and nobody once that one has another', () => {
    expect(idsOf(rivalsOf(commands, invert, { code: 'KeyW' }, {}))).toEqual(['reading.tool-window'])
    expect(rivalsOf(commands, invert, { code: 'KeyW' }, { 'reading.tool-window': { code: 'F8' } })).toEqual(
      [],
    )
    expect(rivalsOf(commands, invert, { code: 'KeyW', alt: true }, {})).toEqual([])
  })

  it('sees a key that was chosen, not the one from the factory', () => {
    const choices = { 'reading.tool-pan': { code: 'F8' } }
    expect(idsOf(rivalsOf(commands, invert, { code: 'F8' }, choices))).toEqual(['reading.tool-pan'])
    expect(rivalsOf(commands, invert, { code: 'KeyP' }, choices)).toEqual([])
  })

  it('lets the worklist and the reading room share, and a cross have its keys first', () => {
    const search = called('worklist.keys.search')
    expect(rivalsOf(commands, search, { code: 'KeyW' }, {})).toEqual([])
    expect(rivalsOf(commands, called('reading.cursor-set'), { code: 'KeyW' }, {})).toEqual([])
  })
})

describe('withKeyTaken', () => {
  it('leaves the other without a key', () => {
    const choices = withKeyTaken({}, commands, called('reading.invert'), { code: 'KeyW' })
    expect(choices).toEqual({ 'reading.tool-window': null, 'reading.invert': { code: 'KeyW' } })
    expect([...clashes(commands, choices)]).toEqual([])
  })
})

describe('withKey', () => {
  it('keeps nothing of what is as from the factory', () => {
    const invert = called('reading.invert')
    const choices = withKey({}, invert, { code: 'F8' })
    expect(choices).toEqual({ 'reading.invert': { code: 'F8' } })
    expect(withKey(choices, invert, { code: 'KeyI' })).toEqual({})
    expect(withKey(choices, invert, undefined)).toEqual({ 'reading.invert': null })
  })
})

describe('isReserved', () => {
  it('is true of keys that close the window, and of no key from the factory', () => {
    expect(isReserved({ code: 'KeyW', control: true })).toBe(true)
    expect(commands.filter(({ factory }) => isReserved(factory))).toEqual([])
  })
})

describe('withChoices', () => {
  const binding: KeyBinding = {
    code: 'KeyI',
    shown: 'I',
    text: 'reading.invert',
    group: 'reading.group-look',
    run: () => undefined,
  }

  it('gives a command its key and how that is drawn, takes it away, and leaves what is fixed', () => {
    const choices = { 'reading.invert': { code: 'F8', shift: true } } as const
    expect(withChoices([binding], choices)[0]).toMatchObject({ code: 'F8', shift: true, shown: '⇧F8' })
    expect(withChoices([binding], { 'reading.invert': null })).toEqual([])
    expect(withChoices([{ ...binding, fixed: true }], choices)[0]?.code).toBe('KeyI')
  })
})
