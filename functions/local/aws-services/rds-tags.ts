import type * as rds from '@aws-sdk/client-rds';
import { AccountRefusal } from '../../../shared/simulation/account-refusal.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import { tagListOf } from './rds-shapes.ts';

/** Tags that a resource may have. Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html */
const MAX_TAGS = 50;

/** Tags as a record. */
export const tagsOf = (tags: readonly rds.Tag[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** The part of RDS that is about tags. */
export function rdsTagHandlers(
  plant: Plant,
): Pick<HandlersOf<typeof rds>, 'AddTagsToResource' | 'RemoveTagsFromResource' | 'ListTagsForResource'> {
  return {
    AddTagsToResource: ({ ResourceName, Tags }) => {
      const tags = resource(plant, ResourceName);
      const added = tagsOf(Tags);
      if (new Set([...tags.keys(), ...Object.keys(added)]).size > MAX_TAGS) {
        throw new AccountRefusal('InvalidParameterValue', `A resource may have ${MAX_TAGS} tags at most.`);
      }
      for (const [key, value] of Object.entries(added)) tags.set(key, value);
      return {};
    },
    RemoveTagsFromResource: ({ ResourceName, TagKeys = [] }) => {
      const tags = resource(plant, ResourceName);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },
    ListTagsForResource: ({ ResourceName }) => ({ TagList: tagListOf(resource(plant, ResourceName)) }),
  };
}

function resource({ databases }: Plant, arn = ''): Map<string, string> {
  const [, kind, id = ''] = /^arn:[^:]+:rds:[^:]*:\d*:(db|cluster):(.+)$/.exec(arn) ?? [];
  if (kind === undefined)
    throw new AccountRefusal(
      'InvalidParameterValue',
      `The specified resource name does not match an RDS resource in this region: ${arn}`,
    );
  return (kind === 'db' ? databases.fleet.instance(id) : databases.fleet.cluster(id)).tags;
}
