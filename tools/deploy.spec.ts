import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { productOf, readTree } from './src/architecture/source-tree';
import { repositoryRoot } from './src/config';

const ROOT = repositoryRoot();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const yaml = <T>(path: string): T => parse(read(path), { merge: true }) as T;
const dockerfile = read('docker/Dockerfile');

/** Of Kubernetes, or a service of compose as the kind `Compose`. What lies deeper is asked for by its path. */
interface Doc {
  kind: string;
  metadata: { name: string };
}
type Texts = Record<string, string>;
type Named<T> = T & { name: string };

const idOf = ({ kind, metadata }: Doc): string => `${kind} ${metadata.name}`;
const find = (docs: Doc[], id: string): Doc => {
  const found = docs.find((doc) => idOf(doc) === id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found;
};

const PLACES: Texts = {
  pod: 'spec template spec',
  notes: 'spec template metadata annotations',
  box: 'spec template spec containers 0',
};
const namesIn = (path: string): string[] =>
  path.replace(/^(pod|box|notes)\b/, (name) => PLACES[name]!).split(' ');

/** What a path of names leads to; it may begin with one of the short names. */
const at = <T>(target: object, path: string): T =>
  namesIn(path).reduce<unknown>((value, name) => (value as Texts | undefined)?.[name], target) as T;

/** @throws if there is nothing on the way */
function set(target: object, path: string, value: unknown): void {
  const names = namesIn(path);
  const last = names.pop()!;
  const holder = names.length > 0 ? at<Record<string, unknown>>(target, names.join(' ')) : target;
  Object.assign(holder, { [last]: value });
}

// --- what is looked at ---

const DEPLOYMENT = ['Deployment'];
const PODS = ['Deployment', 'Job'];
const GATEWAY = 'Deployment greenroom-gateway';
const INGEST = 'Deployment greenroom-ingest';

interface Kustomization {
  resources: string[];
  images?: Named<{ digest: string }>[];
  configMapGenerator: Named<{ behavior?: string; literals: string[] }>[];
  replicas?: Named<{ count: number }>[];
  patches?: { target: Named<{ kind: string }>; patch: string }[];
}

/** The few things of kustomize that are used here. `kubectl kustomize` gives the same, hashed names aside. */
function render(folder: string): Doc[] {
  const own = yaml<Kustomization>(`${folder}/kustomization.yaml`);
  const docs = own.resources.flatMap((name) =>
    name.endsWith('.yaml')
      ? parseAllDocuments(read(`${folder}/${name}`)).map((each) => each.toJS() as Doc)
      : render(join(folder, name)),
  );
  for (const { name, behavior, literals } of own.configMapGenerator) {
    const data = Object.fromEntries(literals.map((text) => text.split(/=(.*)/s, 2) as [string, string]));
    const map = { kind: 'ConfigMap', metadata: { name }, data };
    if (behavior === 'merge') Object.assign(at<Texts>(find(docs, idOf(map)), 'data'), data);
    else docs.push(map);
  }
  transform(docs, own);
  return docs;
}

function transform(docs: Doc[], { replicas = [], patches = [], images = [] }: Kustomization): void {
  for (const { name, count } of replicas) set(find(docs, `Deployment ${name}`), 'spec replicas', count);
  for (const { target, patch } of patches) {
    for (const { path, value } of parse(patch) as { path: string; value: unknown }[])
      set(find(docs, `${target.kind} ${target.name}`), path.slice(1).replaceAll('/', ' '), value);
  }
  for (const doc of docs.filter(({ kind }) => PODS.includes(kind))) {
    const image = images.find(({ name }) => name === at(doc, 'box image'));
    if (image) set(doc, 'box image', `${image.name}@${image.digest}`);
  }
}

const compose = yaml<{ services: Record<string, object> }>('docker/compose.yaml');
const OURS = ['gateway', 'ingest', 'migrate', 'worker'];
const everything: Doc[] = [
  ...render('k8s/overlays/example'),
  ...Object.entries(compose.services).map(([name, service]) => ({
    ...service,
    kind: OURS.includes(name) ? 'Compose' : 'Store',
    metadata: { name },
  })),
];

// --- what the processes are known to want ---

const tables = read('docs/settings.md');
const REQUIRED = '**required**';
/** Name to default of each setting of a process. */
function settingsOf(process: string): Map<string, string> {
  if (process === 'migrate') return new Map([['DATABASE_URL', REQUIRED]]);
  const [, table = ''] = tables.split(new RegExp(`<!-- /?${process} -->`));
  const rows = table.matchAll(/^\| `(\w+)` \| (.*?) \|/gm);
  return new Map([...rows].map(([, name = '', value = '']) => [name, value.replaceAll('`', '')]));
}
const portOf = (process: string, name: string): number => Number(settingsOf(process).get(name));

const ENTRIES: Texts = {
  ingest: 'apps/passthru-ingest/main',
  worker: 'apps/passthru-ingest/worker',
  migrate: 'apps/passthru-ingest/migrate',
  gateway: 'apps/call-gateway/main',
};
const processOf = (doc: Doc): string => doc.metadata.name.replace('greenroom-', '');
const adminPortOf = (doc: Doc): number => portOf(processOf(doc), 'ADMIN_PORT');

type Variable = Named<{ value?: string; valueFrom?: object }>;
const SECRET = /^(DATABASE_URL|REDIS_URL|QUEUE_REDIS_URL|API_KEYS|STREAM_TOKEN_SECRETS)$/;

function environmentOf(doc: Doc, docs: Doc[]): Texts {
  if (doc.kind === 'Compose') return at(doc, 'environment');
  const sources = at<{ configMapRef?: { name: string } }[] | undefined>(doc, 'box envFrom') ?? [];
  const maps = sources.map(({ configMapRef }) =>
    at<Texts>(find(docs, `ConfigMap ${configMapRef?.name}`), 'data'),
  );
  const own = (at<Variable[] | undefined>(doc, 'box env') ?? []).map((one) => [
    one.name,
    one.value ?? one.valueFrom,
  ]);
  return Object.assign({}, ...maps, Object.fromEntries(own)) as Texts;
}

/** Every variable is a setting of this very process, and none that it requires is missing. */
function hasItsSettings(doc: Doc, docs: Doc[]): boolean {
  const known = settingsOf(processOf(doc));
  const given = environmentOf(doc, docs);
  const required = [...known.keys()].filter((name) => known.get(name) === REQUIRED);
  return Object.keys(given).every((name) => known.has(name)) && required.every((name) => given[name]);
}

const mebibytes = (text = ''): number => parseInt(text, 10) * ({ Mi: 1, Gi: 1024 }[text.slice(-2)] ?? NaN);
function isThreeQuartersHeap(memory: string | undefined, doc: Doc): boolean {
  const option = at<string[]>(doc, 'box command').find((text) => text.startsWith('--max-old-space-size='));
  const share = Number(option?.split('=')[1]) / mebibytes(memory);
  return share > 0.7 && share <= 0.76;
}

// --- the rules ---

/**
 * Kinds or ids of the documents, a path in them, and what stands there: the value itself, or whether it is accepted.
 * Then values that must be refused; of a value that is said, each leaf is also taken away and changed.
 */
type Check = [of: string[], path: string, accepts: unknown, ...refuses: unknown[]];
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each check knows what stands in its place
type Accepts = (value: any, doc: Doc, docs: Doc[]) => boolean;
const that = (accepts: Accepts): Accepts => accepts;
const like = (pattern: RegExp): Accepts => that((value) => pattern.test(`${value}`));
const least = (bound: number): Accepts => that((value) => Number(value) >= bound);

const isOf = (of: string[], doc: Doc): boolean =>
  of.some((one) => one === '*' || one === doc.kind || one === idOf(doc));
const accepted = (accepts: unknown, [value, doc, docs]: Parameters<Accepts>): boolean =>
  typeof accepts === 'function' ? (accepts as Accepts)(value, doc, docs) : isDeepStrictEqual(value, accepts);
const broken = ([of, path, accepts]: Check, docs: Doc[]): string[] =>
  docs.filter((doc) => isOf(of, doc) && !accepted(accepts, [at(doc, path), doc, docs])).map(idOf);

function changesOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null)
    return [undefined, 'nonsense'].filter((each) => each !== value);
  return Object.entries(value).flatMap(([name, part]) =>
    changesOf(part).map((change) => Object.assign(structuredClone(value), { [name]: change })),
  );
}
const plantsOf = ([, , accepts, ...refuses]: Check): unknown[] =>
  typeof accepts === 'function' ? refuses : [...refuses, ...changesOf(accepts)];

const runsItself = that((command: string[] | undefined, doc) => {
  const entry = ENTRIES[processOf(doc)]!;
  const said = [...(command?.slice(0, 2) ?? []), command?.at(-1)].join(' ');
  const isThere = existsSync(join(ROOT, entry.replace(/\w+$/, 'src/$&.ts')));
  return isThere && said === `node --enable-source-maps dist/${entry}.js`;
});
const isReserved = that(({ requests, limits }: Record<string, Texts>, doc) => {
  const isWhole = requests?.['memory'] === limits?.['memory'] && isThreeQuartersHeap(limits?.['memory'], doc);
  return isWhole && !!requests?.['cpu'] && !limits?.['cpu'];
});
/** preStop, what had begun (a call; a request or a job), and 30 s to close */
const outlives = that((grace: number, doc, docs) => {
  const drain = at<number>(find(docs, 'ConfigMap greenroom-gateway'), 'data DRAIN_SECONDS');
  const preStop = at<number>(doc, 'box lifecycle preStop sleep seconds') ?? 0;
  return grace >= preStop + (idOf(doc) === GATEWAY ? Number(drain) : 10) + 30;
});
/** what may come before a conversation, START_TIMEOUT_MS and the wait for the session, takes 15 s */
const outlastsCalls = that(
  ({ DRAIN_SECONDS, MAX_CALL_SECONDS }: Texts) => Number(DRAIN_SECONDS) >= Number(MAX_CALL_SECONDS) + 15,
);
const outlastsDrain = that(
  (text: string, doc) => parseInt(text) >= Number(at(doc, 'environment DRAIN_SECONDS')) + 30,
);
const areOfItsPods = that((labels: Texts, { metadata: { name } }, docs) =>
  isDeepStrictEqual(labels, at(find(docs, `Deployment ${name}`), 'spec template metadata labels')),
);
const hasIts = (kind: string): Accepts =>
  that((name, _, docs) => docs.some((doc) => idOf(doc) === `${kind} ${name}`));
const isScraped = that((port, doc) => port === String(adminPortOf(doc)));
const asksAdmin = that((test: string[], doc) => test[3]!.includes(`:${adminPortOf(doc)}/readyz`));
const isConfigured = that((_, doc, docs) => hasItsSettings(doc, docs));
const isGatewayConfigured = that((_, __, docs) => hasItsSettings(find(docs, GATEWAY), docs));
const isByReference = that((env: Variable[]) => !env.some(({ name, value }) => SECRET.test(name) && value));
/** what one process signs, the other has to know */
const signsStreamsAlike = that((env: Variable[]) =>
  env.some(
    ({ name, valueFrom }) =>
      name === 'STREAM_TOKEN_SECRETS' &&
      at<string>(valueFrom ?? {}, 'secretKeyRef name') === 'greenroom-stream-tokens',
  ),
);
const readsAccounts = that(
  (_, doc, docs) => environmentOf(doc, docs)['ACCOUNTS_FILE'] === '/etc/greenroom/accounts.yaml',
);
const holdsNoSecret = that((data: Texts) => !Object.keys(data).some((name) => SECRET.test(name)));
const gatewayMetrics = read('apps/call-gateway/src/gateway-metrics.ts');
const isMetric = that((name: string) => gatewayMetrics.includes(`name: '${name}'`));

const uid = Number(/^USER (\d+):\1$/m.exec(dockerfile)?.[1]);
const user = { runAsUser: uid, runAsGroup: uid, fsGroup: uid, runAsNonRoot: true };
const none = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const pinned = `greenroom@sha256:${'0'.repeat(64)}`;
const node = ['node', '--enable-source-maps'];
/** what `/readyz` itself waits for a store, s */
const patience = Number(/PROBE_MS = (\d+)/.exec(read('libs/platform/src/admin-server.ts'))?.[1]) / 1000;
const probe = (path: string, periodSeconds: number, failureThreshold: number) => {
  return { httpGet: { path, port: 'admin' }, periodSeconds, failureThreshold };
};
const route = (name: string, port: string, path: string) => {
  return { path, pathType: 'Prefix', backend: { service: { name, port: { name: port } } } };
};
const hooks = ['/webhooks/', '/v1/'].map((path) => route('greenroom-ingest', 'http', path));
const admin = (process: string) => ({ name: 'admin', containerPort: portOf(process, 'ADMIN_PORT') });
const [http, media] = [portOf('ingest', 'PUBLIC_HTTP_PORT'), portOf('gateway', 'PORT')];

const key = 'app.kubernetes.io/component';
const pods = (name: string) => ({ matchLabels: { [key]: name } });
const served = { matchExpressions: [{ key, operator: 'In', values: ['ingest', 'worker', 'gateway'] }] };
const entry = (podSelector: object, namespace: string, port: string) => {
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  const ingress = [{ from: [{ namespaceSelector }], ports: [{ port, protocol: 'TCP' }] }];
  return { podSelector, policyTypes: ['Ingress'], ingress };
};
const exit = (podSelector: object, ranges: object[], ports: number[]) => {
  const to = ranges.map((ipBlock) => ({ ipBlock }));
  const egress = [{ to, ports: ports.map((port) => ({ port, protocol: 'TCP' })) }];
  return { podSelector, policyTypes: ['Egress'], egress };
};
const inside = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((cidr) => ({ cidr }));
const except = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];
const udp = { port: 53, protocol: 'UDP' };
const POLICIES = /^(default-deny|dns|ingest|gateway|metrics|stores|migrate|apis)$/;

const cut = { MAX_CALL_SECONDS: '3600', DRAIN_SECONDS: '3600' };
const COMPOSED = ['Compose ingest', 'Compose worker', 'Compose gateway'];
const ANSWERING = [GATEWAY, INGEST];
const SCALERS = ['HorizontalPodAutoscaler'];
const SCALER = ['HorizontalPodAutoscaler greenroom-gateway'];
const BUDGETS = ['PodDisruptionBudget'];
const MEDIA = ['Ingress greenroom-gateway'];
const NGINX = 'metadata annotations nginx.ingress.kubernetes.io';

const RULES: Record<string, Check[]> = {
  'processes run as the user of the image, without privileges, on a read-only file system with a /tmp': [
    [PODS, 'pod securityContext', { ...user, seccompProfile: { type: 'RuntimeDefault' } }],
    [PODS, 'box securityContext', { ...none, readOnlyRootFilesystem: true }],
    [PODS, 'pod hostNetwork', undefined, true],
    [PODS, 'pod volumes 0', { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
    [PODS, 'box volumeMounts 0', { name: 'tmp', mountPath: '/tmp' }],
    [['Namespace'], 'metadata labels pod-security.kubernetes.io/enforce', 'restricted', 'baseline'],
    [['Compose'], 'read_only', true],
    [['Compose'], 'cap_drop', ['ALL']],
  ],
  'there is no token of the API, and no variables of Services': [
    [PODS, 'pod automountServiceAccountToken', false, true],
    [PODS, 'pod serviceAccountName', 'greenroom', 'default'],
    [['ServiceAccount greenroom'], 'automountServiceAccountToken', false, true],
    [PODS, 'pod enableServiceLinks', false, true],
  ],
  'memory is reserved in full, CPU has no limit, and the heap gets three quarters of the memory': [
    [PODS, 'box resources', isReserved, {}, { requests: { memory: '1Gi' }, limits: { memory: '1Gi' } }],
    [PODS, 'box resources limits memory', isThreeQuartersHeap, undefined, '4Gi'],
    [PODS, 'box resources limits cpu', undefined, '1'],
  ],
  'node itself is what runs, with source maps, from a bundle that is built': [
    [PODS, 'box command', runsItself, undefined, ['sh', '-c', 'node'], [...node, 'dist/apps/x/main.js']],
    [['Compose'], 'command', runsItself, undefined, ['npm']],
  ],
  'images are pinned and name no registry': [
    [PODS, 'box image', like(/^greenroom@sha256:\w{64}$/), 'greenroom:latest', `x.com/${pinned}`],
    [['Compose'], 'image', like(/^greenroom:\$\{GREENROOM_VERSION:\?[^}]+\}$/), 'greenroom', 'greenroom:1'],
    [['Store'], 'image', like(/^[a-z]+:\d+$/), 'redis', 'redis:latest', 'example.com/redis:8'],
  ],
  'a process has the time to finish what it has begun': [
    [DEPLOYMENT, 'pod terminationGracePeriodSeconds', outlives, undefined, 3674],
    [ANSWERING, 'box lifecycle', { preStop: { sleep: { seconds: 15 } } }],
    [['ConfigMap greenroom-gateway'], 'data', outlastsCalls, cut],
    [['Compose gateway'], 'environment', outlastsCalls, cut],
    [['Compose gateway'], 'stop_grace_period', outlastsDrain, undefined, '3600s'],
  ],
  'readiness follows within 2 s and has the time to ask the stores; liveness asks the event loop alone': [
    [DEPLOYMENT, 'box readinessProbe', { ...probe('/readyz', 2, 1), timeoutSeconds: patience + 1 }],
    [DEPLOYMENT, 'box livenessProbe', { ...probe('/healthz', 10, 3), timeoutSeconds: 5 }],
    [DEPLOYMENT, 'box startupProbe', probe('/healthz', 2, 30)],
  ],
  'a rollout takes nothing away before the new is there, over zones and nodes': [
    [DEPLOYMENT, 'spec strategy rollingUpdate', { maxUnavailable: 0, maxSurge: '100%' }],
    [DEPLOYMENT, 'pod topologySpreadConstraints 0 topologyKey', 'topology.kubernetes.io/zone'],
    [DEPLOYMENT, 'pod topologySpreadConstraints 1 topologyKey', 'kubernetes.io/hostname'],
    [DEPLOYMENT, 'pod topologySpreadConstraints 0 labelSelector matchLabels', areOfItsPods, undefined, {}],
    [DEPLOYMENT, 'pod topologySpreadConstraints 1 labelSelector matchLabels', areOfItsPods, undefined, {}],
  ],
  'evictions take one pod of several, and of gateways none to save nodes': [
    [BUDGETS, 'spec maxUnavailable', 1, 2],
    [BUDGETS, 'spec selector matchLabels', areOfItsPods, undefined, {}],
    [DEPLOYMENT, 'metadata name', hasIts('PodDisruptionBudget'), 'greenroom-other'],
    [['Deployment greenroom-worker'], 'spec replicas', least(2), 1],
    [[GATEWAY], 'notes cluster-autoscaler.kubernetes.io/safe-to-evict', 'false'],
    [[GATEWAY], 'notes karpenter.sh/do-not-disrupt', 'true'],
  ],
  'gateways grow with their calls, fast, and shrink slowly': [
    [SCALER, 'spec metrics 0 pods metric name', isMetric, 'greenroom_gateway_calls'],
    [SCALER, 'spec metrics 0 pods target type', 'AverageValue', 'Value'],
    [SCALER, 'spec behavior scaleDown stabilizationWindowSeconds', least(900), 300],
    [SCALER, 'spec behavior scaleDown policies', [{ type: 'Pods', value: 1, periodSeconds: 60 }]],
    [SCALERS, 'spec behavior scaleUp stabilizationWindowSeconds', 0, 300],
    [SCALERS, 'spec minReplicas', least(3), 2],
    [SCALERS, 'spec scaleTargetRef name', hasIts('Deployment'), 'greenroom'],
    [ANSWERING, 'spec replicas', undefined, 3],
  ],
  'nothing comes in or goes out but what is needed, and never to the metadata of the cloud': [
    [['NetworkPolicy'], 'metadata name', like(POLICIES), 'another'],
    [['NetworkPolicy default-deny'], 'spec', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }],
    [['NetworkPolicy ingest'], 'spec', entry(pods('ingest'), 'ingress-nginx', 'http')],
    [['NetworkPolicy gateway'], 'spec', entry(pods('gateway'), 'ingress-nginx', 'media')],
    [['NetworkPolicy metrics'], 'spec', entry(served, 'monitoring', 'admin')],
    [['NetworkPolicy stores'], 'spec', exit(served, inside, [5432, 6379])],
    [['NetworkPolicy migrate'], 'spec', exit(pods('migrate'), inside, [5432])],
    [['NetworkPolicy apis'], 'spec', exit(served, [{ cidr: '0.0.0.0/0', except }], [443])],
    [['NetworkPolicy dns'], 'spec egress 0 ports', [udp, { ...udp, protocol: 'TCP' }]],
    [['NetworkPolicy dns'], 'spec egress 0 to 0 podSelector', { matchLabels: { 'k8s-app': 'kube-dns' } }],
  ],
  'Services lead to the public port of their pods, whichever pod it is': [
    [['Service'], 'spec sessionAffinity', 'None', 'ClientIP'],
    [['Service'], 'spec selector', areOfItsPods, undefined, {}],
    [['Service greenroom-ingest'], 'spec ports', [{ name: 'http', port: http, targetPort: 'http' }]],
    [['Service greenroom-gateway'], 'spec ports', [{ name: 'media', port: media, targetPort: 'media' }]],
  ],
  'ports are the defaults of the settings, and admin ports are not published': [
    [[INGEST], 'box ports', [{ name: 'http', containerPort: http }, admin('ingest')]],
    [[GATEWAY], 'box ports', [{ name: 'media', containerPort: media }, admin('gateway')]],
    [['Deployment greenroom-worker'], 'box ports', [admin('worker')]],
    [DEPLOYMENT, 'notes prometheus.io/port', isScraped, '9090'],
    [['Compose ingest'], 'ports', [`127.0.0.1:${http}:${http}`], ['3001:3001']],
    [['Compose gateway'], 'ports', [`127.0.0.1:${media}:${media}`], ['127.0.0.1:3102:3102']],
    [['Compose worker', 'Compose migrate', 'Store'], 'ports', undefined, ['5432:5432']],
    [COMPOSED, 'healthcheck test', asksAdmin, ['CMD', 'node', '-e', 'fetch(":3002/readyz")']],
  ],
  'each process gets its settings: all that it requires, none that it does not know': [
    [PODS, 'box env', isConfigured, undefined, [{ name: 'DATABASE_URI', value: 'x' }]],
    [[GATEWAY], 'box envFrom', isConfigured, undefined, [{ configMapRef: { name: 'greenroom-settings' } }]],
    [['ConfigMap greenroom-public'], 'data PUBLIC_BASE_URL', isGatewayConfigured, '', undefined],
    [['ConfigMap greenroom-gateway'], 'data', isGatewayConfigured, { DRAIN_SECOND: '1' }],
    [['Compose'], 'environment', isConfigured, {}, { DATABASE_URL: 'x', NODE_OPTIONS: 'x' }],
  ],
  'no secret is in the open': [
    [PODS, 'box env', isByReference, [{ name: 'DATABASE_URL', value: 'x' }]],
    [['ConfigMap'], 'data', holdsNoSecret, { API_KEYS: 'x' }, { STREAM_TOKEN_SECRETS: 'x' }],
    [ANSWERING, 'box env', signsStreamsAlike, [], [{ name: 'STREAM_TOKEN_SECRETS', value: 'x' }]],
    [['*'], 'kind', like(/^(?!Secret$)/), 'Secret'],
  ],
  'the accounts file is where the processes look for it, and read-only': [
    [DEPLOYMENT, 'box volumeMounts 1', { name: 'accounts', mountPath: '/etc/greenroom', readOnly: true }],
    [DEPLOYMENT, 'box env', readsAccounts, [{ name: 'ACCOUNTS_FILE', value: '/etc/accounts.yaml' }]],
    [DEPLOYMENT, 'pod volumes 1 secret secretName', 'greenroom-accounts'],
    [COMPOSED, 'environment ACCOUNTS_FILE', '/run/secrets/accounts.yaml'],
    [COMPOSED, 'secrets', ['accounts.yaml']],
  ],
  'migration ends, and makes way for the next': [
    [['Job'], 'pod restartPolicy', 'Never'],
    [['Job'], 'spec activeDeadlineSeconds', least(60), undefined],
    [['Job'], 'spec ttlSecondsAfterFinished', least(60), undefined],
    [COMPOSED, 'depends_on migrate', { condition: 'service_completed_successfully' }],
  ],
  'the proxy knows the public paths only, and leaves streams alone': [
    [['Ingress greenroom-ingest'], 'spec rules 0 http paths', hooks],
    [MEDIA, 'spec rules 0 http paths', [route('greenroom-gateway', 'media', '/ws/')]],
    [MEDIA, `${NGINX}/proxy-read-timeout`, least(3600), '60', undefined],
    [MEDIA, `${NGINX}/proxy-send-timeout`, least(3600), '60', undefined],
  ],
  'the cache may be lost, the jobs may not': [
    [['Store cache'], 'command', like(/--save,,--appendonly,no,/), ['redis-server']],
    [['Store queue'], 'command', like(/--appendonly,yes,.*--maxmemory-policy,noeviction$/), ['redis-server']],
  ],
};

describe('the manifests', () => {
  it.each(Object.entries(RULES))('%s', (_title, checks) => {
    expect(checks.flatMap((check) => broken(check, everything))).toEqual([]);
  });

  it('are all looked at', () => {
    const isIdle = (check: Check): boolean =>
      plantsOf(check).length === 0 || check[0].some((one) => !everything.some((doc) => isOf([one], doc)));
    expect(
      everything
        .filter((doc) => isOf(PODS, doc))
        .map(processOf)
        .sort(),
    ).toEqual(OURS);
    expect(Object.values(RULES).flat().filter(isIdle)).toEqual([]);
  });
});

describe.each(Object.entries(RULES))('the rule "%s"', (_title, checks) => {
  const plants = checks.flatMap((check) =>
    plantsOf(check).map((value) => ({ check, value, where: `${check[0].join()} ${check[1]}` })),
  );

  it.each(plants)('is broken by $value in $where', ({ check, value }) => {
    const docs = structuredClone(everything);
    for (const doc of docs.filter((one) => isOf(check[0], one))) set(doc, check[1], structuredClone(value));
    expect(broken(check, docs)).not.toEqual([]);
  });
});

/** Each with a change that it must find. */
const OF_THE_IMAGE: [title: string, keeps: RegExp, from: RegExp, to: string][] = [
  ['is for a user that is not root', /\nUSER [1-9]\d{4}:\d+\n/, /USER .*/, 'USER root'],
  ['makes node its first process', /\nENTRYPOINT \[\]\nCMD \["node", /, /CMD .*/, 'CMD node x'],
  ['runs nothing in its last stage', /\n(?![^]*\n(RUN|ADD) )FROM \$\{RUN/, /\nUSER/, '\nRUN ls\nUSER'],
  ['installs without scripts', /^(?![^]*npm (i|ci(?!.*--ignore-sc)))/, / --ignore-scripts/, ''],
  ['has production dependencies only', /ci --omit=dev/, /--omit=dev/, ''],
  ['is in production mode', /\nENV NODE_ENV=production/, /=production/, ''],
  ['names no registry', /^(?![^]*_IMAGE=(?![a-z]+:\d[\w.-]+\n))/, /=node:/, '=x.com/node:'],
  ['holds no secret', /^(?![^]*(SECRET|TOKEN|PASSWORD))/, /\nUSER/, '\nENV API_TOKEN=x\nUSER'],
];

describe('the image', () => {
  it.each(OF_THE_IMAGE)('%s', (_title, keeps, from, to) => {
    expect(dockerfile).toMatch(keeps);
    expect(dockerfile.replace(from, to)).not.toMatch(keeps);
  });

  it('finds every package that the bundles import among the production dependencies', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Texts };
    const isShipped = /^(apps\/(passthru|call)|libs\/(?!testing))/;
    const shipped = productOf(readTree(ROOT)).filter(({ path }) => isShipped.test(path));
    const imports = shipped.flatMap((file) => file.imports);
    const names = imports.filter((name) => !/^\.|^@greenroom\//.test(name) && !isBuiltin(name));
    const packages = new Set(names.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]));
    expect(packages.size).toBeGreaterThan(10);
    expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
  });

  it('is built from what is listed, and from nothing else', () => {
    const ignored = read('.dockerignore').replaceAll(/^#.*\n/gm, '');
    expect(ignored).toMatch(/^\*\n/);
    const context = [...ignored.matchAll(/^!(.*)$/gm)].map(([, name]) => name);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].map(([, names]) =>
      names!.split(' '),
    );
    expect(copied.flat().filter((name) => !context.includes(name))).toEqual([]);
  });
});

describe('the example of the environment', () => {
  const example = read('docker/env.example');

  it('names every variable of compose, and no other', () => {
    const used = [...read('docker/compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    const named = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual([...new Set(used)].sort());
  });

  it('has no secrets, nor has compose defaults for them', () => {
    expect(example).toMatch(/^POSTGRES_PASSWORD=\n[^]*^STREAM_TOKEN_SECRETS=\n[^]*^API_KEYS=\n/m);
    expect(read('docker/compose.yaml')).not.toMatch(/\$\{\w+:?-[^}]/);
  });
});
