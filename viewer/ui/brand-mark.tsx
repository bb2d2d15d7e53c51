import type { ReactNode } from 'react'

/** The mark: a body and its shadow. */
export function BrandMark({ size = 22 }: { size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9.25" fill="none" stroke="var(--accent)" strokeWidth="2" />
      <path d="M12 2.75a9.25 9.25 0 0 1 0 18.5 13.5 13.5 0 0 0 0-18.5Z" fill="var(--accent)" />
    </svg>
  )
}
