import { createContext, useContext, useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react'
import type { TextKey } from '../locales/text-key.ts'

/** A key of the page. Places on the keyboard (`code`), not characters: a Chinese input method does not change them. */
export interface KeyBinding {
  /** `KeyboardEvent.code`: 'KeyW', 'ArrowDown', 'Slash'. */
  readonly code: string
  readonly shift?: boolean
  /** Control, or Command on a Mac. */
  readonly control?: boolean
  /** How the key is drawn in the help: 'W', '↓', '/'. */
  readonly shown: string
  readonly text: TextKey
  /** Where it is listed in the help. */
  readonly group: TextKey
  /** Repeats while the key is held; otherwise a held key counts once. */
  readonly repeats?: boolean
  /** For Enter and Space: when a button or link has the focus, the key is its. */
  readonly unlessOnControl?: boolean
  readonly run: (event: KeyboardEvent) => void
}

/** The bindings of the pages on screen, so that the help can list them. */
export class KeyboardMap {
  #pages: readonly (readonly KeyBinding[])[] = []
  readonly #listeners = new Set<() => void>()

  readonly getPages = (): readonly (readonly KeyBinding[])[] => this.#pages

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(bindings: readonly KeyBinding[]): () => void {
    this.#set([...this.#pages, bindings])
    return () => this.#set(this.#pages.filter((page) => page !== bindings))
  }

  #set(pages: readonly (readonly KeyBinding[])[]): void {
    this.#pages = pages
    for (const listener of this.#listeners) listener()
  }
}

const Context = createContext<KeyboardMap | undefined>(undefined)

export function KeyboardProvider({ map, children }: { map: KeyboardMap; children: ReactNode }): ReactNode {
  return <Context value={map}>{children}</Context>
}

/**
 * Binds keys while the component is mounted. Keys typed into a field, composed by an input method, or pressed
 * inside a dialog or menu are left alone.
 */
export function useKeyboard(bindings: readonly KeyBinding[]): void {
  const map = useContext(Context)
  const latest = useRef(bindings)
  useEffect(() => {
    latest.current = bindings
  })
  const listed = bindings.map((binding) => binding.code + binding.text).join(' ')
  useEffect(() => map?.add(latest.current), [map, listed])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isTyping(event.target) || isInOverlay(event.target))
        return
      const binding = latest.current.find((candidate) => matches(candidate, event))
      if (binding === undefined || (event.repeat && binding.repeats !== true)) return
      if (binding.unlessOnControl === true && isControl(event.target)) return
      event.preventDefault()
      binding.run(event)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

/** Every binding on screen, page by page. */
export function useKeyboardPages(): readonly (readonly KeyBinding[])[] {
  const map = useContext(Context)
  if (map === undefined) throw new Error('useKeyboardPages needs a KeyboardProvider above it.')
  return useSyncExternalStore(map.subscribe, map.getPages)
}

/** Whether the event is this key with exactly these modifiers. */
export function matches(binding: KeyBinding, event: KeyboardEvent): boolean {
  return (
    event.code === binding.code &&
    event.shiftKey === (binding.shift ?? false) &&
    (event.ctrlKey || event.metaKey) === (binding.control ?? false) &&
    !event.altKey
  )
}

/** Whether keys pressed here are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'range', 'submit'].includes(target.type)
  )
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a[href], input, summary') !== null
}

function isInOverlay(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null
  )
}
