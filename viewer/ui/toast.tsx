import { X } from 'lucide-react'
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
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
const MOST = 4

const Context = createContext<((message: ToastMessage) => void) | undefined>(undefined)

/** The one stack of toasts of the page. It is there from the start, so that screen readers hear what comes into it. */
export function ToastProvider({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTexts()
  const [shown, setShown] = useState<readonly (ToastMessage & { id: number })[]>([])
  const [show] = useState(() => (message: ToastMessage): void => {
    setShown((before) => [...before.slice(1 - MOST), { ...message, id: (before.at(-1)?.id ?? 0) + 1 }])
  })
  return (
    <Context value={show}>
      {children}
      <section className={styles.stack} aria-label={t('shell.notices')} aria-live="polite">
        {shown.map((toast) => (
          <Toast
            key={toast.id}
            message={toast}
            onClose={() => setShown((before) => before.filter(({ id }) => id !== toast.id))}
          />
        ))}
      </section>
    </Context>
  )
}

/** Goes by itself, but not while somebody is reading or about to press. */
function Toast({ message, onClose }: { message: ToastMessage; onClose: () => void }): ReactNode {
  const { t } = useTexts()
  const [held, setHeld] = useState(false)
  const { text, tone = 'plain', action } = message
  useEffect(() => {
    if (held) return
    const timer = setTimeout(onClose, SHOWN_MS)
    return () => clearTimeout(timer)
    // `onClose` is another function at every render of the stack, and always does the same.
  }, [held])
  return (
    <div
      className={classNames(styles.toast, tone !== 'plain' && styles[tone])}
      role={tone === 'danger' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className={styles.text}>{text}</p>
      {action !== undefined && (
        <Button
          kind="quiet"
          onClick={() => {
            action.run()
            onClose()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t('shell.close')} onClick={onClose}>
        <X size={16} strokeWidth={1.5} />
      </IconButton>
    </div>
  )
}

/** Shows a passing message. */
export function useToast(): (message: ToastMessage) => void {
  const show = useContext(Context)
  if (show === undefined) throw new Error('useToast needs a ToastProvider above it.')
  return show
}
