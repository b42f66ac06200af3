import type { ClientAssigned, ContactState } from '@sp/contracts';
import { noContact } from './contact-state';
import { assignArm, type ExperimentPolicy } from './experiment';
import type { Steering } from './own-experiments';

export interface Assignment {
  readonly contact: ContactState;
  /** To be announced; absent where it has been. */
  readonly assigned?: ClientAssigned['data'];
}

/** Announces a client's arm once in an epoch, at his first sight, so that arms are compared over all clients and not only over those who got offers. */
export function assignOnFirstSight(contact: ContactState | undefined, clientId: string, experiment: ExperimentPolicy): Assignment {
  const { experimentId, epoch } = experiment;
  const assignedIn = `${experimentId}:${epoch}`;
  if (contact?.assignedIn === assignedIn) return { contact };
  return { contact: { ...(contact ?? noContact), assignedIn }, assigned: { experimentId, epoch, arm: assignArm(clientId, experiment) } };
}

/** The same in an experiment of the bank's own; before it has decided anything for him, so that arms are alike when it begins. */
export function assignToOwn(contact: ContactState | undefined, { experiment }: Steering): Assignment {
  const { experimentId, epoch, armName } = experiment;
  const ownAssignedIn = `${experimentId}:${epoch}`;
  if (contact?.ownAssignedIn === ownAssignedIn) return { contact };
  return { contact: { ...(contact ?? noContact), ownAssignedIn }, assigned: { experimentId, epoch, arm: armName } };
}
