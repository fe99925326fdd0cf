import { type Findings } from '../group';
import { distributionOf, type Plot, type Point } from '../plot';
import { figure } from '../print';
import { compareRounds } from '../rounds';
import { comparedRow, ratioAtLeast, ratioAtMost, type Row } from '../row';
import { median, percentile } from '../statistics';
import { CONNECTIONS, type LoadReport } from './load';
import { type Client, type StatementCost } from './single-statements';
import { CALLERS } from './webhooks';

export interface Round {
  ours: LoadReport;
  /** twice as many webhooks */
  twice: LoadReport;
  bare: LoadReport;
  statements: StatementCost;
}

type Load = Exclude<keyof Round, 'statements'>;

export const findingsOf = (rounds: readonly Round[], client: Client): Findings => ({
  rows: rowsOf(rounds, client),
  notes: notesOf(rounds, client),
  plots: plotsOf(rounds),
});

const perSecond = ({ count, tookMs }: LoadReport): number => (count * 1000) / tookMs;

/** µs of processor time for each webhook. */
const usOf =
  (...processes: readonly string[]) =>
  ({ processorMs, count }: LoadReport): number =>
    (processes.reduce((sum, name) => sum + (processorMs[name] ?? 0), 0) * 1000) / count;

const SERVER = 'server';
const SPLIT = [SERVER, 'postgres', 'redis'] as const;

const latencyMs =
  (part: number) =>
  ({ latenciesUs }: LoadReport): number =>
    percentile(latenciesUs, part) / 1000;

/** In all, not each. */
const processorMsOf = (load: LoadReport): number => (usOf(...SPLIT)(load) * load.count) / 1000;

function rowsOf(rounds: readonly Round[], client: Client): Row[] {
  const of = (load: Load, figureOf: (report: LoadReport) => number): number[] =>
    rounds.map((round) => figureOf(round[load]));
  const ofStatements = (name: keyof StatementCost): number[] =>
    rounds.map(({ statements }) => statements[name]);
  const toBare = (name: string, figureOf: (report: LoadReport) => number): Row =>
    comparedRow(name, compareRounds(of('ours', figureOf), of('bare', figureOf)));
  return [
    comparedRow(
      'webhooks a second, to a bare server',
      compareRounds(of('ours', perSecond), of('bare', perSecond)),
      ratioAtLeast(1.2),
    ),
    comparedRow(
      `webhooks a second, to the statements of a ${client}`,
      compareRounds(of('ours', perSecond), ofStatements('perSecond')),
      ratioAtLeast(0.45),
    ),
    comparedRow(
      `Postgres’ processor per webhook, to one statement of a ${client}, µs`,
      compareRounds(of('ours', usOf('postgres')), ofStatements('postgresUs')),
      ratioAtMost(0.6),
    ),
    comparedRow(
      'processor of twice as many webhooks, ms',
      compareRounds(of('twice', processorMsOf), of('ours', processorMsOf)),
      ratioAtMost(2.2),
    ),
    toBare('webhook answered, median, ms', latencyMs(0.5)),
    toBare('webhook answered, p99, ms', latencyMs(0.99)),
    toBare('server’s processor per webhook, µs', usOf(SERVER)),
    toBare('Redis’ processor per webhook, µs', usOf('redis')),
  ];
}

function notesOf(rounds: readonly Round[], client: Client): string[] {
  const load = figure(median(rounds.map(({ ours }) => usOf('load')(ours))));
  return [
    `Webhooks: ${rounds[0]?.ours.count} a round, half Exotel's and half Twilio's with its signature, of ${CALLERS} known ` +
      `callers, on ${CONNECTIONS} connections that stay; what sends them takes ${load} µs of the same cores for each.`,
    'The bare server is node:http and pg: the same credentials, statement, MULTI and answers, each call by itself. Each ' +
      'webhook of ours is also validated, logged, counted, and marked in the outbox as told.',
    `The ${client} runs the statement of one announcement on 16 connections, and nothing else runs beside it.` +
      (client === 'pgbench' ? '' : ' It is there for pgbench, which is not on the PATH.'),
    'Commits wait for the write-ahead log to be written (synchronous_commit on) but not for a disk (fsync off).',
  ];
}

function plotsOf(rounds: readonly Round[]): Plot[] {
  const NAMES = { ours: 'ingest', bare: 'bare server' } as const;
  return [
    {
      title: 'Webhooks answered',
      ...{ x: 'from the request to its answer, ms', y: 'webhooks, %', logX: true },
      series: (['ours', 'bare'] as const).map((load) => ({
        name: NAMES[load],
        points: distributionOf(rounds.flatMap((round) => round[load].latenciesUs)).map(
          ([us, share]): Point => [us / 1000, share],
        ),
      })),
    },
    {
      title: 'What a webhook costs',
      ...{ x: 'round', y: 'processor per webhook, µs' },
      series: (['ours', 'bare'] as const).flatMap((load) =>
        SPLIT.map((process) => ({
          name: `${NAMES[load]}: ${process}`,
          points: rounds.map((round, index): Point => [index + 1, usOf(process)(round[load])]),
        })),
      ),
    },
  ];
}
