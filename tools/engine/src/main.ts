import { resolve } from 'node:path';
import { EngineError } from './errors.ts';
import { connectEngine } from './find.ts';
import {
  privateEngineStatus,
  removePrivateEngine,
  startPrivateEngine,
  stopPrivateEngine,
} from './private-engine.ts';

const usage = `Usage: engine COMMAND

  status   say which engine is used; for a shell: eval "$(engine status)"
  start    start this workspace's private engine
  stop     stop it; images and containers stay
  remove   stop it and delete all it has

Exit codes: 0 done; 1 failed; 3 no engine answers (status); 64 no such command`;

const exitCodes = { failed: 1, noEngine: 3, usage: 64 };

// From src/ as from dist/.
const workspace = resolve(import.meta.dirname, '../../..');

const commands: Record<string, () => Promise<void>> = {
  status,
  start: async () => {
    await startPrivateEngine({ workspace, progress: say });
    await status();
  },
  stop: async () => {
    await stopPrivateEngine({ workspace });
    say('The private engine is stopped; its images and containers stay.');
  },
  remove: async () => {
    await removePrivateEngine({ workspace });
    say('The private engine and all it had are deleted.');
  },
};

async function status(): Promise<void> {
  const own = await privateEngineStatus({ workspace });
  say(`Private engine: ${own.state}${own.pid === undefined ? '' : ` (pid ${own.pid})`}, ${own.directory}`);
  const engine = await connectEngine({ workspace });
  say(`In use (${engine.kind}): ${engine.description}`);
  console.log(`export DOCKER_HOST='${engine.host}'`);
}

/** People read stderr; stdout is for the shell. */
function say(line: string): void {
  console.error(line);
}

async function main(name: string | undefined): Promise<number> {
  const command = Object.entries(commands).find(([known]) => known === name)?.[1];
  if (!command) {
    say(usage);
    return exitCodes.usage;
  }
  try {
    await command();
    return 0;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    say(`${error.code}: ${error.message}`);
    return error.code === 'NO_ENGINE' ? exitCodes.noEngine : exitCodes.failed;
  }
}

process.exitCode = await main(process.argv[2]);
