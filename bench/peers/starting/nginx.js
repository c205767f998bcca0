import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProcess } from '../../started.js'

/** The limit: the same request read and the same answer written, with nothing in between. */
export const nginx = {
  missing: () => (spawnSync('nginx', ['-v']).error === undefined ? undefined : 'nginx is not installed'),
  start: (_, folder) => {
    const file = join(folder, 'nginx.conf')
    const command = port => {
      writeFileSync(file, formatConfiguration(folder, port))
      return ['nginx', '-c', file, '-e', join(folder, 'errors')]
    }
    return startProcess(command, url => fetch(`${url}/ready`), { output: join(folder, 'log') })
  },
}

function formatConfiguration(folder, port) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/${name};`,
  )
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  ${temporary.join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    default_type application/json;
    return 200 '{"length":40,"top":3}';
  }
}
`
}
