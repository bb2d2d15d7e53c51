import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { FolderInput } from 'lucide-react'
import type { ReactNode } from 'react'
import { useApi, useMay } from '../client/client-context.tsx'
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
  const samples = useMutation({ mutationFn: () => api.call('POST', '/api/samples') })
  const isLoading = samples.isPending || samples.isSuccess

  if (!mayStore) {
    return <Notice title={t('worklist.empty.reader.title')} text={t('worklist.empty.reader.text')} />
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
                <Button large disabled={isLoading} onClick={() => samples.mutate()}>
                  {t(isLoading ? 'worklist.empty.samples-loading' : 'worklist.empty.samples')}
                </Button>
              )}
            </>
          }
        />
        {samples.isError && <p role="alert">{errorText(t, samples.error)}</p>}
        <ul>
          <li>{t('worklist.empty.hint.folders')}</li>
          <li>{t('worklist.empty.hint.again')}</li>
          <li>{t('worklist.empty.hint.resume')}</li>
        </ul>
      </div>
    </div>
  )
}
