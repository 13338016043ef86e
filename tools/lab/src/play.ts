import { connectEngine } from '@rollcall/engine';
import { openBrowser } from './browser.ts';
import { DELIVERABLES } from './deliverables.ts';
import { LabError } from './errors.ts';
import { filesIn, Notebook } from './notebook.ts';
import { WORKSPACE } from './places.ts';
import { Room, type Tools } from './room/room.ts';
import { task0 } from './tasks/task-0.ts';
import { task1 } from './tasks/task-1.ts';
import { task2 } from './tasks/task-2.ts';
import { task3 } from './tasks/task-3.ts';
import { task4 } from './tasks/task-4.ts';
import { task5 } from './tasks/task-5.ts';
import { task6 } from './tasks/task-6.ts';

const TASKS = [task0, task1, task2, task3, task4, task5, task6];

/**
 * Plays every task in its order, each with containers of its own, and leaves every deliverable in a folder.
 * @param folder is made empty first
 * @throws LabError, TestkitError when something that is to be shown does not hold
 */
export async function play(folder: string, say: (line: string) => void): Promise<Notebook> {
  const notebook = await Notebook.open(folder, await tracesOfEngine());
  const browser = await openBrowser(say);
  try {
    for (const [number, task] of TASKS.entries()) {
      say(`Task ${number}`);
      await inRoom(`task-${number}`, { notebook, browser, say }, task);
    }
  } finally {
    await browser.close();
  }
  await expectDeliverables(folder);
  return notebook;
}

async function inRoom(folder: string, tools: Tools, task: (room: Room) => Promise<void>): Promise<void> {
  const room = await Room.open(folder, tools);
  try {
    await task(room);
  } finally {
    await room.close();
  }
}

/** Where the engine has its files is nothing that a report should tell. */
async function tracesOfEngine(): Promise<Record<string, string>> {
  const { docker } = await connectEngine({ workspace: WORKSPACE });
  const { DockerRootDir } = (await docker.info()) as { DockerRootDir?: string };
  return { ...(DockerRootDir && { [DockerRootDir]: '<data root>' }) };
}

async function expectDeliverables(folder: string): Promise<void> {
  const files = await filesIn(folder);
  const missing = DELIVERABLES.flat().filter(({ path }) => !files.get(path));
  if (missing.length === 0) return;
  throw new LabError(`Not delivered: ${missing.map(({ path }) => path).join(', ')}`);
}
