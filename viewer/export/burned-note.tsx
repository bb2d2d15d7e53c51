import { TriangleAlert } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import type { StackImage } from '../imaging/stack-image.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { burnedIn } from './burned-in.ts'
import styles from './export.module.css'

/** Says that pixels themselves may name the patient, which no box here takes off. */
export function BurnedNote({ images }: { readonly images: readonly StackImage[] }): ReactNode {
  const { t } = useTexts()
  const burned = useMemo(() => {
    const said = images.map(({ metadata }) => burnedIn(metadata))
    return said.includes('said') ? 'said' : said.includes('likely') ? 'likely' : 'no'
  }, [images])
  if (burned === 'no') return null
  return (
    <p className={styles.care} role="note">
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
      {t(`export.burned-${burned}`)}
    </p>
  )
}
