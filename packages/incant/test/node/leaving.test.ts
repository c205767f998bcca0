import { expect, it } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { RawConnection } from './_raw-connection.ts'
import { post, served } from './_served.ts'

class Large extends BasePredictor {
  predict(): string {
    return 'x'.repeat(64 * 1024 * 1024)
  }
}

it.each(['destroy', 'resetAndDestroy'] as const)(
  'a caller who leaves in the middle of an answer is not one who was answered: %s',
  async leave => {
    const { server, lines } = await served(Large)
    const connection = await RawConnection.open(server.url)
    connection.send(post('{}'))
    await connection.until(received => received !== '')
    connection.socket[leave]()
    await expect.poll(() => lines.find(({ message }) => message === 'request')?.fields).toBeDefined()
    expect(lines.find(({ message }) => message === 'request')?.fields).toMatchObject({
      status: 499,
      reason: 'client_closed',
    })
  },
)
