import type { StudyOpening } from '../../core/contract/api.ts'
import { firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import { displayDicomDate, displayDicomTime } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { displaySex } from '../ui/sex.ts'
import type { Words } from './take-picture.ts'

const joined = (parts: readonly (string | undefined)[], between: string): string =>
  parts.filter((part) => part !== undefined && part !== '').join(between)

/** The head of a printed page: whose images these are, and of what study. */
export function patientLines(
  { study }: StudyOpening,
  image: StackImage | undefined,
  { t, language }: Words,
): readonly [readonly string[], readonly string[]] {
  const { primary, secondary } = displayPersonName(study.patientName, language)
  const birth = displayDicomDate(study.patientBirthDate)
  const said = (tag: string): string => firstString(image?.metadata ?? {}, tag) ?? ''
  return [
    [
      joined([primary || study.patientId || '–', secondary], '  '),
      joined(
        [study.patientId, displaySex(study.patientSex, t), birth && t('reading.born', { date: birth })],
        ' · ',
      ),
    ],
    [
      joined(
        [
          said(Tag.InstitutionName),
          joined([displayDicomDate(study.studyDate), displayDicomTime(study.studyTime)], ' '),
        ],
        ' · ',
      ),
      joined([study.studyDescription, study.accessionNumber], ' · '),
    ],
  ]
}
