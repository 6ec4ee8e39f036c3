/** How every command ends: its result as one JSON object on stdout, its error on stderr and as the status. */
import { EngineError } from '../src/engine/core/errors.ts';
import { report } from './progress.ts';

export interface CommandResult {
  readonly output: object;
  /** False: the command ran, and what it checked doesn't hold. */
  readonly success: boolean;
}

/** A command line that can't be understood. */
export class UsageError extends Error {}

export async function runCommand(usage: string, command: () => Promise<CommandResult>): Promise<void> {
  try {
    const { output, success } = await command();
    await new Promise<void>((resolve) => {
      process.stdout.write(`${JSON.stringify(output, null, 1)}\n`, () => resolve());
    });
    process.exit(success ? 0 : 1);
  } catch (thrown) {
    if (thrown instanceof UsageError || isParseArgsError(thrown)) {
      report(`${(thrown as Error).message}\n\n${usage}`);
      process.exit(2);
    }
    const error = EngineError.from(thrown);
    report(`${error.code}: ${error.message}`);
    for (const line of ['subject', 'found', 'wanted', 'remedy'] as const) {
      if (error[line]) report(`  ${line}: ${error[line]}`);
    }
    if (error.code === 'internal' && error.cause instanceof Error) report(`${error.cause.stack}`);
    process.exit(1);
  }
}

function isParseArgsError(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
}
