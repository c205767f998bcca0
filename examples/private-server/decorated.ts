import { bearerAuth, privateNetwork } from 'incant/auth'
import Predictor from './predictor.ts'

/** The same, said in the code; insiders show a token, too. */
@privateNetwork({ allow: ['127.0.0.1'] })
@bearerAuth({ tokens: 'example-token' })
export default class PrivatePredictor extends Predictor {}
