/** The handler's process. A signal that comes while all else is still being loaded must not end it undrained. */
import { Signals } from './signals.ts';

const signals = new Signals(process);
const { run } = await import('./run.ts');
await run(signals);
