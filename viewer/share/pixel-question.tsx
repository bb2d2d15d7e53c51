import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { PixelRisks, type Blackout } from '../../core/contract/sharing.ts'
import { useApi } from '../client/client-context.tsx'
import { Choice } from '../export/choices.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import type { Part } from './part-choice.tsx'
import { reasonText } from './reason-text.ts'
import { RegionEditor, type SeriesAtRisk } from './region-editor.tsx'
import { imagesWithRegions } from './regions.ts'
import styles from './share.module.css'

interface PixelQuestionProps {
  readonly studyInstanceUid: string
  readonly part: Part | undefined
  readonly answer: 'exclude' | 'confirmed'
  readonly onAnswer: (answer: 'exclude' | 'confirmed') => void
  readonly blackout: readonly Blackout[]
  readonly onBlackout: (blackout: Blackout[]) => void
}

/** The images that may show a name, by series and reason; left out unless a person says that they looked, or blacks out regions. */
export function PixelQuestion({
  studyInstanceUid,
  part,
  answer,
  onAnswer,
  blackout,
  onBlackout,
}: PixelQuestionProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [drawing, setDrawing] = useState<SeriesAtRisk>()
  const { data, isError, error } = useQuery({
    queryKey: ['share', 'pixel-risks', studyInstanceUid],
    queryFn: ({ signal }) =>
      api.call('GET', `/api/studies/${studyInstanceUid}/pixel-risks`, { answer: PixelRisks, signal }),
  })
  if (isError)
    return (
      <p role="alert" className={styles.fault}>
        {errorText(t, error)}
      </p>
    )
  if (data === undefined)
    return (
      <p role="status" className={styles.hint}>
        {t('deidentify.looking')}
      </p>
    )
  if (part !== undefined && part.series.length + part.instances.length === 0) return null
  const concerned = data.series.flatMap((each) => ofPart(each, part))
  if (concerned.length === 0) return <p className={styles.hint}>{t('deidentify.no-risk')}</p>
  const canAsk = concerned.some(({ reason }) => reason !== 'encapsulated-document')
  return (
    <>
      {canAsk && <p className={styles.hint}>{t('deidentify.question')}</p>}
      <ul className={styles.concerned}>
        {concerned.map((each) => {
          const what = [each.modality, each.description].filter((text) => text !== '').join(' · ')
          const covered = imagesWithRegions(blackout, imagesOf(each))
          return (
            <li key={`${each.seriesInstanceUid} ${each.reason}`}>
              <span>
                {[
                  what,
                  t('deidentify.images', { count: each.instances }),
                  reasonText(t, each.reason),
                  ...(each.reason === 'encapsulated-document' ? [t('deidentify.stays-out')] : []),
                  ...(covered > 0
                    ? [t('deidentify.covered', { count: covered, total: each.images.length })]
                    : []),
                ]
                  .filter((text) => text !== '')
                  .join(' · ')}
              </span>
              {each.images.length > 0 && (
                <Button aria-label={t('deidentify.black-out-in', { what })} onClick={() => setDrawing(each)}>
                  {t('deidentify.black-out')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {canAsk && (
        <Choice
          legend=""
          value={answer}
          onChange={onAnswer}
          options={[
            {
              value: 'exclude',
              text: t(blackout.length > 0 ? 'deidentify.exclude-rest' : 'deidentify.exclude'),
            },
            { value: 'confirmed', text: t('deidentify.confirmed') },
          ]}
        />
      )}
      {drawing !== undefined && (
        <RegionEditor
          studyInstanceUid={studyInstanceUid}
          series={drawing}
          blackout={blackout}
          onClose={() => setDrawing(undefined)}
          onDone={(drawn) => {
            onBlackout(drawn)
            setDrawing(undefined)
          }}
        />
      )}
    </>
  )
}

const imagesOf = ({ seriesInstanceUid, images }: SeriesAtRisk) =>
  images.map((image) => ({ ...image, seriesInstanceUid }))

/** What of a series is shared: all of it, none, or the images that were chosen. */
function ofPart(series: SeriesAtRisk, part: Part | undefined): SeriesAtRisk[] {
  if (part === undefined || part.series.includes(series.seriesInstanceUid)) return [series]
  const images = series.images.filter(({ sopInstanceUid }) => part.instances.includes(sopInstanceUid))
  return images.length === 0 ? [] : [{ ...series, images, instances: images.length }]
}
