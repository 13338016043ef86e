import { HandlerError } from './errors.ts';

/** Says on stdout why a node cannot run, a line of JSON for each of the error's: there is no logger without a configuration. */
export function tellFatal(service: string, error: Error): void {
  const code = error instanceof HandlerError ? { code: error.code } : {};
  for (const msg of error.message.split('\n')) {
    process.stdout.write(`${JSON.stringify({ level: 'fatal', service, ...code, msg })}\n`);
  }
}
