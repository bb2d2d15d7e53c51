import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import { ACTIONS, RULES } from '../../core/access/policy.ts'
import { ROLES } from '../../core/access/principal.ts'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './admin.module.css'

/** What no role of a person allows is of patients and of guests: not what an administrator gives. */
const GIVEN = ACTIONS.filter((action) => ROLES.some((role) => RULES[role].includes(action)))

/** What each role may do, in words: the page of rules itself. */
export function RolesPage(): ReactNode {
  const { t } = useTexts()
  return (
    <section>
      <div className={styles.head}>
        <div>
          <h1 className={styles.title}>{t('people.roles')}</h1>
          <p className={styles.explanation}>{t('people.roles.text')}</p>
        </div>
      </div>
      <div className={styles.frame}>
        <table className={`${styles.table} ${styles.matrix}`}>
          <thead>
            <tr>
              <th scope="col">{t('people.roles.permission')}</th>
              {ROLES.map((role) => (
                <th key={role} scope="col">
                  {t(`shell.role.${role}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {GIVEN.map((action) => (
              <tr key={action}>
                <th scope="row">{t(`people.action.${action}`)}</th>
                {ROLES.map((role) => {
                  const isAllowed = RULES[role].includes(action)
                  const Mark = isAllowed ? Check : Minus
                  return (
                    <td key={role} className={isAllowed ? styles.allowed : styles.denied}>
                      <Mark size={16} strokeWidth={2} aria-hidden="true" />
                      <span className="visually-hidden">
                        {t(isAllowed ? 'people.roles.yes' : 'people.roles.no')}
                      </span>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
