import { describe } from 'vitest';
import { MemoryEventLog } from '../../../shared/adapters/memory/memory-event-log.ts';
import { MemoryLedger } from '../../../shared/adapters/memory/memory-ledger.ts';
import { MemoryReceipts } from '../../../shared/adapters/memory/memory-receipts.ts';
import { eventLogContract } from '../../contracts/event-log.contract.ts';
import { ledgerContract } from '../../contracts/ledger.contract.ts';
import { limitsContract } from '../../contracts/limits.contract.ts';
import { planContract } from '../../contracts/plan.contract.ts';
import { receiptStoreContract } from '../../contracts/receipt-store.contract.ts';
import { relayContract } from '../../contracts/relay.contract.ts';
import type { OpenStore } from '../../contracts/store.ts';

describe('in memory', () => {
  const openStore: OpenStore = async (clock, retentionSeconds) => ({
    ledger: new MemoryLedger(),
    history: new MemoryEventLog(clock, { retentionSeconds }),
    receipts: new MemoryReceipts(clock, { retentionSeconds }),
  });
  ledgerContract(openStore);
  relayContract(openStore);
  eventLogContract(openStore);
  limitsContract(openStore);
  planContract(openStore);
  receiptStoreContract(openStore);
});
