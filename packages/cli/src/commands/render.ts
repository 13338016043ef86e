import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConfigurationValues, TemplateSource } from '@rollcall/haproxy-handler';
import { isNodeName } from '@rollcall/membership';
import { defineCommand } from '../command.ts';
import { CliError } from '../errors.ts';
import { pairs, wholeNumber, word } from '../options.ts';

export const render = defineCommand({
  usage: 'render',
  about: 'print the haproxy.cfg that a balancer would have; needs no engine',
  more:
    'For writing a template of your own: an unknown variable or a missing backend is named with its file and line. ' +
    'What HAProxy itself thinks of the result is said by `rollcall render | haproxy -c -f /dev/stdin`.',
  options: {
    template: word({
      about: 'The template: FILE',
      otherwise: 'the built-in one',
      allowed: 'a file',
      read: (text) => text || undefined,
    }),
    node: pairs({
      about: 'A web node, NAME=ADDRESS:PORT; repeat it',
      otherwise: 'two, s1 and s2, as an example',
    }),
    'admin-port': wholeNumber({
      about: "Port of HAProxy's runtime API on TCP, as ROLLCALL_ADMIN_PORT",
      otherwise: 'off',
      min: 1,
      max: 65_535,
    }),
  },
  examples: [
    ['rollcall render', 'what a balancer starts from'],
    ['rollcall render --template my.cfg.hbs --node s1=10.0.0.7:3000', 'try a template of your own'],
  ],
  changes: false,
  async run({ template, node, 'admin-port': adminPort }, { stdout }) {
    const { builtInTemplate, exampleValues, renderConfiguration } = await import('@rollcall/haproxy-handler');
    const source = template === undefined ? builtInTemplate : await readTemplate(template);
    const servers = node ? Object.entries(node).map(serverOf) : exampleValues.servers;
    const values = { ...exampleValues, servers, adminPort: adminPort ?? null };
    try {
      stdout.write(renderConfiguration(source, values));
    } catch (error) {
      if (!isCoded(error)) throw error;
      throw new CliError('TEMPLATE_REFUSED', error.message, { cause: error });
    }
  },
});

/** What the handler's and the templating package's own errors are; anything else is a mistake of theirs. */
function isCoded(error: unknown): error is Error {
  return error instanceof Error && 'code' in error;
}

async function readTemplate(file: string): Promise<TemplateSource> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError('USAGE', `the template ${file} cannot be read (${code})`, { cause: error });
  }
}

function serverOf([name, place]: [string, string]): ConfigurationValues['servers'][number] {
  const [, address = '', port = ''] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(place) ?? [];
  if (isNodeName(name) && isIP(address) !== 0 && Number(port) >= 1 && Number(port) <= 65_535) {
    return { name, backend: 'web', address, port: Number(port), weight: 100, mode: 'ready' };
  }
  throw new CliError(
    'USAGE',
    `--node "${name}=${place}" is not allowed; it must be NAME=ADDRESS:PORT with an IP address, [v6]:PORT`,
  );
}
