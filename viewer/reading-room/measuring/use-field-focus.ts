import { useLayoutEffect, useRef, type RefObject } from 'react'

interface FieldFocus {
  readonly field: RefObject<HTMLInputElement | null>
  /** The click that ended the drawing is over: who leaves the field now, leaves it on purpose. */
  readonly isSettled: () => boolean
}

/**
 * A field that has the focus as soon as it is there, with all that it says chosen: what is typed at once is its text,
 * and no key of the reading room. The click that ended the drawing can take the focus away; the field takes it back after it.
 */
export function useFieldFocus(): FieldFocus {
  const field = useRef<HTMLInputElement>(null)
  const settled = useRef(false)
  useLayoutEffect(() => {
    field.current?.focus()
    field.current?.select()
    const timer = setTimeout(() => {
      // Without choosing again: something may have been typed already.
      field.current?.focus()
      settled.current = true
    }, 0)
    return () => clearTimeout(timer)
  }, [])
  return { field, isSettled: () => settled.current }
}
