import { ref, word } from './execline.ts';
import type { Hold, Service } from './service.ts';

/**
 * The script that s6 runs after each death of the service, with the exit code (256: it was a signal) and the signal:
 * it tells of the death, and has the service held (exit 125) when there were too many.
 *
 * A stop by `data/stop` is known by the file `down`, which is there before the service gets its signal. `data/held`
 * is there when the service was held at its last death: nothing else tells that from `s6-svc -d`.
 */
export function finishScript(service: Service): string {
  const hold = service.restart?.hold;
  return `#!/usr/bin/execlineb -S2
# After each death of the service ${service.name}.
ifelse { eltest -e down } { s6-svdt-clear . }
foreground
{
  case \${1} { 256 { ${tell(service, `ended by signal ${ref('2')}`)} } }
  ${tell(service, `ended with exit code ${ref('1')}`)}
}
${hold ? holdScript(service, hold) : 'exit 0'}
`;
}

function holdScript(service: Service, hold: Hold): string {
  const { deaths, withinSeconds, forSeconds } = hold;
  return `foreground { s6-permafailon ${withinSeconds} ${deaths} ${ANY_DEATH} exit 0 }
importas code ?
ifelse -n { eltest \${code} -eq 125 } { rm -f data/held }
foreground { redirfd -w 1 data/held exit 0 }
foreground { ${tell(service, `died ${deaths} times within ${withinSeconds} s; held for ${forSeconds} s or more`)} }
exit 125`;
}

/** Every exit code, and every signal that can end a process but the real-time ones. */
const ANY_DEATH = ['0-255', ...Array.from({ length: 31 }, (_, index) => `SIG${index + 1}`)].join(',');

/** A line in the log of the service; in lines of JSON where it logs those. */
function tell({ name, log }: Service, message: string): string {
  if (log === 'collector') return `echo ${word(`${name}: ${message}`)}`;
  if (log !== 'json') return `echo ${word(message)}`;
  return `echo ${word(JSON.stringify({ level: 'warn', service: name, msg: message }))}`;
}
