export { type PredictorUnderTest, type TestOptions, testPredictor } from './test-predictor.ts'
