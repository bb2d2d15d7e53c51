import { useEffect, useState } from 'react'

/** The value once it has not changed for so long. Milliseconds. */
export function useRestedValue<Value>(value: Value, restMs: number): Value {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs)
    return () => clearTimeout(timer)
  }, [value, restMs])
  return rested
}
