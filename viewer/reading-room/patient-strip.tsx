import type { ReactNode } from 'react'
import type { WorklistStudy } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayDicomDate } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { displaySex } from '../ui/sex.ts'
import styles from './patient-strip.module.css'

type Shown = Pick<
  WorklistStudy,
  'patientName' | 'patientId' | 'patientSex' | 'patientBirthDate' | 'studyDate' | 'studyDescription'
>

/** Whose images these are, and the study. Whoever it is is never shortened for want of room: the study's name is, and the tools. */
export function PatientStrip({ study }: { study: Shown }): ReactNode {
  const { t, language } = useTexts()
  const { primary, secondary } = displayPersonName(study.patientName, language)
  const birthDate = displayDicomDate(study.patientBirthDate)
  const names = [primary || study.patientId || '–', secondary].filter((name) => name !== '')
  const facts = [
    study.patientId,
    displaySex(study.patientSex, t),
    birthDate && t('reading.born', { date: birthDate }),
  ].filter((fact) => fact !== '')
  const about = [displayDicomDate(study.studyDate), study.studyDescription].filter((part) => part !== '')
  return (
    <div className={styles.patient} title={[...names, ...facts, ...about].join(' · ')}>
      <p>
        <b>{names[0]}</b>
        {names.length > 1 && <span>{names[1]}</span>}
      </p>
      <p className={styles.facts}>
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
        <span className={styles.study}>{about.join(' ')}</span>
      </p>
    </div>
  )
}
