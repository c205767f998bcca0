export function registerSDK(onSpan: (span: unknown) => void): void
export function unregisterSDK(): void
export function within<Result>(name: string, work: () => Promise<Result>): Promise<Result>
export function activeSpanId(): string | undefined
