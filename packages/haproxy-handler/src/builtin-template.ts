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
defaults http
  mode http

  # What a server does not accept goes to another one. Time enough for one packet to be lost and sent again (1 s).
  timeout connect 1500ms
  timeout check 1s
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response

  # Slow answers, long downloads and quiet websockets are no failures.
  timeout http-request 30s
  timeout http-keep-alive 30s
  timeout client 5m
  timeout server 5m
  timeout client-fin 30s
  timeout tunnel 1h
  timeout queue 30s

  # A client whose connection is idle during a reload or a stop gets one more answer, with "connection: close".
  option idle-close-on-response
  load-server-state-from-file global

frontend clients from http
  bind *:{{webPort}}
  option forwardfor
  # One line for each request that went wrong.
  log stdout format raw local0
  option httplog
  option dontlog-normal
  # While no server is up a request waits: checks may be wrong on a busy machine, and the next one comes soon.
  tcp-request inspect-delay 2s
  tcp-request content accept if { nbsrv(web) gt 0 }
  tcp-request content accept if WAIT_END
  default_backend web

backend web from http
  balance roundrobin
  # Every balancer gives the same cookie for the same node.
  cookie ROLLCALL insert indirect nocache httponly
  # A request is only sent a second time when that does no harm (RFC 9110, 9.2.2).
  http-request disable-l7-retry unless { method GET HEAD OPTIONS TRACE PUT DELETE }
  http-reuse safe
  {{> servers}}

frontend stats from http
  bind *:{{statsPort}}
  http-request use-service prometheus-exporter if { path /metrics }
  stats enable
  stats uri /
  stats refresh 5s
  stats show-legends
`;
