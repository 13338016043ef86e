import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { type SignalHandlers, Signals } from './signals.ts';
import { steadyNow } from './steady-now.ts';

function keeper() {
  const handled: string[] = [];
  const handler = (name: string) => () => handled.push(name);
  const handlers: SignalHandlers = {
    SIGTERM: handler('SIGTERM'),
    SIGUSR1: handler('SIGUSR1'),
    SIGUSR2: handler('SIGUSR2'),
    SIGHUP: handler('SIGHUP'),
  };
  return { handled, handlers };
}

it('signals that come before they are handled are kept, in order, and come once', () => {
  const process = new EventEmitter();
  const signals = new Signals(process);
  process.emit('SIGUSR1');
  process.emit('SIGTERM');
  const { handled, handlers } = keeper();
  signals.handle(handlers);
  process.emit('SIGHUP');
  expect(handled).toEqual(['SIGUSR1', 'SIGTERM', 'SIGHUP']);
});

it('signals that nobody handles yet are kept, whatever else is handled', () => {
  const process = new EventEmitter();
  const signals = new Signals(process);
  const { handled, handlers } = keeper();
  signals.handle({ SIGTERM: () => handled.push('ends at once') });
  process.emit('SIGUSR1');
  process.emit('SIGTERM');
  expect(handled).toEqual(['ends at once']);
  signals.handle(handlers);
  process.emit('SIGTERM');
  expect(handled).toEqual(['ends at once', 'SIGUSR1', 'SIGTERM']);
});

it('a signal is given with the time at which it came', () => {
  const process = new EventEmitter();
  const signals = new Signals(process);
  const before = steadyNow();
  process.emit('SIGTERM');
  const after = steadyNow();
  let at = 0;
  signals.handle({
    ...keeper().handlers,
    SIGTERM: (cameAt) => {
      at = cameAt;
    },
  });
  expect([before <= at, at <= after]).toEqual([true, true]);
});
