/** The process: signals, streams and exit code. */
import { rollcall } from './cli.ts';
import { connect } from './connect.ts';
import { EXIT } from './errors.ts';

const interrupt = new AbortController();
process.on('SIGINT', () => {
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  interrupt.abort();
});
process.on('SIGTERM', () => interrupt.abort());
// `rollcall logs | head`: who read the output has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

const code = await rollcall(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupt.signal,
  connect: () => connect(),
});
// What an interrupted command was waiting for would keep the process alive.
process.exit(code);
