import { keyString, type CallKey, type NextStep } from '@greenroom/contracts';
import type { NextStepCache } from './ports';

/** Decisions for one process: the fake of the specs, held to the same contract as the real one. */
export class MemoryNextSteps implements NextStepCache {
  private readonly steps = new Map<string, NextStep>();

  async put(key: CallKey, next: NextStep): Promise<void> {
    const id = keyString(key);
    await Promise.resolve();
    this.steps.set(id, next);
  }

  async get(key: CallKey): Promise<NextStep | null> {
    const id = keyString(key);
    await Promise.resolve();
    return this.steps.get(id) ?? null;
  }
}
