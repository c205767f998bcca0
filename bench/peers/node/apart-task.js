// The process of apart.js that runs the task.
import { Socket } from 'node:net'
import { readLines } from './lines.js'
import { tasks } from './tasks.js'

const line = new Socket({ fd: 3 })
const predict = tasks[process.argv[2]]

readLines(line, payloads => {
  line.write(payloads.map(payload => `${JSON.stringify(predict(JSON.parse(payload)))}\n`).join(''))
})
line.on('close', () => process.exit())
