import { useEffect, useRef, type RefObject } from 'react'

/** A field that has the focus, with all that it says chosen, after the click that ended a drawing, which would take it away again. */
export function useLateFocus(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const timer = setTimeout(() => field.current?.select(), 0)
    return () => clearTimeout(timer)
  }, [])
  return field
}
