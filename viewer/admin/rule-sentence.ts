import type { AccessPage } from '../../core/contract/access.ts'
import type { TextKey } from '../locales/text-key.ts'
import type { Texts } from '../locales/texts.ts'
import { displayLocalTime } from '../ui/dates.ts'

type Rule = AccessPage['rules'][number]

/** A rule as somebody would say it: who reads which studies, and until when. */
export function ruleSentence(t: Texts['t'], access: AccessPage, rule: Rule): string {
  const { modalities, referrers, days, expiresAt } = rule
  const studies = [
    ...(modalities.length === 0 ? [] : [modalities.join(', ')]),
    ...(referrers.length === 0 ? [] : [t('access.of-referrers', { names: referrers.join(', ') })]),
    ...(days === null ? [] : [t('access.of-days', { count: days })]),
  ]
  return [
    t('access.reads', {
      who: subjectName(t, access, rule.subject),
      what: studies.length === 0 ? t('access.every-study') : studies.join(' · '),
    }),
    ...(expiresAt === null ? [] : [t('access.until', { until: displayLocalTime(expiresAt) })]),
  ].join(' ')
}

function subjectName(t: Texts['t'], access: AccessPage, subject: Rule['subject']): string {
  switch (subject.kind) {
    case 'role':
      return t(`shell.role.${subject.role}` satisfies TextKey)
    case 'group':
      return access.groups.find(({ groupId }) => groupId === subject.groupId)?.name ?? '–'
    case 'person':
      return access.people.find(({ userId }) => userId === subject.userId)?.name ?? '–'
  }
}
