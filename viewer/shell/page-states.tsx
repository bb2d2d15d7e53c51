import { Link } from '@tanstack/react-router'
import { Ban, CircleHelp, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

export function PageNotFound(): ReactNode {
  const { t } = useTexts()
  return (
    <Notice
      icon={<CircleHelp size={26} strokeWidth={1.5} />}
      title={t('shell.not-found.title')}
      text={t('shell.not-found.text')}
      action={
        <Link to="/" className={buttonClass('primary')}>
          {t('shell.not-found.action')}
        </Link>
      }
    />
  )
}

export function PageFailed(): ReactNode {
  const { t } = useTexts()
  return (
    <Notice
      tone="danger"
      icon={<TriangleAlert size={26} strokeWidth={1.5} />}
      title={t('shell.failed.title')}
      text={t('shell.failed.text')}
      action={
        <Button kind="primary" onClick={() => window.location.reload()}>
          {t('shell.failed.action')}
        </Button>
      }
    />
  )
}

export function PageNotAllowed(): ReactNode {
  const { t } = useTexts()
  return (
    <Notice
      icon={<Ban size={26} strokeWidth={1.5} />}
      title={t('shell.not-allowed.title')}
      text={t('shell.not-allowed.text')}
      action={
        <Link to="/" className={buttonClass('primary')}>
          {t('shell.not-found.action')}
        </Link>
      }
    />
  )
}
