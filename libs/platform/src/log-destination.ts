import { pino, type DestinationStream } from 'pino';

/** More than that at once is written before the turn is over. */
const MOST_BYTES = 8192;

/**
 * Where log lines go: those of one turn of the event loop are written together at its end. When a thousand calls are found
 * at once, a write for each of their lines would hold up those behind them. A process that ends, by whatever error, has
 * written all of them; one that is killed outright loses those of its last turn.
 * @param fd file descriptor; 1 is stdout
 */
export function logDestination(fd = 1): DestinationStream {
  const stream = pino.destination({ fd, sync: true, minLength: MOST_BYTES });
  let due = false;
  const flush = (): void => {
    due = false;
    stream.flushSync();
  };
  process.on('exit', flush);
  return {
    write: (line) => {
      stream.write(line);
      if (due) return;
      due = true;
      setImmediate(flush);
    },
  };
}
