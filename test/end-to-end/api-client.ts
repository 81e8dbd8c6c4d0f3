/** A request as a line of `curl` spells it. */
export interface CurlRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What was answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Reads a line of `curl` as a shell does, as far as our hints go: words, and words in single quotes. */
export function curlOf(line: string): CurlRequest {
  const [, ...words] = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const after = (flag: string): string | undefined => {
    const index = words.indexOf(flag);
    return index < 0 ? undefined : words[index + 1];
  };
  const [name, value] = after('-H')?.split(': ') ?? [];
  return {
    url: words.find((word) => word.startsWith('http://')) ?? '',
    method: after('-X') ?? 'GET',
    headers: name === undefined || value === undefined ? {} : { [name]: value },
    body: after('-d'),
  };
}

/** Sends a request; every answer of the API is JSON. */
export async function send({ url, method, headers, body }: CurlRequest): Promise<Answer> {
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, body: await answer.json() };
}

/** Sends one of several requests; fails when there is no such one. */
export async function asked(request: CurlRequest | undefined): Promise<Answer> {
  if (request === undefined) throw new Error('there is no such request');
  return send(request);
}
