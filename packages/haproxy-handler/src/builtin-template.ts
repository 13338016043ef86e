/** The template that a balancer uses when it is given none: the file that `rollcall render` shows, and a start for one's own. */
export const builtInTemplate = `global
  # The runtime API is the master's socket, given on the command line.
{{#if adminPort}}
  stats socket ipv4@0.0.0.0:{{adminPort}} level admin
{{/if}}
  server-state-file {{serverStateFile}}
  hard-stop-after {{hardStopSeconds}}s
  # Docker allows a million open files, for each of which HAProxy keeps room in memory.
  fd-hard-limit 50000

# Named, as http-request is not allowed in defaults without a name.
defaults all
  # What a server does not accept goes to another one. Time enough for one packet to be lost and sent again (1 s).
  timeout connect 1500ms
  timeout check 1s
  retries 3
  option redispatch 1

  # Slow answers, long downloads and quiet websockets are no failures.
  timeout client 5m
  timeout server 5m
  timeout client-fin 30s
  timeout tunnel 1h
  timeout queue 30s
  load-server-state-from-file global

defaults http from all
  mode http
  retry-on conn-failure empty-response
  timeout http-request 30s
  timeout http-keep-alive 30s

  # A client whose connection is idle during a reload or a stop gets one more answer, with "connection: close".
  option idle-close-on-response

# Connections of which nothing is known, and that may be quiet for long.
defaults tcp from all
  mode tcp
  timeout client 1h
  timeout server 1h

frontend clients from http
  bind *:{{webPort}}
  option forwardfor
  # One line for each request that went wrong.
  log stdout format raw local0
  option httplog
  option dontlog-normal
  # The longest route that begins HOST/PATH/, else the longest without a host. Who takes it is told HAProxy at run time.
  tcp-request inspect-delay 2s
  tcp-request content set-var-fmt(txn.place) "%[req.hdr(host),host_only,lower]%[path]/"
  tcp-request content set-var(txn.backend) var(txn.place),map_beg({{routesFile}})
  tcp-request content set-var(txn.backend) path,concat(/),map_beg({{routesFile}}) unless { var(txn.backend) -m found }
  tcp-request content accept unless { var(txn.backend) -m found }
  # While no server is up a request waits: checks may be wrong on a busy machine, and the next one comes soon.
  tcp-request content accept if { var(txn.backend),nbsrv gt 0 }
  tcp-request content accept if WAIT_END
  # What no service takes gets 503.
  use_backend %[var(txn.backend)] if { var(txn.backend) -m found }

{{#each tcpPorts}}
frontend tcp-{{port}} from tcp
  bind *:{{port}}
  tcp-request inspect-delay 2s
  tcp-request content set-var(txn.backend) str(tcp:{{port}}),map_str({{../routesFile}})
  tcp-request content accept unless { var(txn.backend) -m found }
  tcp-request content accept if { var(txn.backend),nbsrv gt 0 }
  tcp-request content accept if WAIT_END
  use_backend %[var(txn.backend)] if { var(txn.backend) -m found }

{{/each}}
{{#each services}}
{{#unless tcp}}
backend {{backend}} from http
  balance roundrobin
  # Every balancer gives the same cookie for the same node.
  cookie {{cookie}} insert indirect nocache httponly
  # A request is only sent a second time when that does no harm (RFC 9110, 9.2.2).
  http-request disable-l7-retry unless { method GET HEAD OPTIONS TRACE PUT DELETE }
  http-reuse safe
  {{> servers}}

{{else}}
backend {{backend}} from tcp
  balance roundrobin
  {{> servers}}

{{/unless}}
{{/each}}
frontend stats from http
  bind *:{{statsPort}}
  http-request use-service prometheus-exporter if { path /metrics }
  stats enable
  stats uri /
  stats refresh 5s
  stats show-legends
`;
