import { useNavigate } from '@tanstack/react-router'
import { FolderInput } from 'lucide-react'
import { useActionState, type ReactNode } from 'react'
import { useApi, useMay } from '../client/client-context.tsx'
import { EmergencyOffer } from '../emergency/emergency-offer.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './worklist-page.module.css'

/** An archive without studies (for this reader) says how the first one comes in. */
export function EmptyArchive(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const navigate = useNavigate()
  const mayStore = useMay('instance.store')
  const mayLoadSamples = useMay('sample.load')
  const [asked, loadSamples, isAsking] = useActionState(
    (): Promise<'loading' | { error: unknown }> =>
      api.call('POST', '/api/samples').then(
        () => 'loading',
        (error: unknown) => ({ error }),
      ),
    undefined,
  )
  const isLoading = isAsking || asked === 'loading'

  if (!mayStore) {
    return (
      <Notice
        title={t('worklist.empty.reader.title')}
        text={t('worklist.empty.reader.text')}
        action={<EmergencyOffer />}
      />
    )
  }
  return (
    <div className={styles.invitation}>
      <div className={styles.drop}>
        <Notice
          icon={<FolderInput size={26} strokeWidth={1.5} />}
          title={t('worklist.empty.title')}
          text={isLoading ? t('worklist.empty.loading') : t('worklist.empty.text')}
          action={
            <>
              <Button kind="primary" large onClick={() => void navigate({ to: '/upload' })}>
                {t('worklist.empty.upload')}
              </Button>
              {mayLoadSamples && (
                <form action={loadSamples}>
                  <Button type="submit" large disabled={isLoading}>
                    {t(isLoading ? 'worklist.empty.samples-loading' : 'worklist.empty.samples')}
                  </Button>
                </form>
              )}
            </>
          }
        />
        {typeof asked === 'object' && <p role="alert">{errorText(t, asked.error)}</p>}
        <ul>
          <li>{t('worklist.empty.hint.folders')}</li>
          <li>{t('worklist.empty.hint.again')}</li>
          <li>{t('worklist.empty.hint.resume')}</li>
        </ul>
      </div>
    </div>
  )
}
