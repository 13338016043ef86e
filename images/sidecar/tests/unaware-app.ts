/** Debian's nginx, which knows nothing of us: `/` on two ports, and a file that takes a while. */
export const UNAWARE_APP = `
FROM rollcall/os
RUN apt-get update && apt-get install --yes nginx-light && rm -rf /var/lib/apt/lists/* && \\
    head --bytes=30000 /dev/zero > /slow && chmod 644 /slow
RUN echo 'events {} http { \\
      server { listen 80; location / { return 200 "shop"; } location = /slow { root /; limit_rate 10k; } } \\
      server { listen 81; location / { return 200 "admin"; } } \\
    }' > /etc/nginx/nginx.conf
CMD ["nginx", "-g", "daemon off;"]
STOPSIGNAL SIGQUIT
`;
