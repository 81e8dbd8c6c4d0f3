/** What a service of the simulated account answers to a call that it does not carry out. */
export class AccountRefusal extends Error {
  /** Name of the exception as the service's model has it, for example `DBInstanceNotFoundFault`. */
  readonly exception: string;

  constructor(exception: string, message: string) {
    super(message);
    this.name = 'AccountRefusal';
    this.exception = exception;
  }
}
