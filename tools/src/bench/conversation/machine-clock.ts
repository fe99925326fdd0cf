/** ms on a clock that is the same in all processes and threads of the machine, and never set. */
export const machineNow = (): number => Number(process.hrtime.bigint()) / 1e6;
