/** Secrets, by the ARN of Secrets Manager. They are never logged, and never part of an error. */
export interface Secrets {
  /**
   * The text of a secret.
   * @throws ControllerError `denied`, `target-missing`, `throttled` or `unavailable`.
   */
  read(arn: string): Promise<string>;
}
