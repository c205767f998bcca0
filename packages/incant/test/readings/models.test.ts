import { describe, expect, test } from 'vitest'
import { deriveView } from '../../src/readings/derive.ts'
import { parseExposition } from '../../src/readings/exposition.ts'
import { showRounds } from './shown.ts'

/** What a server with two models shows after some rounds. */
function showModels(rounds: number): string {
  const bucket = (labels: string, bound: string, count: number): string =>
    `incant_predict_duration_seconds_bucket{${labels},le="${bound}"} ${count * rounds}`
  const histogram = (labels: string, count: number): readonly string[] => [
    ...['0.01', '+Inf'].map(bound => bucket(labels, bound, count)),
    `incant_predict_duration_seconds_sum{${labels}} ${0.005 * count * rounds}`,
    `incant_predict_duration_seconds_count{${labels}} ${count * rounds}`,
  ]
  return [
    'incant_ready{model="ocr"} 0',
    'incant_ready{model="words",model_version="v2"} 1',
    'incant_build_info{model="ocr",model_version="v0",version="1.0.0",node="v20.20.2"} 1',
    'incant_build_info{model="words",model_version="v2",version="1.0.0",node="v20.20.2"} 1',
    ...histogram('model="ocr"', 2),
    ...histogram('model="words",model_version="v2"', 10),
    'incant_queue_length{model="ocr"} 3',
    'incant_queue_limit{model="ocr"} 20',
    'incant_queue_limit{model="words",model_version="v2"} 100',
    'incant_replicas{model="ocr",state="ready"} 0',
    'incant_replicas{model="ocr",state="starting"} 1',
    'incant_replicas{model="words",model_version="v2",state="ready"} 2',
    `incant_replica_restarts_total{model="ocr",reason="killed"} ${4 * rounds}`,
    'incant_process_resident_memory_bytes{replica="front"} 100',
    'incant_process_resident_memory_bytes{model="ocr",replica="0"} 200',
    'incant_process_resident_memory_bytes{model="words",model_version="v2",replica="0"} 300',
    '',
  ].join('\n')
}

const readings = (show: (rounds: number) => string) => ({
  before: { at: 0, exposition: parseExposition(show(1)) },
  after: { at: 1000, exposition: parseExposition(show(2)) },
})

describe('a server with several models', () => {
  const view = deriveView(readings(showModels))

  test('shows each', () => {
    const p50 = 0.005
    expect(view.models).toEqual([
      {
        ...{ model: 'ocr', ready: false, rate: 2, p50, p99: 0.0099 },
        ...{ queue: { length: 3, limit: 20 }, replicas: 0, restarts: 8 },
      },
      {
        ...{ model: 'words:v2', ready: true, rate: 10, p50, p99: 0.0099 },
        ...{ queue: { length: 0, limit: 100 }, replicas: 2, restarts: 0 },
      },
    ])
    expect(view.build).toEqual({ version: '1.0.0', node: 'v20.20.2', model: '2 models', modelVersion: '' })
    expect(view.ready).toBe(true)
  })

  test('shows the sequences of one of them', () => {
    const showChat = (rounds: number): string =>
      [
        showModels(rounds).trimEnd(),
        ...['running', 'waiting', 'paused'].map(
          (state, count) => `incant_sequences{model="ocr",state="${state}"} ${count}`,
        ),
        ...['8', '+Inf'].map(bound => `incant_step_size_bucket{model="ocr",le="${bound}"} ${20 * rounds}`),
        `incant_step_size_sum{model="ocr"} ${80 * rounds}`,
        `incant_step_size_count{model="ocr"} ${20 * rounds}`,
        'incant_step_size_count{model="words",model_version="v2"} 0',
        ...['0.01', '+Inf'].map(
          bound => `incant_step_duration_seconds_bucket{model="ocr",le="${bound}"} ${20 * rounds}`,
        ),
        `incant_step_duration_seconds_sum{model="ocr"} ${0.1 * rounds}`,
        `incant_step_duration_seconds_count{model="ocr"} ${20 * rounds}`,
        '',
      ].join('\n')
    expect(view.sequences).toBeUndefined()
    expect(deriveView(readings(showChat)).sequences).toEqual({
      states: new Map([
        ['running', 0],
        ['waiting', 1],
        ['paused', 2],
      ]),
      size: { mean: 4, p50: 4, p99: 7.92 },
      ...{ rate: 20, p50: 0.005, p99: 0.0099 },
    })
  })

  test('tells their replicas apart', () => {
    expect(view.processes.map(({ replica, resident }) => [replica, resident])).toEqual([
      ['front', 100],
      ['ocr 0', 200],
      ['words:v2 0', 300],
    ])
  })
})

test('a server with one model has none of these', () => {
  expect(deriveView(readings(showRounds)).models).toEqual([])
})
