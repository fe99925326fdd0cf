/*
 * The rendezvous: a stream waits for its session, an ingest writes it, and whatever may go wrong in between does.
 * Property: the stream never gives up on a call whose session is written. See spin.md, and `npm run spin`.
 *
 * There is no clock: the deadline comes when nothing else can happen any more (`timeout`). So a variant that is
 * violated loses the call for good, and one that holds finds it in every order of events, however slow each is.
 *
 * A variant is chosen with -D:
 *   CHECK_FIRST    look, then subscribe, and do not look again when that is acknowledged
 *   DROPS=n        the link of the subscriber is lost up to n times; what is on its way then is gone
 *   RECHECK=0|1|2  after a loss: do not look; look on `ready`; look when the new SUBSCRIBE is acknowledged
 *   HALF_OPEN      the link may go silent, and nobody notices
 *   CRASH          the ingest may die between its commit and telling of it
 *   OUTBOX         a relay tells what was not told
 *   FLUSH          the cache may lose everything, once
 *   LOOK_STORE     looks and polls read the store as well, not only the cache
 *   POLL           a slow poll looks without any reason
 *   LAST_LOOK      the store is read once before the deadline
 */
#ifndef DROPS
#define DROPS 0
#endif
#ifndef RECHECK
#define RECHECK 2
#endif

mtype = { SUBSCRIBE, SUBSCRIBED, EVENT };

bool written = false;      /* in the store */
bool cached = false;
bool told = false;         /* the outbox row is marked */
bool subscribed = false;   /* at the broker, for the connection that is up */
bool up = true;
bool silent = false;       /* half-open */
bool found = false;

chan toBroker = [8] of { mtype };
chan toClient = [8] of { mtype };

inline emptied(pipe) {
  do
  :: nempty(pipe) -> pipe ? _
  :: empty(pipe) -> break
  od
}

/* MULTI SET PUBLISH: only who is subscribed at this moment, over a link that lives, hears of it */
inline tell() {
  d_step {
    cached = true;
    if
    :: up && !silent && subscribed -> toClient ! EVENT
    :: else
    fi
  }
}

inline requestSubscription() {
  if
  :: up && !silent -> toBroker ! SUBSCRIBE
  :: else
  fi
}

/* two reads, and things may happen between them */
inline look() {
  seen = cached;
#ifdef LOOK_STORE
  if
  :: !seen -> seen = written
  :: else
  fi;
#endif
  found = found || seen;
  seen = false
}

active proctype Ingest() {
  written = true;
  if
  :: tell(); told = true
#ifdef CRASH
  :: skip
#endif
  fi
}

#ifdef OUTBOX
active proctype Relay() {
  written;
  if
  :: told
  :: !told -> tell(); told = true
  fi
}
#endif

active proctype Broker() {
end:
  do
  :: atomic { toBroker ? SUBSCRIBE -> subscribed = true; toClient ! SUBSCRIBED }
  od
}

#if DROPS > 0
active proctype LinkDrops() {
  byte left = DROPS;
  do
  :: atomic { left > 0 && up -> up = false; silent = false; subscribed = false; left--; emptied(toBroker); emptied(toClient) }
  :: break
  od
}
#endif

#ifdef HALF_OPEN
active proctype LinkGoesSilent() {
  if
  :: atomic { up -> silent = true; emptied(toBroker); emptied(toClient) }
  :: skip
  fi
}
#endif

#ifdef FLUSH
active proctype CacheLoses() {
  if
  :: cached = false
  :: skip
  fi
}
#endif

active proctype Stream() {
  bool seen = false;
#ifdef CHECK_FIRST
  bool lookOnAck = false;
#else
  bool lookOnAck = true;
#endif
  look();
  requestSubscription();
  do
  :: found -> break
  :: toClient ? SUBSCRIBED ->
    if
    :: lookOnAck -> lookOnAck = false; look()
    :: else
    fi
  :: toClient ? EVENT -> look()
  :: atomic {
      !up -> up = true;
      requestSubscription();
      lookOnAck = lookOnAck || RECHECK == 2
    };
#if RECHECK == 1
    look()
#endif
  :: timeout ->
#ifdef POLL
    look();
#endif
#ifdef LAST_LOOK
    found = found || written;
#endif
    assert(found || !written);
    break
  od
}
