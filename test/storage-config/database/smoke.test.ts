import { expect, it } from 'vitest'
import { openTestBacking } from '../../support/test-backing.ts'
it('works', async () => {
  const b = await openTestBacking()
  expect(await b.database.query('select count(*) as n from study')).toEqual([{ n: 0 }])
  await b.close()
})
