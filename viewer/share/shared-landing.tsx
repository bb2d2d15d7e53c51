import { CircleHelp, Clock, ImageOff, Link2Off, LoaderCircle, Lock, WifiOff } from 'lucide-react'
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import type { SharedLook } from '../../core/contract/sharing.ts'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { SignInFrame } from '../sign-in/sign-in-frame.tsx'
import signIn from '../sign-in/sign-in.module.css'
import { BrandMark } from '../ui/brand-mark.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { displayLocalTime } from '../ui/dates.ts'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { Progress } from '../ui/progress.tsx'
import type { Look } from './look.ts'
import styles from './share.module.css'

interface SharedLandingProps {
  readonly look: Look
  readonly onAgain: () => void
  readonly onOpen: (secret: string | undefined) => Promise<void>
}

const ICONS = {
  preparing: LoaderCircle,
  failed: ImageOff,
  'used-up': Link2Off,
  bound: Lock,
  locked: Clock,
  expired: Clock,
  revoked: Link2Off,
} as const

/** How often a link that is being prepared is looked at again. Milliseconds. */
const AGAIN_MS = 2_000

/** A link before it is open: what it is and its lock, or why it does not open and what to do next. */
export function SharedLanding({ look, onAgain, onOpen }: SharedLandingProps): ReactNode {
  const { t } = useTexts()
  useEffect(() => {
    document.title = `${t('share.shared')} · Yunying 云影`
  }, [t])
  const isPreparing = look.kind === 'known' && look.look.state === 'preparing'
  useEffect(() => {
    if (!isPreparing) return
    const timer = setInterval(onAgain, AGAIN_MS)
    return () => clearInterval(timer)
  }, [isPreparing, onAgain])
  return (
    <SignInFrame
      notice={t('share.notice')}
      {...(look.kind === 'known' && look.look.organisationName !== ''
        ? { brand: <Sender name={look.look.organisationName} logo={look.logo} /> }
        : {})}
    >
      {look.kind === 'asking' ? (
        <p role="status">{t('share.looking')}</p>
      ) : look.kind === 'unreachable' ? (
        <Notice
          tone="danger"
          icon={<WifiOff size={26} strokeWidth={1.5} />}
          title={t('shell.unreachable.title')}
          text={t('shell.unreachable.text')}
          action={
            <Button kind="primary" onClick={onAgain}>
              {t('shell.try-again')}
            </Button>
          }
        />
      ) : look.kind === 'known' ? (
        <Known look={look.look} onOpen={onOpen} />
      ) : (
        <Notice
          icon={<CircleHelp size={26} strokeWidth={1.5} />}
          title={t('share.unknown')}
          text={t('share.unknown-text')}
        />
      )}
    </SignInFrame>
  )
}

/** Whose images they are: known to whoever opens the link, as we are not. */
function Sender({ name, logo }: { readonly name: string; readonly logo: string | null }): ReactNode {
  return (
    <div className={classNames(signIn.brand, styles.sender)}>
      {logo === null ? <BrandMark size={40} /> : <img src={logo} alt="" />}
      <div>
        <p className={signIn.name}>{name}</p>
        <p className={signIn.motto}>
          Yunying <span lang="zh-CN">云影</span>
        </p>
      </div>
    </div>
  )
}

interface KnownProps {
  readonly look: SharedLook
  readonly onOpen: (secret: string | undefined) => Promise<void>
}

function Known({ look, onOpen }: KnownProps): ReactNode {
  const { t } = useTexts()
  if (look.state === 'open') return <OpenForm look={look} onOpen={onOpen} />
  const Icon = ICONS[look.state]
  const maker = look.makerName ?? look.organisationName
  return (
    <Notice
      icon={<Icon size={26} strokeWidth={1.5} />}
      title={t(`share.closed.${look.state}`)}
      text={t(`share.closed.${look.state}-text`, { maker, organisation: look.organisationName })}
      {...(look.state === 'preparing' && look.instancesTotal > 0
        ? {
            action: (
              <Progress
                label={t('share.closed.preparing')}
                value={look.instancesDone}
                most={look.instancesTotal}
                text={`${look.instancesDone} / ${look.instancesTotal}`}
              />
            ),
          }
        : {})}
    />
  )
}

function OpenForm({ look, onOpen }: KnownProps): ReactNode {
  const { t } = useTexts()
  const [secret, setSecret] = useState('')
  const [fault, setFault] = useState<unknown>()
  const [isOpening, setIsOpening] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsOpening(true)
    setFault(undefined)
    onOpen(look.lock === 'none' ? undefined : secret).catch((error: unknown) => {
      setFault(error)
      setIsOpening(false)
    })
  }
  return (
    <form className={signIn.form} onSubmit={submit}>
      <div>
        <h1 className={signIn.heading}>{t('share.for', { name: look.recipientName })}</h1>
        <p className={styles.from}>
          {t('share.from', {
            maker: look.makerName ?? look.organisationName,
            organisation: look.organisationName,
          })}
        </p>
        <p className={styles.hint}>
          {[
            t('share.until-when', { until: displayLocalTime(look.expiresAt) }),
            ...(look.deidentified ? [t('share.is-deidentified')] : []),
          ].join(' · ')}
        </p>
      </div>
      {look.lock !== 'none' && (
        <Field
          large
          autoFocus
          required
          autoComplete="one-time-code"
          label={t(look.lock === 'code' ? 'share.code' : 'share.passphrase')}
          hint={t(look.lock === 'code' ? 'share.code-ask' : 'share.passphrase-ask')}
          {...(look.lock === 'code' ? { inputMode: 'numeric' as const } : {})}
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
      )}
      {fault !== undefined && (
        <p role="alert" className={signIn.fault}>
          {errorText(t, fault)}
        </p>
      )}
      <Button type="submit" kind="primary" large disabled={isOpening}>
        {t(isOpening ? 'share.opening' : 'share.open')}
      </Button>
      <p className={styles.hint}>{t('share.recorded')}</p>
    </form>
  )
}
