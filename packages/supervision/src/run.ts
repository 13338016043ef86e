import { EXECLINE_PROGRAMS, ref, SCRIPT, word, words } from './execline.ts';
import type { Service } from './service.ts';

/** What scripts substitute; a service's own words are kept from it. */
const KEYS = ['path', 'directory', 'words'];

/** As of execve(3) where PATH is unset. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A check that hangs must not keep a service from ever being ready. */
const CHECK_LIMIT_MS = 5000;

/**
 * The script that becomes the service: its process is the command's own, so that signals reach it.
 *
 * The command gets the container's environment as it is, PATH included, which the script itself changes for a while.
 */
export function runScript(service: Service): string {
  const { command, environment = {}, readiness } = service;
  const lines = [
    // Not by Debian's execlineb, which would change PATH before it can be kept.
    `#!${EXECLINE_PROGRAMS}/execlineb -P`,
    `# Runs the service ${service.name}.`,
    `${EXECLINE_PROGRAMS}/multisubstitute`,
    '{',
    `  importas -D ${DEFAULT_PATH} path PATH`,
    '  importas -D / directory PWD',
    '}',
    // What follows an export is still looked for in the former PATH, so it is named in full.
    `${EXECLINE_PROGRAMS}/export PATH ${EXECLINE_PROGRAMS}:${ref('path')}`,
    `${EXECLINE_PROGRAMS}/fdmove -c 2 1`,
    ...('variable' in command
      ? ['backtick SUPERVISION_WORDS { data/command }', 'importas -usd "" words SUPERVISION_WORDS']
      : []),
    ...exports(environment),
    ...(readiness?.by === 'check'
      ? [`s6-notifyoncheck -d -n 0 -s 0 -t ${CHECK_LIMIT_MS} -w ${readiness.everyMs}`]
      : []),
    `export PATH ${environment['PATH'] === undefined ? ref('path') : word(environment['PATH'], KEYS)}`,
    `${EXECLINE_PROGRAMS}/cd ${directory(service)}`,
    'variable' in command ? ref('words') : words(command, KEYS),
  ];
  return `${lines.join('\n')}\n`;
}

/** The script that s6-notifyoncheck runs: what it inherits is the environment of the service. */
export function checkScript(service: Service, command: readonly string[]): string {
  const lines = [
    SCRIPT,
    `# Ends with 0 when the service ${service.name} is ready.`,
    'importas -D / directory PWD',
    `cd ${directory(service)}`,
    'redirfd -w 1 /dev/null',
    'fdmove -c 2 1',
    words(command, KEYS),
  ];
  return `${lines.join('\n')}\n`;
}

/** PWD is the container's working directory as long as nothing has changed it: /init hands it on. */
function directory(service: Service): string {
  return service.directory === undefined ? ref('directory') : word(service.directory, KEYS);
}

function exports(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .filter(([name]) => name !== 'PATH')
    .map(([name, value]) => `export ${name} ${word(value, KEYS)}`);
}
