import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ledger } from './ledger.ts';
import { kinds, type RequestRecord } from './record.ts';

const text = fc.string({ minLength: 1 });
const record: fc.Arbitrary<RequestRecord> = fc
  .record(
    {
      id: fc.nat(),
      kind: fc.constantFrom(...kinds),
      sentAt: fc.integer({ min: 1.7e12, max: 1.9e12 }),
      took: fc.integer({ min: -1_000, max: 20_000 }),
      outcome: fc.constantFrom('right' as const, 'lost' as const),
      node: text,
      why: text,
      repeated: text,
    },
    { requiredKeys: ['id', 'kind', 'sentAt', 'took', 'outcome'] },
  )
  .map(({ took, why, ...rest }) => ({
    ...rest,
    endedAt: rest.sentAt + took,
    ...(rest.outcome === 'lost' && why !== undefined && { why }),
  }));

it('gives back every record as it was, in order', () => {
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const ledger = Ledger.of(records);
      expect([...ledger]).toEqual(records);
      expect(ledger.size).toBe(records.length);
      expect(ledger.harmed()).toEqual(records.filter((each) => each.outcome === 'lost' || each.repeated));
    }),
  );
});

it('grows as far as it has to', () => {
  const many = Array.from(
    { length: 5_000 },
    (_, id): RequestRecord => ({
      id,
      kind: 'get',
      sentAt: id,
      endedAt: id + 1,
      outcome: 'right',
      node: `s${id % 7}`,
    }),
  );
  expect([...Ledger.of(many)]).toEqual(many);
});
