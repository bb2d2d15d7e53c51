import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { PixelRisks, type CreateShare } from '../../core/contract/sharing.ts'
import { useApi } from '../client/client-context.tsx'
import { Choice, Tick } from '../export/choices.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { reasonText } from './reason-text.ts'
import styles from './share.module.css'

export type Deidentify = NonNullable<CreateShare['deidentify']>

interface DeidentifyChoiceProps {
  readonly studyInstanceUid: string
  /** UIDs of the series that are shared; undefined: all. */
  readonly series: readonly string[] | undefined
  readonly value: Deidentify
  readonly onChange: (value: Deidentify) => void
}

/** What a copy without names keeps, and the question of the images that may show one. */
export function DeidentifyChoice({
  studyInstanceUid,
  series,
  value,
  onChange,
}: DeidentifyChoiceProps): ReactNode {
  const { t } = useTexts()
  return (
    <fieldset className={styles.rights}>
      <legend>{t('deidentify.options')}</legend>
      <Tick
        text={t('deidentify.dates')}
        hint={t('deidentify.dates-hint')}
        checked={value.shiftDates === true}
        onChange={(shiftDates) => onChange({ ...value, shiftDates })}
      />
      <Tick
        text={t('deidentify.characteristics')}
        checked={value.keepPatientCharacteristics === true}
        onChange={(keepPatientCharacteristics) => onChange({ ...value, keepPatientCharacteristics })}
      />
      <Tick
        text={t('deidentify.descriptors')}
        hint={t('deidentify.descriptors-hint')}
        checked={value.keepDescriptors === true}
        onChange={(keepDescriptors) => onChange({ ...value, keepDescriptors })}
      />
      <PixelQuestion
        studyInstanceUid={studyInstanceUid}
        series={series}
        answer={value.pixels ?? 'exclude'}
        onAnswer={(pixels) => onChange({ ...value, pixels })}
      />
    </fieldset>
  )
}

interface PixelQuestionProps {
  readonly studyInstanceUid: string
  readonly series: readonly string[] | undefined
  readonly answer: 'exclude' | 'confirmed'
  readonly onAnswer: (answer: 'exclude' | 'confirmed') => void
}

/** The images concerned, by series and reason; left out unless a person says that they looked. */
function PixelQuestion({ studyInstanceUid, series, answer, onAnswer }: PixelQuestionProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
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
  const concerned = data.series.filter(
    (each) => series === undefined || series.includes(each.seriesInstanceUid),
  )
  if (concerned.length === 0) return <p className={styles.hint}>{t('deidentify.no-risk')}</p>
  const canAsk = concerned.some(({ reason }) => reason !== 'encapsulated-document')
  return (
    <>
      {canAsk && <p className={styles.hint}>{t('deidentify.question')}</p>}
      <ul className={styles.concerned}>
        {concerned.map((each) => (
          <li key={`${each.seriesInstanceUid} ${each.reason}`}>
            {[
              each.modality,
              each.description,
              t('deidentify.images', { count: each.instances }),
              reasonText(t, each.reason),
              ...(each.reason === 'encapsulated-document' ? [t('deidentify.stays-out')] : []),
            ]
              .filter((text) => text !== '')
              .join(' · ')}
          </li>
        ))}
      </ul>
      {canAsk && (
        <Choice
          legend=""
          value={answer}
          onChange={onAnswer}
          options={(['exclude', 'confirmed'] as const).map((each) => ({
            value: each,
            text: t(`deidentify.${each}`),
          }))}
        />
      )}
    </>
  )
}
