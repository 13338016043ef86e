import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { createInterface } from 'node:readline';

// npm scripts and sudo often run without the folders of system commands.
const path = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The environment of system commands: PATH with the sbin folders, messages in English. */
export function commandEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: path.join(':'), LC_ALL: 'C' };
}

export async function hasCommand(name: string): Promise<boolean> {
  return (await findCommand(name)) !== undefined;
}

/** The path of a command; undefined where there is none. */
export async function findCommand(name: string): Promise<string | undefined> {
  for (const folder of path.filter(Boolean)) {
    if (await isExecutable(`${folder}/${name}`)) return `${folder}/${name}`;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

export interface Outcome {
  /** The exit code; 127 where the command is absent, 128 + n where signal n ended it is not told apart: 128. */
  code: number;
  /** stdout and stderr, line by line, as they came. */
  lines: string[];
}

/** Runs a command to its end. Never rejects: the caller decides what a failure means. */
export async function run(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; onLine?: (line: string) => void } = {},
): Promise<Outcome> {
  const child = spawn(command, args, {
    env: { ...commandEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      options.onLine?.(line);
    });
  }
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, lines: [...lines, error.message] }));
    child.once('close', (code) => resolve({ code: code ?? 128, lines }));
  });
}
