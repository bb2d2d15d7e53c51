import type { ReadableStudy } from '../access/require-study.ts'
import type { StudyOpening } from '../contract/api.ts'
import type { ImageFacts, SeriesFacts } from '../contract/hanging.ts'
import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import {
  presentWorklistStudy,
  selectWorklistStudies,
  thumbnailUrl,
  type WorklistStudyRow,
} from './worklist-study.ts'

/** Modalities of which each image is a view of its own. */
const PROJECTIONS = ['MG', 'CR', 'DX', 'RG', 'IO', 'PX']
/** Of a series: a study of projections has a handful. */
const MOST_VIEWS = 64

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
         counted.instance_count, counted.frame_count, d.thumbnail_key,
         se.attributes #>> '{00181030,Value,0}' as protocol_name, se.attributes #>> '{00200052,Value,0}' as frame_of_reference,
         f.facts, case when se.modality = any($2::text[]) then (
           select jsonb_agg(facts || jsonb_build_object('sopInstanceUid', sop_instance_uid)
             order by instance_number nulls first, sop_instance_uid)
           from (select facts, sop_instance_uid, instance_number from instance where series_id = se.series_id
             and facts is not null order by instance_number nulls first, sop_instance_uid limit ${MOST_VIEWS}) projected
         ) end as images
       from series se cross join lateral (
           select count(*) as instance_count, coalesce(sum(number_of_frames), 0)::bigint as frame_count
           from instance where series_id = se.series_id
         ) counted
         left join series_derived d using (series_id) left join instance f on f.instance_id = se.first_instance_id
       where se.study_id = $1
       order by se.series_number nulls last, se.series_instance_uid`,
      [study.studyId, PROJECTIONS],
      { name: 'open-study-series' },
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
      facts: {
        ...each.facts,
        ...(each.protocol_name === null ? {} : { protocolName: each.protocol_name }),
        ...(each.frame_of_reference === null ? {} : { frameOfReference: each.frame_of_reference }),
        ...(each.images === null ? {} : { images: each.images }),
      },
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
  readonly protocol_name: string | null
  readonly frame_of_reference: string | null
  readonly facts: ImageFacts | null
  readonly images: NonNullable<SeriesFacts['images']> | null
}
