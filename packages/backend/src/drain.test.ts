import { steadyNow } from '@rollcall/handler';
import { describe, expect, it } from 'vitest';
import { type AskBalancers, Drain, type DrainParts } from './drain.ts';

type Script = (question: string, node: string, turn: number) => 'yes' | 'no' | 'silence' | 'failure';

/** Balancers that answer as a script says; `turn` counts how often one was asked a question, from 1. */
function balancers(script: Script): { ask: AskBalancers; questions: string[] } {
  const questions: string[] = [];
  const ask: AskBalancers = async (question, nodes, { signal, onAnswer }) => {
    for (const node of nodes) {
      questions.push(`${question} ${node}`);
      const turn = questions.filter((each) => each === `${question} ${node}`).length;
      const said = script(question, node, turn);
      if (said === 'failure') throw new Error('the agent is away');
      if (said === 'silence') {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return;
      }
      const yes = said === 'yes';
      const inFlight = yes ? 0 : 2;
      onAnswer(node, question === 'drain' ? { applied: yes, inFlight } : { idle: yes, inFlight });
    }
  };
  return { ask, questions };
}

function budget(): { signal: AbortSignal; deadline: number; end: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, deadline: steadyNow() + 60_000, end: () => controller.abort() };
}

/** @param look what the room shows when it is looked at; by default nothing new */
function drainOf(
  names: string[] | undefined,
  ask: AskBalancers,
  look: (drain: Drain) => Promise<void> = async () => undefined,
): { drain: Drain; warnings: object[] } {
  const warnings: object[] = [];
  const log = { info: () => undefined, warn: (details: object) => warnings.push(details) };
  const drain: Drain = new Drain(names, {
    ask,
    look: () => look(drain),
    log: log as unknown as DrainParts['log'],
    onProgress: () => undefined,
  });
  return { drain, warnings };
}

describe('a drain', () => {
  it('has nothing to wait for when there is no balancer', async () => {
    const { ask, questions } = balancers(() => 'yes');
    await drainOf([], ask).drain.run(budget());
    expect(questions).toEqual([]);
  });

  it('asks every balancer to drain the node, then whether nothing is in flight', async () => {
    const { ask, questions } = balancers(() => 'yes');
    const { drain, warnings } = drainOf(['ha', 'hb'], ask);
    await drain.run(budget());
    expect(questions.sort()).toEqual(['drain ha', 'drain hb', 'idle ha', 'idle hb']);
    expect(warnings).toEqual([]);
    expect(drain.status.balancers).toEqual([
      { node: 'ha', applied: true, inFlight: 0 },
      { node: 'hb', applied: true, inFlight: 0 },
    ]);
  });

  it('asks again who could not apply it, who still has requests, and when its own agent is away', async () => {
    const { ask, questions } = balancers((question, _, turn) => {
      if (turn > 2) return 'yes';
      return question === 'drain' && turn === 1 ? 'failure' : 'no';
    });
    const { drain } = drainOf(['ha'], ask);
    await drain.run(budget());
    expect(questions).toEqual(['drain ha', 'drain ha', 'drain ha', 'idle ha', 'idle ha', 'idle ha']);
  });

  it('does not let a silent balancer hold up the others', async () => {
    let askedForIdle: (node: string) => void = () => undefined;
    const idle = new Promise<string>((resolve) => {
      askedForIdle = resolve;
    });
    const { ask } = balancers((question, node) => {
      if (question === 'drain' && node === 'hb') return 'silence';
      if (question === 'idle') askedForIdle(node);
      return 'yes';
    });
    const { drain, warnings } = drainOf(['ha', 'hb'], ask);
    const { end, ...rest } = budget();
    const done = drain.run(rest);
    expect(await idle).toBe('ha');
    end();
    await done;
    expect(warnings).toMatchObject([{ cut: [{ node: 'hb', inFlight: 'unknown' }] }]);
  });

  it('waits until it is known who is in the room', async () => {
    const { ask, questions } = balancers(() => 'yes');
    const { drain, warnings } = drainOf(undefined, ask);
    const done = drain.run(budget());
    expect(drain.status.balancers).toEqual([]);
    drain.follow(['ha']);
    await done;
    expect(questions).toEqual(['drain ha', 'idle ha']);
    expect(warnings).toEqual([]);
  });

  it('tells that nobody was asked when that is not known in time', async () => {
    const { ask, questions } = balancers(() => 'yes');
    const { drain, warnings } = drainOf(undefined, ask);
    const { end, ...rest } = budget();
    const done = drain.run(rest);
    end();
    await done;
    expect(questions).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it('no longer waits for a balancer that went', async () => {
    const { ask } = balancers((_, node) => (node === 'hb' ? 'silence' : 'yes'));
    const { drain, warnings } = drainOf(['ha', 'hb'], ask);
    const done = drain.run(budget());
    drain.follow(['ha']);
    await done;
    expect(warnings).toEqual([]);
  });

  it('asks a balancer that comes meanwhile', async () => {
    const { ask, questions } = balancers((_, node) => (node === 'ha' ? 'silence' : 'yes'));
    const { drain } = drainOf(['ha'], ask);
    const done = drain.run(budget());
    drain.follow(['hb']);
    await done;
    expect(questions).toEqual(['drain ha', 'drain hb', 'idle hb']);
  });

  it.each([
    ['nobody', []],
    ['others', ['ha']],
  ])('asks a balancer that is seen only when all is done, where it knew %s before', async (_, known) => {
    const { ask, questions } = balancers(() => 'yes');
    const { drain } = drainOf(known, ask, async (drain) => drain.follow([...known, 'new']));
    await drain.run(budget());
    expect(questions.slice(-2)).toEqual(['drain new', 'idle new']);
  });

  it('ends with its time when the room cannot be looked at', async () => {
    const { ask } = balancers(() => 'yes');
    const { end, ...rest } = budget();
    const { drain, warnings } = drainOf(['ha'], ask, () => {
      end();
      return new Promise(() => undefined);
    });
    await drain.run(rest);
    expect(warnings).toEqual([]);
  });

  it('tells what is cut when its time is over', async () => {
    const { ask } = balancers((question) => (question === 'drain' ? 'yes' : 'silence'));
    const { drain, warnings } = drainOf(['ha'], ask);
    const { end, ...rest } = budget();
    const done = drain.run(rest);
    end();
    await done;
    expect(warnings).toMatchObject([{ cut: [{ node: 'ha', inFlight: 0 }] }]);
  });

  it('with no time at all asks nobody and says so', async () => {
    const { ask, questions } = balancers(() => 'yes');
    const { drain, warnings } = drainOf(['ha'], ask);
    const { end, ...rest } = budget();
    end();
    await drain.run(rest);
    expect(questions).toEqual([]);
    expect(warnings).toHaveLength(1);
  });
});
