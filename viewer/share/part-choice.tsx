import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { StudyOpening } from '../../core/contract/api.ts'
import type { CreateShare } from '../../core/contract/sharing.ts'
import { useApi } from '../client/client-context.tsx'
import { Choice, Tick } from '../export/choices.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { KeyImageChoice } from './key-image-choice.tsx'
import styles from './share.module.css'

/** Series and instances by UID; at least one of the lists is empty. */
export type Part = NonNullable<CreateShare['selection']>

interface PartChoiceProps {
  readonly studyInstanceUid: string
  /** Undefined: the whole study. */
  readonly part: Part | undefined
  readonly onChange: (part: Part | undefined) => void
}

const KINDS = ['all', 'series', 'key-images'] as const
type Kind = (typeof KINDS)[number]
const NOTHING: Part = { series: [], instances: [] }

/** The whole study, some of its series, or its key images. */
export function PartChoice({ studyInstanceUid, part, onChange }: PartChoiceProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [kind, setKind] = useState<Kind>('all')
  const { data, error } = useQuery({
    queryKey: ['share', 'series', studyInstanceUid],
    queryFn: ({ signal }) =>
      api.call('GET', `/api/studies/${studyInstanceUid}`, { answer: StudyOpening, signal }),
    enabled: kind !== 'all',
  })
  const choose = (chosen: Kind): void => {
    setKind(chosen)
    onChange(chosen === 'all' ? undefined : NOTHING)
  }
  return (
    <div className={styles.part}>
      <Choice
        legend={t('share.part')}
        value={kind}
        onChange={choose}
        options={KINDS.map((each) => ({ value: each, text: t(`share.part.${each}`) }))}
      />
      {kind !== 'all' && error !== null && (
        <p role="alert" className={styles.fault}>
          {errorText(t, error)}
        </p>
      )}
      {kind === 'series' && data !== undefined && (
        <div className={styles.series}>
          {data.series.map((series) => (
            <Tick
              key={series.seriesInstanceUid}
              text={[
                series.modality,
                series.seriesDescription || (series.seriesNumber ?? ''),
                t('share.images', { count: series.instanceCount }),
              ]
                .filter((text) => text !== '')
                .join(' · ')}
              checked={part?.series.includes(series.seriesInstanceUid) ?? false}
              onChange={(checked) =>
                onChange({
                  series: toggled(part?.series ?? [], series.seriesInstanceUid, checked),
                  instances: [],
                })
              }
            />
          ))}
        </div>
      )}
      {kind === 'key-images' && data !== undefined && (
        <KeyImageChoice opening={data} onChange={(instances) => onChange({ series: [], instances })} />
      )}
    </div>
  )
}

const toggled = (chosen: readonly string[], uid: string, isIn: boolean): string[] =>
  isIn ? [...chosen, uid] : chosen.filter((each) => each !== uid)
