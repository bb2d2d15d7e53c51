import { X } from 'lucide-react'
import { Toast } from 'radix-ui'
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './toast.module.css'

export interface ToastMessage {
  readonly text: string
  readonly tone?: 'plain' | 'ok' | 'danger'
  /** Undo, or retry. */
  readonly action?: { readonly label: string; readonly run: () => void }
}

const SHOWN_MS = 6000

const Context = createContext<((message: ToastMessage) => void) | undefined>(undefined)

/** The one stack of toasts of the page. */
export function ToastProvider({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTexts()
  const [shown, setShown] = useState<readonly (ToastMessage & { id: number })[]>([])
  const show = useCallback((message: ToastMessage) => {
    setShown((before) => [...before.slice(-3), { ...message, id: (before.at(-1)?.id ?? 0) + 1 }])
  }, [])
  const value = useMemo(() => show, [show])
  return (
    <Context value={value}>
      <Toast.Provider duration={SHOWN_MS} label={t('shell.notices')}>
        {children}
        {shown.map(({ id, text, tone = 'plain', action }) => (
          <Toast.Root
            key={id}
            className={classNames(styles.toast, tone !== 'plain' && styles[tone])}
            onOpenChange={(open) => {
              if (!open) setShown((before) => before.filter((toast) => toast.id !== id))
            }}
          >
            <Toast.Description className={styles.text}>{text}</Toast.Description>
            {action !== undefined && (
              <Toast.Action altText={action.label} asChild>
                <Button kind="quiet" onClick={action.run}>
                  {action.label}
                </Button>
              </Toast.Action>
            )}
            <Toast.Close asChild>
              <IconButton label={t('shell.close')}>
                <X size={16} strokeWidth={1.5} />
              </IconButton>
            </Toast.Close>
          </Toast.Root>
        ))}
        <Toast.Viewport className={styles.stack} />
      </Toast.Provider>
    </Context>
  )
}

/** Shows a passing message. */
export function useToast(): (message: ToastMessage) => void {
  const show = useContext(Context)
  if (show === undefined) throw new Error('useToast needs a ToastProvider above it.')
  return show
}
