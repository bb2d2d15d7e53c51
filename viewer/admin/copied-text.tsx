import { useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy-text.ts'
import styles from './providers.module.css'

/** An address to take elsewhere. */
export function CopiedText({ text }: { text: string }): ReactNode {
  const { t } = useTexts()
  const [copied, setCopied] = useState(false)
  return (
    <p className={styles.copied}>
      <code>{text}</code>
      <Button onClick={() => void copyText(text).then(setCopied)}>
        {t(copied ? 'admin.copied' : 'admin.copy')}
      </Button>
    </p>
  )
}
