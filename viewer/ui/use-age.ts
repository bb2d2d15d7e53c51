import { useTexts } from '../locales/texts-context.tsx'
import { ageOn } from './dates.ts'

/** Somebody's age on a day, in words; empty when it cannot be told. Both dates are DICOM's. */
export function useAge(birthDate: string, onDate: string): string {
  const { t } = useTexts()
  const age = ageOn(birthDate, onDate)
  return age === undefined ? '' : t(`shell.age.${age.unit}`, { value: age.value })
}
