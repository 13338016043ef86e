import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addArguments,
  type ConfigurationValues,
  exampleValues,
  FINGERPRINT_VARIABLE,
  makeConfiguration,
  renderConfiguration,
} from './configuration.ts';
import { server } from './examples.ts';
import { LEAST_SECTIONS } from './sections.ts';
import { builtIn } from './templates.ts';

const values = (more: Partial<ConfigurationValues> = {}): ConfigurationValues => ({
  servers: [server('s1'), server('s2', { mode: 'maint' })],
  sections: LEAST_SECTIONS,
  adminPort: null,
  hardStopSeconds: 60,
  ...more,
});
const lines = (text: string) => text.split('\n').map((line) => line.trim());
const own = (text: string) => ({ file: '/etc/own.hbs', text });

describe('the built-in template', () => {
  it('has a line for each server', () => {
    const servers = lines(renderConfiguration(builtIn, values())).filter((line) =>
      line.startsWith('server '),
    );
    expect(servers).toEqual([
      expect.stringMatching(/^server s1 10\.0\.0\.1:3000 check .* weight 100 cookie s1$/),
      expect.stringMatching(/^server s2 10\.0\.0\.2:3000 check .* weight 100 cookie s2 disabled$/),
    ]);
  });
  it('has no server when there is none', () => {
    expect(lines(renderConfiguration(builtIn, values({ servers: [] })))).not.toContainEqual(
      expect.stringMatching(/^server /),
    );
  });
  it('opens the runtime API to others only when it is asked to', () => {
    expect(renderConfiguration(builtIn, values())).not.toContain('stats socket');
    expect(renderConfiguration(builtIn, values({ adminPort: 9999 }))).toContain(
      'stats socket ipv4@0.0.0.0:9999 level admin',
    );
  });
  it('sends nothing twice that is not safe to repeat', () => {
    expect(lines(renderConfiguration(builtIn, values()))).toContain(
      'http-request disable-l7-retry unless { method GET HEAD OPTIONS TRACE PUT DELETE }',
    );
  });
});

it('the runtime API is told the words of the file', () => {
  const [line] = lines(renderConfiguration(builtIn, values())).filter((each) =>
    each.startsWith('server s1 '),
  );
  expect(`server s1 ${addArguments(server('s1'))}`).toBe(line);
});

it('a server that is to be added in maintenance is told nothing of it: that comes by itself', () => {
  expect(addArguments(server('s1', { mode: 'maint' }))).toBe(addArguments(server('s1')));
});

it('writes IPv6 addresses in brackets', () => {
  expect(addArguments(server('s1', { address: 'fd00::1' }))).toMatch(/^\[fd00::1\]:3000 /);
});

describe('the fingerprint', () => {
  const fingerprint = (
    template: Parameters<typeof makeConfiguration>[0],
    more?: Partial<ConfigurationValues>,
  ) => makeConfiguration(template, values(more)).fingerprint;

  it('is in the text', () => {
    const made = makeConfiguration(builtIn, values());
    expect(lines(made.text)).toContain(`set-var ${FINGERPRINT_VARIABLE} str(${made.fingerprint}/web)`);
  });
  it('is the same whoever is a server', () => {
    expect(fingerprint(builtIn, { servers: [] })).toBe(fingerprint(builtIn));
  });
  it('is another for another setting or template', () => {
    expect(fingerprint(builtIn, { adminPort: 9999 })).not.toBe(fingerprint(builtIn));
    expect(fingerprint(own(`${builtIn.text}# own\n`))).not.toBe(fingerprint(builtIn));
  });
  it('is another when a template makes more of its servers than the runtime API can', () => {
    const template = own('backend web\n{{> servers}}\n{{#each servers}}# {{name}}\n{{/each}}');
    expect(fingerprint(template, { servers: [] })).not.toBe(fingerprint(template));
  });
});

describe('services and TCP ports', () => {
  const several = values({
    servers: [
      server('s1'),
      server('s2', { backend: 'shop' }),
      server('s3', { backend: 'tcp:db' }),
      server('s4', { backend: 'gone' }),
    ],
    sections: new Set(['web', 'shop', 'tcp:db', '*:5432']),
  });
  const { text, sections } = makeConfiguration(builtIn, several);
  /** The lines of a section. */
  const section = (head: string) =>
    lines(`${text}\n\n`.slice(text.indexOf(`\n${head}`)).split(/\n\n/)[0] ?? '').filter(
      (line) => line !== '',
    );

  it('the built-in template has a place for each, with its own servers', () => {
    expect(sections).toEqual(several.sections);
    expect(section('backend web from http').at(-1)).toMatch(/^server s1 .* cookie s1$/);
    expect(section('backend shop from http').at(-1)).toMatch(/^server s2 .* cookie s2$/);
    expect(section('backend shop from http')).toContain(
      'cookie ROLLCALL_shop insert indirect nocache httponly',
    );
    expect(section('frontend tcp-5432 from tcp')).toContain('bind *:5432');
    expect(text).not.toContain('server s4 ');
  });
  it('what speaks TCP has no cookies', () => {
    expect(section('backend tcp:db from tcp').join()).not.toContain('cookie');
    expect(addArguments(server('s3', { backend: 'tcp:db' }))).not.toContain('cookie');
  });
  it('HAProxy can tell which of them it has', () => {
    expect(text).toMatch(/str\([0-9a-f]{16}\/\*:5432\/shop\/tcp:db\/web\)/);
  });
  it('a template may have no place for some', () => {
    const one = own('backend web\n{{> servers}}\nbackend shop\n  server own 192.0.2.1:80\n');
    const made = makeConfiguration(one, several);
    expect(made.sections).toEqual(new Set(['web']));
    expect(made.fingerprint).toBe(makeConfiguration(one, values()).fingerprint);
    expect(made.text).not.toContain('server s2 ');
  });
});

it.each([
  ['a variable that is not there', 'backend web\n{{nme}}', 'UNKNOWN_VARIABLE'],
  ['a partial that is not there', 'backend web\n{{> nme}}', 'UNKNOWN_PARTIAL'],
  ['no place for servers', 'frontend web\n', 'BACKEND_MISSING'],
])('refuses a template with %s', (_, text, code) => {
  expect(() => makeConfiguration(own(text), values())).toThrow(expect.objectContaining({ code }));
});

it('ends its last line, also when the template does not', () => {
  expect(renderConfiguration(own(builtIn.text.trimEnd()), values())).toMatch(/\S\n$/);
});

it('the name of a template cannot add a line', () => {
  const { text } = makeConfiguration({ file: '/a\nglobal', text: 'backend web\n' }, values());
  expect(lines(text).filter((line) => line === 'global')).toHaveLength(1);
});

it('nothing in a server can add a line', () => {
  const word = fc.string({ unit: 'binary', minLength: 1 });
  fc.assert(
    fc.property(word, word, (name, address) => {
      let text: string;
      try {
        text = renderConfiguration(builtIn, values({ servers: [server('s1', { name, address })] }));
      } catch (error) {
        expect(error).toMatchObject({ code: 'VALUE_REFUSED' });
        return;
      }
      expect(text.split('\n').length).toBe(
        renderConfiguration(builtIn, values({ servers: [server('s1')] })).split('\n').length,
      );
    }),
  );
});

it('has an example for people to try a template with', () => {
  expect(renderConfiguration(builtIn, exampleValues)).toContain('server s1 172.18.0.3:3000');
});
