import type { BackendTags, Member, View } from '@rollcall/membership';
import type { ActualServer, DesiredServer } from './plan.ts';
import { type Registered, type Server, WEB } from './server.ts';

/** What the tests are about, each with what does not matter left at some value. */
export const server = (name: string, more: Partial<Server> = {}): Server => ({
  name,
  backend: WEB,
  address: `10.0.0.${Number(name.slice(1)) || 1}`,
  port: 3000,
  weight: 100,
  mode: 'ready',
  ...more,
});

export const registered = (name: string, more: Partial<Registered> = {}): Registered => ({
  ...server(name),
  service: WEB,
  claims: [{ route: '/', since: 0 }],
  boot: 'b1',
  since: 0,
  cause: 'says that it is ready',
  ...more,
});

export const desired = (name: string, more: Partial<DesiredServer> = {}): DesiredServer => ({
  ...server(name),
  isNewBoot: false,
  ...more,
});

export const actual = (name: string, more: Partial<ActualServer> = {}): ActualServer => ({
  ...server(name),
  up: true,
  checked: true,
  inFlight: 0,
  requests: 0,
  ...more,
});

export const backend = (
  name: string,
  { status = 'alive', address = server(name).address, ...tags }: BackendOptions = {},
): Member => ({
  name,
  address,
  status,
  tags: {
    role: 'backend',
    boot: 'b1',
    service: 'web',
    port: 3000,
    state: 'ready',
    weight: 100,
    check: { by: 'tcp' },
    ...tags,
  },
});
type BackendOptions = Partial<Omit<BackendTags, 'role'> & Pick<Member, 'status' | 'address'>>;

export const balancerMember: Member = {
  name: 'ha',
  address: '10.0.0.100',
  status: 'alive',
  tags: { role: 'balancer', boot: 'b1' },
};

/** The balancer itself is always among them. */
export const viewOf = (...members: Member[]): View => ({ members: [balancerMember, ...members] });
