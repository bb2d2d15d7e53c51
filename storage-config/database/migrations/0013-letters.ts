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
alter table study add column letters integer[] not null generated always as (letters_of(search_text)) stored;
create index study_search on study using gin (search_text gin_trgm_ops, letters);

-- As for names (0012): with a hundred samples every word that is not among them is one in a hundred.
alter table study alter column search_text set statistics 500;
`
