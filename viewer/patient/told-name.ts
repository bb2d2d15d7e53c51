import type { Told } from '../../core/contract/patient.ts'
import { useTexts } from '../locales/texts-context.tsx'

/** How a person is named to a patient: by name where the hospital says it, else by what they are. */
export function useToldName(): (who: Told) => string {
  const { t } = useTexts()
  return ({ name, role }) => name ?? t(`patient.role.${role}`)
}
