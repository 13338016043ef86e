import { type Contender, plainNode } from './contender.ts';

/** nginx that asks Docker's DNS once a second who there is. */
export const nginxDns: Contender = {
  name: 'nginx with DNS',
  start: async (cluster) => {
    const image = await cluster.stage.image(
      'nginx',
      'FROM rollcall/os\nRUN apt-get update && apt-get install --yes nginx-light\n',
    );
    const container = await cluster.stage.run({
      image,
      cmd: ['nginx', '-c', '/etc/bench.conf', '-g', 'daemon off;'],
      files: { '/etc/bench.conf': CONFIGURATION },
      network: cluster.network,
      ports: [80],
    });
    return {
      url: `http://127.0.0.1:${container.port(80)}`,
      add: (name) => plainNode(cluster, name),
    };
  },
};

/** Debian 13's nginx looks a name up again while it runs only where the name stands in a variable. */
const CONFIGURATION = `worker_processes auto;
error_log /dev/stderr crit;
events { worker_connections 4096; }
http {
  access_log off;
  resolver 127.0.0.11 valid=1s ipv6=off;
  server {
    listen 80;
    location / {
      set $web web;
      proxy_pass http://$web:3000;
      proxy_http_version 1.1;
      proxy_connect_timeout 1500ms;
      proxy_next_upstream error timeout;
    }
  }
}
`;
