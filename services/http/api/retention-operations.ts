import * as retention from '../../../core/contract/retention.ts'
import type { Operation } from './operation.ts'

/** The part of the description that is about how long studies are kept. */
export const RETENTION_OPERATIONS: Record<string, Operation> = {
  'GET /api/admin/retention': {
    summary: 'Rules of how long studies are kept, holds, and what was removed',
    answer: retention.RetentionPage,
  },
  'GET /api/admin/retention/due': {
    summary: 'Studies that will be removed, while they can still be kept',
    answer: retention.DueStudies,
  },
  'POST /api/admin/retention/rules': {
    summary: 'Draft a rule, which does nothing until it is switched on',
    body: retention.RetentionTerms,
    answer: retention.CreatedRule,
  },
  'PUT /api/admin/retention/rules/:rule': {
    summary: 'Change a rule, which is a draft then',
    body: retention.RetentionTerms,
  },
  'DELETE /api/admin/retention/rules/:rule': { summary: 'Delete a rule' },
  'GET /api/admin/retention/rules/:rule/preview': {
    summary: 'What would be due today with this rule',
    answer: retention.RetentionPreview,
  },
  'PUT /api/admin/retention/rules/:rule/enabled': {
    summary: 'Switch a rule on whose preview was looked at',
    body: retention.EnableRule,
  },
  'DELETE /api/admin/retention/rules/:rule/enabled': { summary: 'Switch a rule off' },
  'DELETE /api/admin/retention/holds/:hold': { summary: 'Lift a hold' },
  'POST /api/studies/:study/hold': {
    summary: 'Keep a study or all of its patient, whatever any rule says',
    body: retention.PlaceHold,
  },
  'POST /api/studies/:study/removal': { summary: 'Remove a study for good', body: retention.RemoveStudy },
}
