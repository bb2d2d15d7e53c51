import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { StudyOpening } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { Tick } from '../export/choices.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './share.module.css'

interface SeriesChoiceProps {
  readonly studyInstanceUid: string
  /** UIDs; undefined: the whole study. */
  readonly chosen: readonly string[] | undefined
  readonly onChange: (chosen: readonly string[] | undefined) => void
}

/** The whole study, or some of its series. */
export function SeriesChoice({ studyInstanceUid, chosen, onChange }: SeriesChoiceProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const { data } = useQuery({
    queryKey: ['share', 'series', studyInstanceUid],
    queryFn: ({ signal }) =>
      api.call('GET', `/api/studies/${studyInstanceUid}`, { answer: StudyOpening, signal }),
    enabled: chosen !== undefined,
  })
  return (
    <>
      <Tick
        text={t('share.only-series')}
        checked={chosen !== undefined}
        onChange={(only) => onChange(only ? [] : undefined)}
      />
      {chosen !== undefined && (
        <div className={styles.series}>
          {data?.series.map((series) => (
            <Tick
              key={series.seriesInstanceUid}
              text={[
                series.modality,
                series.seriesDescription || (series.seriesNumber ?? ''),
                t('share.images', { count: series.instanceCount }),
              ].join(' · ')}
              checked={chosen.includes(series.seriesInstanceUid)}
              onChange={(checked) =>
                onChange(
                  checked
                    ? [...chosen, series.seriesInstanceUid]
                    : chosen.filter((uid) => uid !== series.seriesInstanceUid),
                )
              }
            />
          ))}
        </div>
      )}
    </>
  )
}
