import { useEffect, type ReactNode } from 'react'
import { useSessionState } from '../client/client-context.tsx'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { PatientEntry } from './patient-entry.tsx'
import { PatientHome } from './patient-home.tsx'

/** All that a patient sees: the way in, and their own page. */
export function PatientGate(): ReactNode {
  return (
    <WithTexts areas={['patient']}>
      <ToastProvider>
        <Gate />
      </ToastProvider>
    </WithTexts>
  )
}

function Gate(): ReactNode {
  const { t } = useTexts()
  const state = useSessionState()
  useEffect(() => {
    document.title = `${t('patient.entry.title')} · Yunying 云影`
  }, [t])
  const isPatient = state.kind === 'signed-in' && state.user.roles.includes('patient')
  if (!isPatient || state.expired) return <PatientEntry expired={isPatient} />
  return (
    <QueriesProvider>
      <PatientHome />
    </QueriesProvider>
  )
}
