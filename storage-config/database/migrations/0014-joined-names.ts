/**
 * SQL for what the text that is searched has behind it of names in the letters of English, each on a line: *zhangwei* for `zhang^wei`
 * (core/archive/study-table.ts).
 */
export const JOINED_NAMES = `coalesce((
  select string_agg(E'\\n' || joined, '' order by n)
  from unnest(string_to_array(patient_name_folded, '|')) with ordinality as names(whole, n),
    lateral (select replace(array_to_string((string_to_array(whole, '^'))[1:3], ''), ' ', '') as joined) as written
  where joined <> whole and joined ~ '^[a-z]+$'
), '')`

export const sql = `
-- Pinyin is typed without blanks. All at once, and the index made anew: it would be changed for every study.
drop index study_search;
-- Nothing that is counted changes.
alter table study disable trigger study_changed;
update study set search_text = search_text || ${JOINED_NAMES} where ${JOINED_NAMES} <> '';
alter table study enable trigger study_changed;
create index study_search on study using gin (search_text gin_trgm_ops, letters);
`
