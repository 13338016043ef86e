import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  answered,
  asked,
  askingOver,
  dueQuestions,
  isDrained,
  type Progress,
  waitFor,
  whatIsCut,
} from './drain-progress.ts';

const fresh = { applied: false, idle: false };
const applied = { applied: true, idle: false };
const idle = { applied: true, idle: true };

describe('who must still be asked what', () => {
  it.each<[string, Progress, { drain: string[]; idle: string[] }]>([
    ['nobody, with no balancer', [], { drain: [], idle: [] }],
    [
      'every balancer to drain at first',
      [
        { node: 'a', ...fresh },
        { node: 'b', ...fresh },
      ],
      { drain: ['a', 'b'], idle: [] },
    ],
    [
      'each at its own pace',
      [
        { node: 'a', ...applied },
        { node: 'b', ...fresh },
      ],
      { drain: ['b'], idle: ['a'] },
    ],
    [
      'not who is being asked',
      [
        { node: 'a', ...applied, asked: 'idle' },
        { node: 'b', ...fresh, asked: 'drain' },
      ],
      { drain: [], idle: [] },
    ],
    [
      'not who has nothing in flight',
      [
        { node: 'a', ...idle },
        { node: 'b', ...applied },
      ],
      { drain: [], idle: ['b'] },
    ],
  ])('%s', (_, progress, due) => {
    expect(dueQuestions(progress)).toEqual(due);
  });
});

describe('a balancer', () => {
  const asking: Progress = [{ node: 'a', ...fresh, asked: 'drain' }];

  it('is asked the next question as soon as it says yes', () => {
    const progress = answered(asking, 'a', { applied: true, inFlight: 3 });
    expect(progress).toEqual([{ node: 'a', ...applied, inFlight: 3 }]);
  });

  it('that says no is not asked again before the question is over', () => {
    const progress = answered(asking, 'a', { applied: false, inFlight: 3 });
    expect(dueQuestions(progress).drain).toEqual([]);
    expect(dueQuestions(askingOver(progress, 'drain', ['a'])).drain).toEqual(['a']);
  });

  it('that says nothing is asked again when the question is over', () => {
    expect(dueQuestions(askingOver(asking, 'drain', ['a'])).drain).toEqual(['a']);
  });

  it('that is asked the next question already is left alone when the first is over for all', () => {
    const progress = asked(answered(asking, 'a', { applied: true, inFlight: 0 }), 'idle', ['a']);
    expect(askingOver(progress, 'drain', ['a'])).toEqual(progress);
  });

  it('that went is waited for no longer', () => {
    expect(isDrained(waitFor(asking, []))).toBe(true);
  });

  it('that came back is asked from the start', () => {
    const gone = waitFor([{ node: 'a', ...applied }], []);
    expect(waitFor(gone, ['a'])).toEqual([{ node: 'a', ...fresh }]);
  });

  it('that was not waited for changes nothing by its answer', () => {
    expect(answered(asking, 'z', { idle: true, inFlight: 0 })).toEqual(asking);
  });
});

it('what is cut is what no balancer has called idle', () => {
  const progress: Progress = [
    { node: 'a', ...applied, inFlight: 2 },
    { node: 'b', ...idle, inFlight: 0 },
    { node: 'c', ...fresh },
  ];
  expect(whatIsCut(progress)).toEqual([
    { node: 'a', inFlight: 2 },
    { node: 'c', inFlight: 'unknown' },
  ]);
});

it('every drain ends once the balancers say yes, whatever came before', () => {
  const node = fc.constantFrom('a', 'b', 'c');
  const answer: fc.Arbitrary<Answer> = fc.oneof(
    fc.record({ applied: fc.boolean(), inFlight: fc.nat(3) }),
    fc.record({ idle: fc.constant(false), inFlight: fc.nat(3) }),
  );
  const event = fc.oneof(
    fc.uniqueArray(node).map((nodes) => (progress: Progress) => waitFor(progress, nodes)),
    fc.tuple(node, answer).map(
      ([from, said]) =>
        (progress: Progress) =>
          answered(progress, from, said),
    ),
    fc.constantFrom('drain' as const, 'idle' as const).map((question) => (progress: Progress) => {
      const nodes = dueQuestions(progress)[question];
      return askingOver(asked(progress, question, nodes), question, nodes);
    }),
  );
  fc.assert(
    fc.property(fc.array(event), (events) => {
      let progress = events.reduce((before, apply) => apply(before), waitFor([], ['a', 'b', 'c']));
      for (const { node } of progress) {
        progress = answered(progress, node, { applied: true, inFlight: 0 });
        progress = answered(progress, node, { idle: true, inFlight: 0 });
      }
      return isDrained(progress);
    }),
  );
});
