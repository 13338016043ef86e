import type { GenericSchema } from 'valibot';

/** A question that nodes ask each other, and the shape of its answer. Both ends hold what comes in to the schemas. */
export interface Query<Ask, Answer> {
  readonly name: string;
  readonly ask: GenericSchema<Ask>;
  readonly answer: GenericSchema<Answer>;
}

/** Payloads travel as JSON: the schemas describe what JSON can say, at most about 850 bytes of it. */
export function defineQuery<Ask, Answer>(query: Query<Ask, Answer>): Query<Ask, Answer> {
  return Object.freeze({ ...query });
}
