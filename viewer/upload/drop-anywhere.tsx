import { useNavigate } from '@tanstack/react-router'
import { FolderDown } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './drop-anywhere.module.css'
import { useUploadDesk } from './upload-context.tsx'
import { sourcesOfDrop } from './walk-sources.ts'

/** Files dropped anywhere on the product are taken in, and the upload page shows how it goes. */
export function DropAnywhere(): ReactNode {
  const { t } = useTexts()
  const desk = useUploadDesk()
  const navigate = useNavigate()
  const [over, setOver] = useState(false)

  useEffect(() => {
    let depth = 0
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth += 1
      setOver(true)
    }
    const hover = (event: DragEvent): void => {
      if (!carriesFiles(event) || event.dataTransfer === null) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    }
    const leave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      if (!carriesFiles(event) || event.dataTransfer === null) return
      event.preventDefault()
      depth = 0
      setOver(false)
      const sources = sourcesOfDrop(event.dataTransfer)
      void navigate({ to: '/upload' })
      void sources.then((found) => desk.add(found))
    }
    const listeners = { dragenter: enter, dragover: hover, dragleave: leave, drop } as const
    for (const [name, listener] of Object.entries(listeners)) {
      window.addEventListener(name as 'drop', listener)
    }
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        window.removeEventListener(name as 'drop', listener)
      }
    }
  }, [desk, navigate])

  if (!over) return null
  return (
    <div className={styles.curtain} aria-hidden="true">
      <div className={styles.target}>
        <FolderDown size={40} strokeWidth={1.25} color="var(--accent)" />
        {t('upload.drop.release')}
      </div>
    </div>
  )
}
