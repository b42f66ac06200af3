import type { ArmPolicy } from '@sp/contracts';
import { grantsOfPartition } from './budget-split';
import { InMemoryEntryStore, type EntryStore } from './entry-store';
import { arms, type ArmWeights } from './experiment';

export interface BudgetCell {
  readonly grantedMinor: number;
  readonly reservedMinor: number;
  readonly spentMinor: number;
}

/** One campaign's money in this partition. */
export type CampaignBudget = Readonly<Record<ArmPolicy, BudgetCell>>;

/** A change of what is reserved and spent: issued = (+r, 0), redeemed = (-r, +discount), expired or declined = (-r, 0), purchase taken back = (0, -discount). */
export interface BudgetMovement {
  readonly campaignId: string;
  readonly arm: ArmPolicy;
  readonly reservedMinor: number;
  readonly spentMinor: number;
}

export interface BudgetView {
  cellOf(campaignId: string, arm: ArmPolicy): BudgetCell | undefined;
}

/**
 * What is left of each campaign's budget in this partition, by arm. Kept for every cell, always: spent + reserved <= granted.
 * Which offer holds which reservation is in the clients' contact state, so that a movement is made once for each offer.
 */
export class BudgetLedger implements BudgetView {
  constructor(
    private readonly share: { readonly partition: number; readonly partitions: number; readonly weights: ArmWeights },
    private readonly entries: EntryStore<CampaignBudget> = new InMemoryEntryStore(),
  ) {}

  /** A campaign is published, perhaps again. A lowered budget cannot take back what is already promised. */
  grant(campaignId: string, budgetMinor: number): void {
    const grants = grantsOfPartition(budgetMinor, this.share);
    const before = this.entries.get(campaignId);
    const cells = arms.map((arm) => {
      const { reservedMinor, spentMinor } = before?.[arm] ?? { reservedMinor: 0, spentMinor: 0 };
      return [arm, { grantedMinor: Math.max(grants[arm], reservedMinor + spentMinor), reservedMinor, spentMinor }] as const;
    });
    this.entries.put(campaignId, Object.fromEntries(cells) as unknown as CampaignBudget);
  }

  availableMinor(campaignId: string, arm: ArmPolicy): number {
    const cell = this.entries.get(campaignId)?.[arm];
    return cell ? cell.grantedMinor - cell.reservedMinor - cell.spentMinor : 0;
  }

  cellOf(campaignId: string, arm: ArmPolicy): BudgetCell | undefined {
    return this.entries.get(campaignId)?.[arm];
  }

  /** Throws where a movement would break the invariant: that is a bug, and worse than a stop. */
  move({ campaignId, arm, reservedMinor, spentMinor }: BudgetMovement): void {
    const budget = this.entries.get(campaignId);
    if (!budget) throw new RangeError(`campaign ${campaignId} has no budget here`);
    const cell = budget[arm];
    const moved = { ...cell, reservedMinor: cell.reservedMinor + reservedMinor, spentMinor: cell.spentMinor + spentMinor };
    if (moved.reservedMinor < 0 || moved.spentMinor < 0 || moved.reservedMinor + moved.spentMinor > moved.grantedMinor) {
      throw new RangeError(`the budget of ${campaignId}, ${arm}, cannot move by ${reservedMinor} reserved and ${spentMinor} spent`);
    }
    this.entries.put(campaignId, { ...budget, [arm]: moved });
  }
}
