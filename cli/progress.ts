/** Progress goes to stderr: stdout holds one JSON object. */
export function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
