import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { type Definition, definitionOf } from './ecs-task-definition.ts';
import { translateSdkError } from './sdk-errors.ts';

/** Reads task definitions. A revision never changes, so each is read once in the life of a container. */
export class TaskDefinitionReader {
  readonly #client: ECSClient;
  readonly #known = new Map<string, Definition>();

  constructor(client: ECSClient) {
    this.#client = client;
  }

  /**
   * The revision of an ARN.
   * @throws ControllerError when ECS does not say it.
   */
  async get(arn: string): Promise<Definition> {
    const known = this.#known.get(arn);
    if (known !== undefined) return known;
    const read = await this.newest(arn);
    this.#known.set(arn, read);
    return read;
  }

  /**
   * The newest active revision of a family, always read anew.
   * @throws ControllerError when ECS does not say it.
   */
  async newest(family: string): Promise<Definition> {
    const answer = await this.#client
      .send(new DescribeTaskDefinitionCommand({ taskDefinition: family, include: ['TAGS'] }))
      .catch((error: unknown) => {
        throw translateSdkError(error, `describe the task definition ${family}`);
      });
    return definitionOf(answer);
  }
}
