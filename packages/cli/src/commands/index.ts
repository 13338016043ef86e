import type { Command } from '../command.ts';
import { add } from './add.ts';
import { deploy } from './deploy.ts';
import { down } from './down.ts';
import { drain } from './drain.ts';
import { logs } from './logs.ts';
import { ps } from './ps.ts';
import { remove } from './remove.ts';
import { render } from './render.ts';
import { scale } from './scale.ts';
import { up } from './up.ts';
import { why } from './why.ts';

/** All commands, in the order of the help: `completion` is added by the parser. */
export const commands: readonly Command[] = [
  up,
  ps,
  scale,
  deploy,
  add,
  remove,
  drain,
  why,
  logs,
  render,
  down,
];
