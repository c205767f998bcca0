export { type PredictorUnderTest, type PredictResponse, type TestOptions, testPredictor } from './test-predictor.ts'
