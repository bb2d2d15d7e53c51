import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { z } from 'zod'
import { MarkDraft, type StudyOpening } from '../../core/contract/api.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { listKeyImages, chosenInstances, type KeyImage } from './list-key-images.ts'
import styles from './key-image-choice.module.css'
import share from './share.module.css'

/** Trusted: our own server made it. */
const Metadata = z.custom<DicomJson[]>(Array.isArray)

interface KeyImageChoiceProps {
  readonly opening: StudyOpening
  /** Told the UIDs of the images that are chosen, and of the selections that name nothing else. */
  readonly onChange: (instances: string[]) => void
}

/** The key images of a study to choose from: all of them at first. */
export function KeyImageChoice({ opening, onChange }: KeyImageChoiceProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const { study, series } = opening
  const { studyInstanceUid } = study
  const { data, error } = useQuery({
    queryKey: ['share', 'key-images', studyInstanceUid],
    queryFn: async ({ signal }) => {
      const selections: DicomJson[] = []
      for (const { modality, seriesInstanceUid } of series)
        if (modality === 'KO')
          selections.push(
            ...(await api.call(
              'GET',
              `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/metadata`,
              { answer: Metadata, signal },
            )),
          )
      const draft = await api.call('GET', `/api/studies/${studyInstanceUid}/draft`, {
        answer: MarkDraft,
        signal,
      })
      return listKeyImages(studyInstanceUid, selections, draft.marks)
    },
  })
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    if (data !== undefined) onChange(chosenInstances(data, leftOut))
    // The form's own function is another at each drawing.
  }, [data, leftOut])
  if (error !== null)
    return (
      <p role="alert" className={share.fault}>
        {errorText(t, error)}
      </p>
    )
  if (data === undefined) return <p role="status">{t('share.key-images-looking')}</p>
  if (data.images.length === 0) return <p className={share.hint}>{t('share.key-images-none')}</p>
  const toggle = (uid: string): void => {
    const next = new Set(leftOut)
    if (!next.delete(uid)) next.add(uid)
    setLeftOut(next)
  }
  return (
    <ul className={styles.images}>
      {data.images.map((image, index) => {
        const says = image.titles.length === 0 ? t('share.key-image-marked') : image.titles.join(', ')
        return (
          <li key={image.sopInstanceUid}>
            <label>
              <input
                type="checkbox"
                checked={!leftOut.has(image.sopInstanceUid)}
                onChange={() => toggle(image.sopInstanceUid)}
                aria-label={[t('share.key-image', { number: index + 1 }), says].join(', ')}
              />
              <img src={thumbnailOf(studyInstanceUid, image)} alt="" loading="lazy" />
              <span title={says}>{says}</span>
            </label>
          </li>
        )
      })}
    </ul>
  )
}

const thumbnailOf = (study: string, { seriesInstanceUid, sopInstanceUid, frameNumber }: KeyImage): string =>
  `/dicom-web/studies/${study}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/${frameNumber}/thumbnail`
