import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { StudyOpening, WorklistStudy } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayDicomDate } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import styles from './reading-room.module.css'

interface OtherPatientProps {
  readonly own: StudyOpening
  /** The studies on screen. */
  readonly others: readonly (StudyOpening | undefined)[]
}

/** Says loudly that what is on screen is not all of one person, or that the files do not agree who it is. */
export function OtherPatient({ own, others }: OtherPatientProps): ReactNode {
  const { t, language } = useTexts()
  const other = others.find((each) => each !== undefined && !isSamePerson(own.study, each.study))
  if (other === undefined) return null
  const who = ({ patientName, patientId, patientBirthDate }: WorklistStudy): string =>
    [displayPersonName(patientName, language).primary, patientId, displayDicomDate(patientBirthDate)]
      .filter((part) => part !== '')
      .join(' ')
  return (
    <div className={styles.alarm} role="alert">
      <TriangleAlert size={18} strokeWidth={2} aria-hidden="true" />
      {t('reading.other-patient', { own: who(own.study), other: who(other.study) })}
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
