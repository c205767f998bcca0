import type { Command } from './command-definition.ts'
import { toFlag } from './option.ts'
import { SERVER_COMMANDS, type ServerAction, type ServerFlagName, select } from './server-command.ts'

/** What `incant server … --local` can do: all that does not need a cluster. */
export type LocalServerAction = Exclude<ServerAction, 'scale' | 'grafana'>

const ENV_FILE = toFlag('envFile', { kind: 'value', placeholder: 'FILE', doc: 'Another file of variables.' })

/** The actions of {@link SERVER_COMMANDS} for services of this machine. */
export const LOCAL_SERVER_COMMANDS: Readonly<Record<LocalServerAction, Command>> = {
  list: local('list', ['json'], 'Show the servers that incant install has made.'),
  describe: local('describe', ['json'], 'Show how a server was installed, its address, and its state.'),
  status: local('status', ['json'], 'Show the state of a server: 0 when it is ready, else 1.'),
  logs: local('logs', ['follow', 'tail'], 'Show the log of a server.'),
  start: local('start', [], 'Start a server and its socket, and wait until it is ready.'),
  stop: local('stop', [], 'Stop a server and its socket.'),
  update: {
    ...local(
      'update',
      [],
      'Restart a server as another bundle, file or with other settings; calls wait meanwhile. Where it does not become ready, it is put back, and the exit code is 1.',
    ),
    usage: 'NAME [[MODEL:VERSION] FILE|BUNDLE] --local [-- SETTINGS]',
    example: 'incant server update words /srv/words-2 --local',
    options: [ENV_FILE, ...select('local')],
  },
  rollback: local('rollback', [], 'Go back to what was installed before, and wait until it is ready.'),
  rm: local('rm', ['force'], 'Remove the service and the socket of a server that was stopped. Its bundle stays.'),
  predict: local('predict', ['data', 'path', 'contentType', 'tokenEnv', 'tokenFile'], 'Call a server.'),
  healthcheck: local('healthcheck', [], 'Ask /health of a server: 0 when it is well, else 1.'),
}

function local(action: LocalServerAction, flags: readonly ServerFlagName[], summary: string): Command {
  const { name, usage, example } = SERVER_COMMANDS[action]
  return {
    name,
    usage: `${usage} --local`.trim(),
    summary,
    example: `${example.replace(' --all-namespaces', '')} --local`,
    options: select(...flags, 'local'),
  }
}
