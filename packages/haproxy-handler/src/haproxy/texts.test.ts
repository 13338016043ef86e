import { describe, expect, it } from 'vitest';
import {
  alertsIn,
  countStreams,
  parseIdentity,
  parseNewVersion,
  parseProcesses,
  parseRoutes,
  parseServerLoads,
  parseServersState,
} from './texts.ts';

// All as HAProxy 3.0.11 printed it.
const STATE = `1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
2 web 1 s1 127.0.0.1 2 0 100 100 5 6 3 3 6 0 0 0 - 3001 - 0 0 - - 0
2 web 2 s2 fd00::2 0 1 7 100 0 6 3 0 14 0 0 0 - 3002 - 0 0 - - 0
2 web 3 s3 127.0.0.1 0 8 100 100 1 8 2 0 2 0 0 0 - 3003 - 0 0 - - 0
2 web 4 s4 127.0.0.1 2 4 100 100 0 6 3 1 6 0 0 0 - 3004 - 0 0 - - 0
`;

describe('show servers state', () => {
  it('is read', () => {
    expect(parseServersState(STATE)).toEqual([
      {
        name: 's1',
        backend: 'web',
        address: '127.0.0.1',
        port: 3001,
        weight: 100,
        mode: 'ready',
        up: true,
        checked: true,
      },
      {
        name: 's2',
        backend: 'web',
        address: 'fd00::2',
        port: 3002,
        weight: 7,
        mode: 'maint',
        up: false,
        checked: true,
      },
      {
        name: 's3',
        backend: 'web',
        address: '127.0.0.1',
        port: 3003,
        weight: 100,
        mode: 'drain',
        up: false,
        checked: false,
      },
      // "disabled" in the file, and made ready since: 4 stays, and means nothing.
      {
        name: 's4',
        backend: 'web',
        address: '127.0.0.1',
        port: 3004,
        weight: 100,
        mode: 'ready',
        up: true,
        checked: true,
      },
    ]);
  });
  it('may name no server', () => {
    expect(parseServersState(STATE.split('\n').slice(0, 2).join('\n'))).toEqual([]);
  });
  it.each(['', '2\n# srv_name\n', '1\n# srv_name\ns1', 'Permission denied'])(
    'is refused when it is not: %j',
    (text) => {
      expect(() => parseServersState(text)).toThrow(expect.objectContaining({ code: 'HAPROXY_GARBLED' }));
    },
  );
});

describe('show stat', () => {
  it('is read, requests in the queue among those in flight', () => {
    const text =
      '# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin\nweb,s1,1,2,3,4,,5,278\nweb,s2,,,0,0,,0,0\n';
    expect(parseServerLoads(text)).toEqual(
      new Map([
        ['web/s1', { inFlight: 4, requests: 5 }],
        ['web/s2', { inFlight: 0, requests: 0 }],
      ]),
    );
  });
  it('is refused when it is not', () => {
    expect(() => parseServerLoads('Unknown command')).toThrow(
      expect.objectContaining({ code: 'HAPROXY_GARBLED' }),
    );
  });
});

describe('show sess', () => {
  const line = (place: string) => `0x7fe8f6908400: proto=tcpv4 src=127.0.0.1:4 ${place} ts=00 epoch=0 age=2s`;
  it('counts the streams of clients, wherever they are', () => {
    const lines = [
      line('fe=tcp be=tcp srv=s2'),
      line('fe=clients be=web srv=<none>'),
      line('fe=GLOBAL be=<NONE> srv=<none>'),
      line('fe=MASTER be=<NONE> srv=<none>'),
    ];
    expect(countStreams(lines.join('\n'))).toBe(2);
  });
  it.each(['', "Can't find the target PID matching the prefix '@!77'."])('may list none: %j', (text) => {
    expect(countStreams(text)).toBe(0);
  });
});

describe('what a process has read', () => {
  const text = (value: string) => `proc.rollcall_fingerprint: type=str value=<${value}>`;
  it('is read', () => {
    expect(parseIdentity(text('0123456789abcdef/shop/tcp:db/web/*:5432'))).toEqual({
      fingerprint: '0123456789abcdef',
      sections: new Set(['shop', 'tcp:db', 'web', '*:5432']),
    });
  });
  it.each(['Variable not found.', text('0123456789abcdef')])(
    'has a place for web at least: %j',
    (unknown) => {
      expect(parseIdentity(unknown).sections).toEqual(new Set(['web']));
    },
  );
  it('may be unknown', () => {
    expect(parseIdentity('Variable not found.').fingerprint).toBeUndefined();
  });
});

describe('show map', () => {
  it('is read', () => {
    expect(parseRoutes('0x7f09145ee030 / web\n0x7f09145fe180 shop.example.com/api/ shop')).toEqual(
      new Map([
        ['/', 'web'],
        ['shop.example.com/api/', 'shop'],
      ]),
    );
    expect(parseRoutes('')).toEqual(new Map());
  });
  it('may not be there', () => {
    expect(parseRoutes('Unknown map identifier. Please use #<id> or <file>.')).toBeUndefined();
  });
  it('is refused when it is not', () => {
    expect(() => parseRoutes('Permission denied')).toThrow(
      expect.objectContaining({ code: 'HAPROXY_GARBLED' }),
    );
  });
});

describe('prepare map', () => {
  it('is read', () => {
    expect(parseNewVersion('New version created: 12')).toBe('12');
  });
  it('is refused when it is not', () => {
    expect(() => parseNewVersion('no')).toThrow(expect.objectContaining({ code: 'HAPROXY_GARBLED' }));
  });
});

describe('show proc', () => {
  const text = `#<PID>          <type>          <reloads>       <uptime>        <version>      
1698            master          2 [failed: 1]   0d00h00m02s     3.0.11-1+deb13u5
# workers
1733            worker          0               0d00h00m00s     3.0.11-1+deb13u5
# old workers
1701            worker          1               0d00h00m02s     3.0.11-1+deb13u5
1699            worker          2               0d00h00m02s     3.0.11-1+deb13u5
# programs
1244            foo             0               0d00h00m00s     -
`;
  it('is read', () => {
    expect(parseProcesses(text)).toEqual({ worker: 1733, oldWorkers: [1701, 1699] });
  });
  it('may name no worker', () => {
    expect(parseProcesses('#<PID> <type>\n1698 master 0\n# workers\n')).toEqual({
      worker: undefined,
      oldWorkers: [],
    });
  });
});

describe('why HAProxy does not take a configuration', () => {
  it('is told without what surrounds it', () => {
    const text = `[NOTICE]   (255) : haproxy version is 3.0.11-1+deb13u5
[WARNING]  (255) : config : parsing [/run/h.cfg:37] : something else.
[ALERT]    (255) : config : parsing [/run/h.cfg:40] : unknown keyword 'nonsense' in 'frontend' section
[ALERT]    (255) : config : Error(s) found in configuration file : /run/h.cfg
[ALERT]    (255) : config : Fatal errors found in configuration.
`;
    expect(alertsIn(text)).toBe("parsing [/run/h.cfg:40] : unknown keyword 'nonsense' in 'frontend' section");
  });
  it('is told in full when it is in no known form', () => {
    expect(alertsIn('out of memory\n')).toBe('out of memory');
  });
});
