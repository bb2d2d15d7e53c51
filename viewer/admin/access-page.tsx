import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { AccessPage as AccessPageShape, type AccessPage as Access } from '../../core/contract/access.ts'
import { useApi } from '../client/client-context.tsx'
import { Tick } from '../export/choices.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import styles from './access.module.css'
import { AdminSection } from './admin-section.tsx'
import { GroupDialog } from './group-dialog.tsx'
import { ReferrerLines } from './referrer-lines.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { ruleSentence } from './rule-sentence.ts'
import { useAccessChange } from './use-access-change.ts'

/** Roles that read every study unless the organisation says otherwise. */
const READ_EVERYTHING = ['radiologist', 'administrator'] as const

type Shown =
  | { readonly kind: 'rule' }
  | { readonly kind: 'group'; readonly group?: Access['groups'][number] }
  | undefined

/** Who may read what: what each role may, the organisation's own rules, its groups, and who refers under which name. */
export function AccessPage(): ReactNode {
  return (
    <WithTexts areas={['access']}>
      <AccessSection />
    </WithTexts>
  )
}

function AccessSection(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [shown, setShown] = useState<Shown>()
  const query = useQuery({
    queryKey: ['admin', 'access'],
    queryFn: ({ signal }) => api.call('GET', '/api/admin/access', { answer: AccessPageShape, signal }),
  })
  return (
    <AdminSection title={t('access.title')} explanation={t('access.explanation')} query={query}>
      {(access) => (
        <div className={styles.sections}>
          <Everything access={access} />
          <section>
            <div className={styles.head}>
              <h2>{t('access.rules')}</h2>
              <Button kind="primary" onClick={() => setShown({ kind: 'rule' })}>
                <Plus size={16} strokeWidth={2} aria-hidden="true" />
                {t('access.add-rule')}
              </Button>
            </div>
            <p className={styles.hint}>{t('access.rules-hint')}</p>
            <RuleLines access={access} />
          </section>
          <section>
            <div className={styles.head}>
              <h2>{t('access.groups')}</h2>
              <Button onClick={() => setShown({ kind: 'group' })}>
                <Plus size={16} strokeWidth={2} aria-hidden="true" />
                {t('access.add-group')}
              </Button>
            </div>
            {access.groups.length === 0 && <p className={styles.none}>{t('access.no-groups')}</p>}
            <ul className={styles.lines}>
              {access.groups.map((group) => (
                <li key={group.groupId}>
                  <Button kind="quiet" onClick={() => setShown({ kind: 'group', group })}>
                    {group.name}
                  </Button>
                  <span className={styles.hint}>{t('access.members', { count: group.members.length })}</span>
                </li>
              ))}
            </ul>
          </section>
          <section>
            <h2>{t('access.referrers')}</h2>
            <p className={styles.hint}>{t('access.referrers-hint')}</p>
            <ReferrerLines access={access} />
          </section>
          {shown?.kind === 'rule' && <RuleDialog access={access} onClose={() => setShown(undefined)} />}
          {shown?.kind === 'group' && (
            <GroupDialog
              access={access}
              {...(shown.group === undefined ? {} : { group: shown.group })}
              onClose={() => setShown(undefined)}
            />
          )}
        </div>
      )}
    </AdminSection>
  )
}

function Everything({ access }: { readonly access: Access }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const change = useAccessChange()
  return (
    <section>
      <h2>{t('access.everything')}</h2>
      {READ_EVERYTHING.map((role) => (
        <Tick
          key={role}
          text={t('access.reads-everything', { role: t(`shell.role.${role}`) })}
          checked={!access.ruledRoles.includes(role)}
          onChange={(reads) =>
            change(() =>
              api.call('PUT', '/api/admin/access/ruled-roles', {
                body: {
                  roles: READ_EVERYTHING.filter((each) =>
                    each === role ? !reads : access.ruledRoles.includes(each),
                  ),
                },
              }),
            )
          }
        />
      ))}
      <p className={styles.hint}>{t('access.everything-hint')}</p>
    </section>
  )
}

function RuleLines({ access }: { readonly access: Access }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const change = useAccessChange()
  if (access.rules.length === 0) return <p className={styles.none}>{t('access.no-rules')}</p>
  return (
    <ul className={styles.lines}>
      {access.rules.map((rule) => (
        <li key={rule.ruleId}>
          <span>{ruleSentence(t, access, rule)}</span>
          <IconButton
            label={t('access.remove-rule')}
            onClick={() => change(() => api.call('DELETE', `/api/admin/access/rules/${rule.ruleId}`))}
          >
            <X size={16} strokeWidth={1.75} />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
