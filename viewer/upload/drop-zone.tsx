import { FolderInput } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { useUploadDesk } from './upload-context.tsx'
import styles from './upload-page.module.css'
import { sourcesOfFiles, type UploadSource } from './walk-sources.ts'

/** The place to drop on; dropping anywhere else on the page works as well. */
export function DropZone({ small }: { small: boolean }): ReactNode {
  const { t } = useTexts()
  const desk = useUploadDesk()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)

  const chooseFolder = async (): Promise<void> => {
    const handle = await pickFolder()
    if (handle === 'unsupported') folder.current?.click()
    else if (handle !== undefined) await desk.add([handle])
  }
  const take = (input: HTMLInputElement): void => {
    void desk.add(sourcesOfFiles(input.files ?? []))
    // The same folder can be chosen again.
    input.value = ''
  }

  return (
    <div className={classNames(styles.zone, small && styles.small)}>
      {!small && (
        <>
          <FolderInput size={40} strokeWidth={1.25} aria-hidden="true" />
          <p className={styles.call}>{t('upload.drop.title')}</p>
          <p className={styles.hint}>{t('upload.drop.text')}</p>
        </>
      )}
      {small && <p className={styles.hint}>{t('upload.drop.more')}</p>}
      <div className={styles.buttons}>
        <Button kind={small ? 'plain' : 'primary'} large={!small} onClick={() => void chooseFolder()}>
          {t('upload.choose-folder')}
        </Button>
        <Button large={!small} onClick={() => files.current?.click()}>
          {t('upload.choose-files')}
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t('upload.choose-files')}
        onChange={(event) => take(event.target)}
      />
      <input
        ref={folder}
        type="file"
        webkitdirectory=""
        hidden
        aria-label={t('upload.choose-folder')}
        onChange={(event) => take(event.target)}
      />
    </div>
  )
}

interface FolderPicker {
  showDirectoryPicker(options: { mode: 'read' }): Promise<FileSystemDirectoryHandle>
}

/** A folder that survives a reload, where the browser can; undefined when the person thought better of it. */
async function pickFolder(): Promise<UploadSource | 'unsupported' | undefined> {
  const { showDirectoryPicker } = window as unknown as Partial<FolderPicker>
  if (showDirectoryPicker === undefined) return 'unsupported'
  try {
    return { kind: 'handle', handle: await showDirectoryPicker.call(window, { mode: 'read' }) }
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? undefined : 'unsupported'
  }
}

declare module 'react' {
  interface InputHTMLAttributes<T> {
    /** Chromium, Firefox and Safari: choose a folder. */
    webkitdirectory?: T extends never ? never : string
  }
}
