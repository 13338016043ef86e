import { EngineError } from './errors.ts';
import { connectEngine, type Engine } from './find.ts';
import { startPrivateEngine } from './private-engine.ts';

/**
 * Connects as `connectEngine` does and, where nothing answers, starts a private engine in
 * `<workspace>/.rollcall/engine/` (on Debian or Ubuntu as root, installing what is missing with apt).
 * @throws EngineError HOST_INVALID, HOST_UNREACHABLE and what `startPrivateEngine` throws
 */
export async function ensureEngine(options: {
  workspace: string;
  progress: (line: string) => void;
}): Promise<Engine> {
  const found = await connectEngine(options).catch((error: unknown) => {
    if (error instanceof EngineError && error.code === 'NO_ENGINE') return error;
    throw error;
  });
  if (!(found instanceof EngineError)) return found;
  try {
    await startPrivateEngine(options);
  } catch (error) {
    if (!(error instanceof EngineError && error.code === 'UNSUPPORTED_MACHINE')) throw error;
    throw new EngineError(error.code, `${found.message}\n${error.message}`, { cause: error });
  }
  return await connectEngine(options);
}
