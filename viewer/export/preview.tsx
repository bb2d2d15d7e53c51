import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './export.module.css'
import { openStage, type PictureSize } from './stage.ts'
import type { PaneSubject } from './subject.ts'
import { takePicture, type PictureWishes } from './take-picture.ts'

interface PreviewProps extends PictureWishes {
  readonly subject: PaneSubject
  readonly size: PictureSize
}

/** The image of the pane as it would be saved. */
export function Preview({ subject, size, marks, texts, patient }: PreviewProps): ReactNode {
  const { t, language } = useTexts()
  const shown = useRef<HTMLCanvasElement>(null)
  const [taken, setTaken] = useState<{ readonly width: number; readonly height: number }>()
  const [isFailed, setFailed] = useState(false)

  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    void take().catch((error: unknown) => {
      // Whatever it is that cannot be drawn: the export will say so, too.
      if (!signal.aborted) setFailed(true)
      else if (error !== signal.reason) throw error
    })
    return () => controller.abort()

    async function take(): Promise<void> {
      const stage = await openStage(subject, size, { areWritten: texts || patient })
      try {
        const index = subject.state()?.index ?? 0
        const wishes = { marks, texts, patient }
        const picture = await takePicture(stage, index, subject.opening, wishes, { t, language }, signal)
        if (shown.current === null) return
        shown.current.width = picture.width
        shown.current.height = picture.height
        shown.current.getContext('2d')?.drawImage(picture, 0, 0)
        setTaken({ width: picture.width, height: picture.height })
        setFailed(false)
      } finally {
        stage.close()
      }
    }
  }, [subject, size, marks, texts, patient, t, language])

  return (
    <figure className={styles.preview}>
      <div>
        <canvas
          ref={shown}
          role="img"
          aria-label={t('export.preview')}
          hidden={taken === undefined || isFailed}
        />
        {isFailed && <p>{t('export.preview-failed')}</p>}
      </div>
      <figcaption>
        {taken !== undefined &&
          t('export.pixels', { width: String(taken.width), height: String(taken.height) })}
      </figcaption>
    </figure>
  )
}
