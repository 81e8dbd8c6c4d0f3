/**
 * Ends the run when nobody takes its output any more: quietly where a reader has seen enough (`| head`), with a sentence and exit
 * code 1 where it cannot be written, as on a full disk.
 */
export function endWithOutput(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0);
    process.stderr.write(`the output cannot be written: ${message} (make room, or write it elsewhere)\n`);
    process.exit(1);
  });
}
