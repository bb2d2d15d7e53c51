/**
 * Under policies an index serves only comparisons that are said to leak nothing of what they compare but their answer
 * (PostgreSQL, 39.5 Rules and Privileges). PostgreSQL says so of equality and order; of these, which searches need, it does not,
 * though they raise no error that names a value. Only a superuser may say it.
 */
const SEARCHING_FUNCTIONS: readonly string[] = [
  // names, words, descriptions
  'textlike(text,text)',
  'texticlike(text,text)',
  'textregexeq(text,text)',
  // modalities, and the order by them
  'arrayoverlap(anyarray,anyarray)',
  'array_eq(anyarray,anyarray)',
  'array_lt(anyarray,anyarray)',
  'array_le(anyarray,anyarray)',
  'array_gt(anyarray,anyarray)',
  'array_ge(anyarray,anyarray)',
  // requests
  'jsonb_exists(jsonb,text)',
  'jsonb_contains(jsonb,jsonb)',
  'jsonb_object_field(jsonb,text)',
]

/** The rest of a `select` from those of which it is not said. */
export const NOT_LEAKPROOF = `from pg_proc where oid = any('{${SEARCHING_FUNCTIONS.map((name) => `"${name}"`).join(',')}}'::regprocedure[]) and not proleakproof`

/** What an operator is told where one is left. */
export const SLOW_SEARCHES =
  'Searches by name, word and modality cannot use their indexes: a superuser of the database must say once that comparisons leak nothing. docs/operations.md has the statement.'
