/** A number with its noun: `1 policy`, `1,440 holds`. */
export const numberOf = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** Why a file cannot be used, in words, with the fix. `absent`: what there is not; for a file that is to be written, its folder. */
export function fileTrouble(cause: unknown, absent: 'file' | 'folder' = 'file'): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
  switch (code) {
    case 'ENOENT':
      return `no such ${absent} (correct the path)`;
    case 'EISDIR':
      return 'is a folder (name a file)';
    case 'ENOTDIR':
      return 'goes through a file that is no folder (correct the path)';
    case 'EACCES':
    case 'EPERM':
      return 'is not permitted (change its permissions, or name another file)';
    case 'ENOSPC':
      return 'there is no space left (make room, or name another file)';
    default:
      return `cannot be used: ${code ?? (cause instanceof Error ? cause.message : String(cause))} (name another file)`;
  }
}
