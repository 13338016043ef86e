import { deepEqual, match, ok } from 'node:assert/strict';
import { defineHandler, nodeServices, type Role, settings, type Variable } from '@rollcall/handler';
import { BACKEND, encodeTags } from '@rollcall/membership';
import { compile, defineService, type Service } from '@rollcall/supervision';
import type { Case } from './conformance.ts';
import { longestConfig } from './longest.ts';

const VARIABLE_NAME = /^ROLLCALL_[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;
/** What somebody may set a variable to. */
const ODD_TEXTS = [' ', '-1', '0', '/', '\n', '\0', '{{', '💥', 'x'.repeat(10_000)];

/** What a role says of itself, before it runs. */
export function descriptionCases(role: Role): Case[] {
  const variables = Object.values(role.variables);
  return [
    {
      name: 'its name and its variables are allowed beside those of every node',
      check: async () => void defineHandler(role),
    },
    {
      name: 'its variables are named ROLLCALL_…, and told in one line each',
      check: async () => {
        for (const { name, about, allowed } of variables) {
          match(name, VARIABLE_NAME);
          match(about, /^\S.*[^\s.]$/, `${name}: "about" must be one line without a full stop`);
          match(allowed, /^\S.*\S$/, `${name}: "allowed" must be one line`);
        }
      },
    },
    {
      name: 'a default that can be written down is what its own variable makes of it',
      check: async () => {
        for (const { name, fallback, parse } of variables.filter(isWritten))
          deepEqual(parse(String(fallback)), fallback, `${name} does not allow its own default`);
      },
    },
    {
      name: 'whatever a variable is set to, it is read or refused',
      check: async () => {
        for (const { parse } of variables) for (const text of ODD_TEXTS) parse(text);
      },
    },
    {
      name: 'its services become a scan directory, and stop within the time of docker stop',
      check: async () => {
        for (const service of role.services) defineService(service);
        compile([...nodeServices, ...role.services]);
      },
    },
    {
      name: 'its services read no ROLLCALL_… variable that a node would refuse',
      check: async () => {
        const known = [...variables, ...Object.values(settings)].map(({ name }) => name);
        for (const name of role.services.flatMap(variablesOf))
          ok(!name.startsWith('ROLLCALL_') || known.some((each) => each === name), `${name} is not known`);
      },
    },
    {
      name: 'its tags fit, however long the values are that its variables allow',
      check: async () => {
        const tags = role.backendTags?.(longestConfig(role.variables));
        const boot = 'b'.repeat(12);
        encodeTags(tags ? { ...tags, role: BACKEND, boot } : { role: role.name, boot });
      },
    },
  ];
}

/** Other defaults are values that no text stands for, such as "none". */
function isWritten({ fallback }: Variable<unknown>): boolean {
  return typeof fallback === 'string' || typeof fallback === 'number';
}

function variablesOf({ command, stop }: Service): string[] {
  const limit = stop?.limitMs;
  return [
    ...('variable' in command ? [command.variable] : []),
    ...(typeof limit === 'object' ? [limit.secondsVariable] : []),
  ];
}
