/**
 * SQL for what the text that is searched has behind it of names that are written without blanks, each on a line: 王小东 for
 * `王^小东` (core/archive/study-table.ts). Han, hangul, hiragana, katakana.
 */
export const UNSPACED_NAMES = `coalesce((
  select string_agg(E'\\n' || unspaced, '' order by n)
  from unnest(string_to_array(patient_name_folded, '|')) with ordinality as names(whole, n),
    lateral (select regexp_replace(array_to_string((string_to_array(whole, '^'))[1:3], ' '), '\\s', '', 'g') as unspaced) as written
  where unspaced <> whole
    and unspaced ~ '^[\\u1100-\\u11ff\\u2e80-\\u2fd5\\u3005\\u3007\\u3021-\\u3029\\u3038-\\u303b\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u3131-\\u318e\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97c\\uac00-\\ud7fb\\uf900-\\ufad9\\U0001b000-\\U0001b167\\U00020000-\\U000323af·]+$'
), '')`

export const sql = `
-- The letters of a text by their code points, each two that stand together as one number, and each five digits in a row as another
-- (core/archive/search-letters.ts): what an index of trigrams does not know, or not soon. A Chinese name has one letter or two; so has
-- what somebody begins to type. Beyond the Basic Multilingual Plane two pairs may have one number: what is found is compared
-- as text too.
create function letters_of(searched text) returns integer[] language plpgsql immutable strict parallel safe as $$
declare
  found integer[] := '{}';
  letter text;
  here integer;
  -- a space or the end of a line
  before integer := 32;
  digits integer := 0;
  number integer := 0;
begin
  foreach letter in array string_to_array(searched, null) loop
    here := ascii(letter);
    if here not in (10, 32) then
      found := found || here;
      if before not in (10, 32) then
        found := found || ((before << 16) # here);
      end if;
    end if;
    before := here;
    if here between 48 and 57 then
      digits := digits + 1;
      number := (number * 10 + here - 48) % 100000;
      if digits >= 5 then
        found := found || (1114112 + number);
      end if;
    else
      digits := 0;
    end if;
  end loop;
  return array(select distinct unnest(found));
end $$;

-- One index for both, so that "zhang ct" is looked up as a whole.
drop index study_search_trgm;
-- What the list shows is found: 王小东, though files say 王^小东.
update study set search_text = search_text || ${UNSPACED_NAMES} where ${UNSPACED_NAMES} <> '';
alter table study add column letters integer[] not null generated always as (letters_of(search_text)) stored;
create index study_search on study using gin (search_text gin_trgm_ops, letters);

-- As for names (0012): with a hundred samples every word that is not among them is one in a hundred.
alter table study alter column search_text set statistics 500;
`
