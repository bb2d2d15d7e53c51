import type { ReadableStudy } from '../access/require-study.ts'
import type { StudyOpening } from '../contract/api.ts'
import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import {
  presentWorklistStudy,
  selectWorklistStudies,
  thumbnailUrl,
  type WorklistStudyRow,
} from './worklist-study.ts'

/** What the reading room needs before pixels: the study, and its series in reading order. The caller has authorised it. */
export async function openStudy(pacs: Pick<Pacs, 'database'>, study: ReadableStudy): Promise<StudyOpening> {
  const [[row], series] = await Promise.all([
    pacs.database.query<WorklistStudyRow>(
      selectWorklistStudies('(select * from study where study_id = $1)'),
      [study.studyId],
      { name: 'open-study' },
    ),
    pacs.database.query<SeriesRow>(
      `select se.series_instance_uid, se.modality, se.series_number, se.series_description, se.body_part_examined,
         count(i.instance_id) as instance_count, coalesce(sum(i.number_of_frames), 0)::bigint as frame_count, d.thumbnail_key
       from series se left join instance i using (series_id) left join series_derived d using (series_id)
       where se.study_id = $1 group by se.series_id, d.thumbnail_key
       order by se.series_number nulls last, se.series_instance_uid`,
      [study.studyId],
    ),
  ])
  if (row === undefined)
    throw notFound('study-not-found', 'There is no such study, or it was not shared with you.')
  return {
    study: presentWorklistStudy(row),
    series: series.map((each) => ({
      seriesInstanceUid: each.series_instance_uid,
      modality: each.modality,
      seriesNumber: each.series_number,
      seriesDescription: each.series_description,
      bodyPartExamined: each.body_part_examined,
      instanceCount: each.instance_count,
      frameCount: each.frame_count,
      thumbnailUrl: thumbnailUrl(row.study_instance_uid, each.series_instance_uid, each.thumbnail_key),
    })),
  }
}

interface SeriesRow {
  readonly series_instance_uid: string
  readonly modality: string
  readonly series_number: number | null
  readonly series_description: string
  readonly body_part_examined: string
  readonly instance_count: number
  readonly frame_count: number
  readonly thumbnail_key: string | null
}
