import {
  CallControl,
  createCallControlMetrics,
  type Accounts,
  type Logger,
  type Registry,
} from '@greenroom/platform';
import { callControlAdapters } from '@greenroom/telephony';

interface CallControlConfig {
  accounts: Accounts;
  CALL_CONTROL_TIMEOUT_MS: number;
  CALL_CONTROL_BUDGET_MS: number;
}

export const openCallControl = (config: CallControlConfig, registry: Registry, logger: Logger): CallControl =>
  new CallControl({
    accounts: config.accounts,
    adapters: callControlAdapters,
    timeoutMs: config.CALL_CONTROL_TIMEOUT_MS,
    budgetMs: config.CALL_CONTROL_BUDGET_MS,
    metrics: createCallControlMetrics(registry),
    logger,
  });
