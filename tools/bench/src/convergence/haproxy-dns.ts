import { type Contender, plainNode } from './contender.ts';

/** HAProxy that asks Docker's DNS once a second who there is, with a fixed number of places. */
export const haproxyDns: Contender = {
  name: 'HAProxy with DNS',
  start: async (cluster, nodesMax) => {
    const container = await cluster.stage.run({
      image: 'rollcall/haproxy',
      cmd: ['haproxy', '-f', '/etc/dns.cfg'],
      files: { '/etc/dns.cfg': configuration(nodesMax) },
      network: cluster.network,
      ports: [80],
    });
    return {
      url: `http://127.0.0.1:${container.port(80)}`,
      add: (name) => plainNode(cluster, name),
    };
  },
};

/** With the same retries and checks as Rollcall's own, so that only the way of finding differs. */
const configuration = (places: number) => `global
  fd-hard-limit 50000
resolvers docker
  nameserver dns 127.0.0.11:53
  accepted_payload_size 8192
  hold valid 1s
  hold obsolete 0s
  timeout resolve 1s
  timeout retry 1s
defaults http
  mode http
  timeout connect 1500ms
  timeout client 5m
  timeout server 5m
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response
frontend clients from http
  bind *:80
  default_backend web
backend web from http
  balance roundrobin
  http-request disable-l7-retry unless { method GET HEAD OPTIONS TRACE PUT DELETE }
  default-server check inter 1s fastinter 500ms downinter 500ms rise 1 fall 3
  default-server observe layer4 error-limit 10 on-error mark-down
  server-template web ${places} web:3000 resolvers docker init-addr none
`;
