import {
  createContext,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import { idOf, matches, withChoices, type KeyBinding, type KeyChoices } from './key-binding.ts'

export type { KeyBinding } from './key-binding.ts'

type Pages = readonly (readonly KeyBinding[])[]

/** The bindings of the pages on screen, so that the help can list them, with the keys that somebody chose for them. */
export class KeyboardMap {
  #pages: Pages = []
  #choices: KeyChoices = {}
  #inForce: Pages = []
  readonly #listeners = new Set<() => void>()

  /** With the keys in force. */
  readonly getPages = (): Pages => this.#inForce

  /** With the keys from the factory. */
  readonly getFactory = (): Pages => this.#pages

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(bindings: readonly KeyBinding[]): () => void {
    this.#set([...this.#pages, bindings])
    return () => this.#set(this.#pages.filter((page) => page !== bindings))
  }

  #set(pages: Pages): void {
    this.#pages = pages
    this.#changed()
  }

  /** Gives commands other keys, now and on pages to come. */
  choose(choices: KeyChoices): void {
    this.#choices = choices
    this.#changed()
  }

  inForce(bindings: readonly KeyBinding[]): readonly KeyBinding[] {
    return withChoices(bindings, this.#choices)
  }

  #changed(): void {
    this.#inForce = this.#pages.map((page) => this.inForce(page))
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
  // Before it is painted: whoever sees what a key is for may press it.
  useLayoutEffect(() => {
    latest.current = bindings
  })
  const listed = bindings.map(({ code, text, name = '' }) => code + text + name).join(' ')
  useEffect(() => map?.add(latest.current), [map, listed])
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isTyping(event.target) || isInOverlay(event.target))
        return
      const own = map?.inForce(latest.current) ?? latest.current
      const binding = own.find((candidate) => matches(candidate, event))
      if (binding === undefined || (event.repeat && binding.repeats !== true)) return
      if (binding.unlessOnControl === true && isControl(event.target)) return
      event.preventDefault()
      binding.run(event)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [map])
}

/** Every binding on screen, page by page, with the keys in force. */
export function useKeyboardPages(): Pages {
  const map = useKeyboardMap()
  return useSyncExternalStore(map.subscribe, map.getPages)
}

export function useKeyboardMap(): KeyboardMap {
  const map = useContext(Context)
  if (map === undefined) throw new Error('useKeyboardMap needs a KeyboardProvider above it.')
  return map
}

const NO_PAGES: Pages = []

/** How the key of a command on screen is drawn, by its id; undefined: it has none. */
export function useShownKeys(): (id: string) => string | undefined {
  const map = useContext(Context)
  const pages = useSyncExternalStore(map?.subscribe ?? noNews, map?.getPages ?? (() => NO_PAGES))
  return (id) => pages.flat().find((binding) => idOf(binding) === id)?.shown
}

const noNews = () => () => undefined

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
