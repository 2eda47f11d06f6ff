import {
  opens,
  forged,
  type Binding,
  type Expectation,
  type Key,
  type Operation,
  type Sealed,
} from './protocol.ts';

/** The attacker's reach. Everyone reads all items. */
export type Attacker =
  | 'passive'
  | 'host-items'
  /** Writes guest items from the beginning. */
  | 'guest-items'
  /** Writes guest items after the service has accepted the first key. */
  | 'late-guest-items'
  | 'all-items';

/** The situation of a run. */
export interface World {
  readonly attacker: Attacker;
  readonly removed: ReadonlySet<Binding>;
  /** The VM of each operation. */
  readonly vms: Readonly<Record<Operation, string>>;
  /** Both guests have one key and nonce: a cloned memory image, or an agent that keeps its key. */
  readonly sharesKey: boolean;
  /** The pool of the guest of B still holds a key of an earlier operation, whose private half is known. */
  readonly hasStaleKey: boolean;
  /** The boot of the guest of A in the middle of its operation. */
  readonly boot: 'none' | 'announced' | 'unannounced';
}

/** One state of the run: plain data, so that its JSON is its identity. */
export interface State {
  readonly guests: Readonly<Record<Operation, GuestState>>;
  readonly service: Readonly<Record<Operation, ServiceState>>;
  /** All sealed texts that were published. */
  readonly published: readonly Sealed[];
  /** Documents that the attacker has read. */
  readonly known: readonly string[];
}

interface GuestState {
  readonly epoch: number;
  readonly hasBooted: boolean;
  readonly hasOpened: boolean;
  readonly isCompleted: boolean;
  readonly applied: readonly string[];
}

interface ServiceState {
  /** Owners of the accepted keys, one per epoch. */
  readonly keys: readonly string[];
  readonly isFinished: boolean;
}

/** The properties that a state can violate. */
export type Violation =
  /** The attacker reads a document. */
  | 'secrecy'
  /** A guest applies a document that the service did not make for it, its operation and boot. */
  | 'authenticity'
  /** A guest applies a document twice. */
  | 'once'
  /** The service believes that a guest is configured that is not. */
  | 'report';

const operations = ['A', 'B'] as const;
const attackerKey: Key = { owner: 'attacker', nonce: 'attacker' };

/** The first state. */
export const initial: State = {
  guests: { A: newGuest(), B: newGuest() },
  service: { A: { keys: [], isFinished: false }, B: { keys: [], isFinished: false } },
  published: [],
  known: [],
};

function newGuest(): GuestState {
  return { epoch: 1, hasBooted: false, hasOpened: false, isCompleted: false, applied: [] };
}

function keyOf(operation: Operation, { epoch }: GuestState, { sharesKey }: World): Key {
  const name = sharesKey ? 'shared' : `${operation}${epoch}`;
  return { owner: name, nonce: name };
}

function expectation(operation: Operation, state: State, world: World): Expectation {
  const guest = state.guests[operation];
  return { vm: world.vms[operation], operation, epoch: guest.epoch, key: keyOf(operation, guest, world) };
}

const isWriter = (attacker: Attacker, ...reach: Attacker[]): boolean =>
  attacker === 'all-items' || reach.includes(attacker);

/** Returns the states that follow by one action of the service, a guest or the attacker. */
export function successors(state: State, world: World): State[] {
  return operations.flatMap((operation) => [
    ...accepts(operation, state, world),
    ...opensDocument(operation, state, world),
    ...boots(operation, state, world),
    ...completes(operation, state),
    ...finishes(operation, state),
  ]);
}

/** The service accepts a key and seals the document to it. */
function accepts(operation: Operation, state: State, world: World): State[] {
  const guest = state.guests[operation];
  const service = state.service[operation];
  const epoch = service.keys.length + 1;
  if (service.isFinished || epoch > 2) return [];
  const own = keyOf(operation, guest, world);
  const isLate = epoch > 1;
  const canSwap =
    isWriter(world.attacker, 'guest-items') || (isLate && world.attacker === 'late-guest-items');
  const stale = world.hasStaleKey && operation === 'B' && !isLate && world.removed.has('requestInKey');
  const candidates = [
    ...(guest.epoch === epoch && !(isLate && own.owner === service.keys[0]) ? [own] : []),
    ...(canSwap || stale ? [attackerKey] : []),
  ];
  // The announcement is made by the guest that opened the document, or by an attacker that knows the report key.
  const isAnnounced =
    guest.epoch === 2 || state.known.includes(`${operation}1`) || world.removed.has('announcement');
  const isAllowed = !isLate || (isAnnounced && (guest.hasBooted || world.removed.has('observedBoot')));
  return isAllowed ? candidates.map((key) => seals(operation, epoch, key, state, world)) : [];
}

function seals(operation: Operation, epoch: number, key: Key, state: State, world: World): State {
  const document = `${operation}${epoch}`;
  const sealed: Sealed = {
    to: key.owner,
    header: { vm: world.vms[operation], operation, epoch, nonce: key.nonce, keyDigest: key.owner },
    document,
    isSigned: true,
  };
  const service = state.service[operation];
  return {
    ...state,
    service: { ...state.service, [operation]: { ...service, keys: [...service.keys, key.owner] } },
    published: [...state.published, sealed],
    known: key.owner === attackerKey.owner ? [...state.known, document] : state.known,
  };
}

/** A guest opens what it finds among its items. */
function opensDocument(operation: Operation, state: State, world: World): State[] {
  const guest = state.guests[operation];
  const isDone = guest.hasOpened || guest.isCompleted;
  if ((isDone && !world.removed.has('once')) || guest.applied.length > 2) return [];
  const expected = expectation(operation, state, world);
  const genuine = state.published.filter(({ header }) => header.operation === operation).slice(-1);
  const found = isWriter(world.attacker, 'host-items')
    ? [...state.published, ...forged(expected, new Set(state.known), world.removed)]
    : genuine;
  return found
    .filter((sealed) => opens(expected, sealed, world.removed))
    .map(({ document }) =>
      withGuest(operation, state, { hasOpened: true, applied: [...guest.applied, document] }),
    );
}

/** One boot, of the guest of A. After an unannounced one the guest does nothing any more. */
function boots(operation: Operation, state: State, { boot }: World): State[] {
  const { hasOpened, isCompleted, hasBooted } = state.guests[operation];
  if (operation !== 'A' || boot === 'none' || hasBooted || !hasOpened || isCompleted) return [];
  const change = boot === 'announced' ? { epoch: 2, hasOpened: false } : {};
  return [withGuest(operation, state, { hasBooted: true, ...change })];
}

function completes(operation: Operation, state: State): State[] {
  const { hasOpened, isCompleted, hasBooted, epoch } = state.guests[operation];
  const isInterrupted = hasBooted && epoch === 1;
  return hasOpened && !isCompleted && !isInterrupted
    ? [withGuest(operation, state, { isCompleted: true })]
    : [];
}

/** The service reads a report with the MAC of its document. */
function finishes(operation: Operation, state: State): State[] {
  const service = state.service[operation];
  const document = `${operation}${service.keys.length}`;
  const { isCompleted, applied } = state.guests[operation];
  const hasReport = (isCompleted && applied.includes(document)) || state.known.includes(document);
  if (service.keys.length === 0 || service.isFinished || !hasReport) return [];
  return [{ ...state, service: { ...state.service, [operation]: { ...service, isFinished: true } } }];
}

function withGuest(operation: Operation, state: State, change: Partial<GuestState>): State {
  return { ...state, guests: { ...state.guests, [operation]: { ...state.guests[operation], ...change } } };
}

/** Returns the properties that a state violates. */
export function violations(state: State): Violation[] {
  const found: Violation[] = state.known.length > 0 ? ['secrecy'] : [];
  for (const operation of operations) {
    const { applied, epoch, isCompleted } = state.guests[operation];
    const isForeign = (document: string): boolean =>
      document !== `${operation}1` && document !== `${operation}2`;
    if (applied.some(isForeign) || (epoch === 1 && applied.includes(`${operation}2`)))
      found.push('authenticity');
    if (new Set(applied).size < applied.length) found.push('once');
    if (state.service[operation].isFinished && !isCompleted) found.push('report');
  }
  return [...new Set(found)];
}
