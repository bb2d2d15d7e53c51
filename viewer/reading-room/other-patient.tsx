import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { StudyOpening, WorklistStudy } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayDicomDate } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import styles from './reading-room.module.css'
import type { StudiesElsewhere } from './windows/use-studies-elsewhere.ts'

interface OtherPatientProps {
  readonly own: StudyOpening
  /** The studies on screen. */
  readonly others: readonly (StudyOpening | undefined)[]
  /** The studies on the screens of other windows of this desk. */
  readonly elsewhere: StudiesElsewhere
}

/** Says loudly that what is on screen is not all of one person, or that the files do not agree who it is. */
export function OtherPatient({ own, others, elsewhere }: OtherPatientProps): ReactNode {
  const { t, language } = useTexts()
  const isOther = (each: StudyOpening | undefined): boolean =>
    each !== undefined && !isSamePerson(own.study, each.study)
  const other = others.find(isOther)
  const away = elsewhere.openings.find(isOther)
  const who = ({ patientName, patientId, patientBirthDate }: WorklistStudy): string =>
    [displayPersonName(patientName, language).primary, patientId, displayDicomDate(patientBirthDate)]
      .filter((part) => part !== '')
      .join(' ')
  const alarms = [
    other && t('reading.other-patient', { own: who(own.study), other: who(other.study) }),
    away && t('windows.other-patient', { own: who(own.study), other: who(away.study) }),
    elsewhere.unknown ? t('windows.unknown-patient') : undefined,
  ].filter((text) => text !== undefined)
  if (alarms.length === 0) return null
  return (
    <div className={styles.alarms}>
      {alarms.map((text) => (
        <div key={text} className={styles.alarm} role="alert">
          <TriangleAlert size={18} strokeWidth={2} aria-hidden="true" />
          {text}
        </div>
      ))}
    </div>
  )
}

/** By what a file says of a person. Where one does not say, it does not contradict. */
export function isSamePerson(a: WorklistStudy, b: WorklistStudy): boolean {
  const agree = (one: string, other: string): boolean => one === '' || other === '' || one === other
  return (
    agree(a.patientId, b.patientId) &&
    agree(a.patientBirthDate, b.patientBirthDate) &&
    agree(a.patientSex, b.patientSex) &&
    agree(folded(a.patientName?.Alphabetic), folded(b.patientName?.Alphabetic))
  )
}

/** Case, spaces and the carets of empty name parts do not make another person. */
const folded = (name = ''): string =>
  name
    .toUpperCase()
    .replaceAll(/[\s^]+/g, ' ')
    .trim()
