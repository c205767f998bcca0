// Several servers on one port, by Node's cluster: this process accepts connections and hands them out in turn.
//
//   node fronts.js COUNT FILE [ARGUMENT …]
import cluster from 'node:cluster'

const [count, exec, ...args] = process.argv.slice(2)
cluster.setupPrimary({ exec, args })
for (let index = 0; index < Number(count); index += 1) cluster.fork()
