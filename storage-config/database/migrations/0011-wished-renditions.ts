export const sql = `
-- Colours that are stored as YBR had their lines mixed up for every decoder but ours (encoder 1): they are made again.
delete from rendition r using instance_layout l where l.instance_id = r.instance_id
  and r.object_key is not null and l.layout->'pixels'->>'photometricInterpretation' = 'YBR_FULL';

-- When somebody last read the series who would have taken renditions that were not there. A policy of days counts from
-- here too: what is read again is kept again.
alter table series add column renditions_wished_at timestamptz;
`
