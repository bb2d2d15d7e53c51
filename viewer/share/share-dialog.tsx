import { useState, type ReactNode } from 'react'
import type { PersonName } from '../../core/contract/api.ts'
import type { CreatedShare } from '../../core/contract/sharing.ts'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { displayPersonName } from '../ui/person-name.ts'
import { NewShareForm } from './new-share-form.tsx'
import { ShareList } from './share-list.tsx'
import { ShareMade } from './share-made.tsx'

/** What of a study the dialog says and asks for. */
export interface SharedStudy {
  readonly studyInstanceUid: string
  readonly patientName: PersonName | null
  readonly patientId: string
  readonly studyDescription: string
}

/** A study's links: a new one, and those there are. */
export function ShareDialog({
  study,
  onClose,
}: {
  readonly study: SharedStudy
  readonly onClose: () => void
}): ReactNode {
  const { t, language } = useTexts()
  const [made, setMade] = useState<CreatedShare>()
  const name = displayPersonName(study.patientName, language)
  return (
    <Dialog
      open
      onOpenChange={onClose}
      wide
      title={t('share.title')}
      description={[name.primary || study.patientId, study.studyDescription]
        .filter((part) => part !== '')
        .join(' · ')}
    >
      <QueriesProvider>
        {made === undefined ? (
          <>
            <NewShareForm studyInstanceUid={study.studyInstanceUid} onMade={setMade} />
            <ShareList path={`/api/studies/${study.studyInstanceUid}/shares`} />
          </>
        ) : (
          <ShareMade made={made} onAnother={() => setMade(undefined)} onClose={onClose} />
        )}
      </QueriesProvider>
    </Dialog>
  )
}
