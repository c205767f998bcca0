/**
 * The configuration of nginx before several servers: what its documents say of keep-alive connections to them, and that
 * a server that refuses a connection, or a call before predict, is passed over.
 *
 * @param {string} folder where it may write
 * @param {number} port where it listens
 * @param {readonly number[]} servers the ports of the servers
 */
export function formatConfiguration(folder, port, servers) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/${name};`,
  )
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.join('\n  ')}
  upstream predictor {
    ${servers.map(server => `server 127.0.0.1:${server} max_fails=0;`).join('\n    ')}
    keepalive 32;
  }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000;
    location / {
      proxy_pass http://predictor;
      # A 503 of Incant's own says that predict has not begun, as when a server is still loading its model.
      proxy_next_upstream error timeout http_503 non_idempotent;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }
  }
}
`
}
