import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { run, succeed } from './terminal.ts';

async function templateFile(text: string): Promise<string> {
  const file = join(tmpdir(), `rollcall-cli-${process.pid}.cfg.hbs`);
  await writeFile(file, text);
  onTestFinished(() => rm(file));
  return file;
}

it('prints the configuration of the given nodes, and asks no engine', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  onTestFinished(() => void vi.unstubAllEnvs());
  const text = await succeed('render', '--node', 's1=10.0.0.7:3000', '--node', 'six=[fd00::7]:80');
  expect(text).toMatch(/^ *server s1 10\.0\.0\.7:3000 /m);
  expect(text).toMatch(/^ *server six \S*fd00::7\S*:80 /m);
  expect(text).not.toContain('stats socket');
  expect(await succeed('render', '--admin-port', '9999')).toContain('stats socket ipv4@0.0.0.0:9999');
});

it('shows a service beside web and one by TCP when nothing is said', async () => {
  const text = await succeed('render');
  for (const line of ['backend web', 'backend shop', 'backend tcp:db', 'frontend tcp-5432']) {
    expect(text).toMatch(new RegExp(`^${line}\\b`, 'm'));
  }
});

it('prints services of your own, by HTTP and by TCP', async () => {
  const text = await succeed(
    ...['render', '--tcp', 'db=5433', '--node', 's1=10.0.0.7:3000'],
    ...['--node', 'shop/s2=10.0.0.8:80', '--node', 'db/s3=10.0.0.9:5432'],
  );
  const backends = text.split(/^(?=backend |frontend )/m);
  const serverIn = (section: string) =>
    /^ *server (\S+ \S+)/m.exec(backends.find((each) => each.startsWith(`${section} `)) ?? '')?.[1];
  expect(serverIn('backend web')).toBe('s1 10.0.0.7:3000');
  expect(serverIn('backend shop')).toBe('s2 10.0.0.8:80');
  expect(serverIn('backend tcp:db')).toBe('s3 10.0.0.9:5432');
  expect(text).toMatch(/^frontend tcp-5433\b/m);
  expect(text).not.toContain('172.18.0.');
});

it.each(['db', 'db=0', 'db=70000', 'a b=80'])('refuses %j by TCP', async (tcp) => {
  const { code, stderr } = await run('render', '--tcp', tcp);
  expect(code).toBe(2);
  expect(stderr).toMatch(/it must be (SERVICE=PORT|NAME=VALUE)/);
});

it('prints what a template of your own makes', async () => {
  const file = await templateFile('backend web\n  {{> servers}}\n');
  expect(await succeed('render', '--template', file, '--node', 's1=10.0.0.7:3000')).toMatch(
    /backend web\n +server s1 /,
  );
});

it('names file, line and variable of a template that is wrong', async () => {
  const file = await templateFile('backend web\n  # {{serverz}}\n  {{> servers}}\n');
  const { code, stdout, stderr } = await run('render', '--template', file);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`${file}:2:`);
  expect(stderr).toContain('serverz');
  expect(stderr).toContain('[TEMPLATE_REFUSED]');
});

it.each([
  ['s1'],
  ['s1=host:80'],
  ['s1=10.0.0.7'],
  ['s1=10.0.0.7:0'],
  ['s1=10.0.0.7:70000'],
  ['a b=10.0.0.7:80'],
  ['a b/s1=10.0.0.7:80'],
  ['/s1=10.0.0.7:80'],
])('refuses the node %j', async (node) => {
  const { code, stderr } = await run('render', '--node', node);
  expect(code).toBe(2);
  expect(stderr).toContain('it must be NAME=');
});

it('says when the template is not there', async () => {
  const { code, stderr } = await run('render', '--template', '/nowhere/x.hbs');
  expect(code).toBe(2);
  expect(stderr).toContain('the template /nowhere/x.hbs cannot be read (ENOENT)');
});
