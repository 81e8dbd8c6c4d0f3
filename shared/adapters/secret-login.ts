import { ControllerError } from '../core/controller-error.ts';

/** A login in a secret. */
export interface SecretLogin {
  /** Null where the secret names nobody. */
  readonly user: string | null;
  readonly password: string;
}

/**
 * The login in the text of a secret: JSON with `password` and perhaps `username`, as RDS writes it, or the bare password.
 * @throws ControllerError `invalid` that names the secret, never its text.
 */
export function loginOf(text: string, arn: string): SecretLogin {
  if (!text.trimStart().startsWith('{')) return { user: null, password: text };
  const parsed = fieldsOf(text);
  const { password, username } = parsed ?? {};
  if (typeof password === 'string' && password !== '') {
    return { password, user: typeof username === 'string' ? username : null };
  }
  throw new ControllerError('invalid', `The secret ${arn} is JSON without a password.`, { retryable: false });
}

/**
 * The headers in the text of a secret: JSON, name → value.
 * @throws ControllerError `invalid` that names the secret, never its text.
 */
export function headersOf(text: string, arn: string): Readonly<Record<string, string>> {
  const parsed = fieldsOf(text);
  if (parsed !== null && Object.values(parsed).every((value) => typeof value === 'string')) {
    return parsed as Readonly<Record<string, string>>;
  }
  throw new ControllerError('invalid', `The secret ${arn} is no JSON of headers (name → value).`, {
    retryable: false,
  });
}

function fieldsOf(text: string): { readonly [name: string]: unknown } | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as { readonly [name: string]: unknown })
      : null;
  } catch {
    // Its text must not become part of an error.
    return null;
  }
}
