import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { recordedChanges, recordedEarned } from './recorded-earned';
import { recordedDecision, recordedDecisions, recordedExperiment, recordedExperiments, recordedOverview } from './recorded-answers';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** The built page with recorded answers behind it, on a port of its own; for looking at the page without the line. */
export class RecordedMonitor {
  private readonly server: Server;
  private readonly decided: object[] = [];
  private undone = '';
  private readonly streams = new Set<ServerResponse>();

  constructor(private readonly pageFolder: string) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** As if the server had died under its readers. */
  cutStreams(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  async stop(): Promise<void> {
    this.cutStreams();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === '/v1/stream') this.stream(response);
    else if (pathname === '/v1/decisions') sendJson(response, searchParams.has('client') ? recordedDecisions.filter((decision) => decision.clientId === searchParams.get('client')) : recordedDecisions);
    else if (pathname.endsWith('/decisions') && pathname.startsWith('/v1/experiments/')) this.decide(request, response);
    else if (pathname.startsWith('/v1/experiments/')) sendJson(response, recordedExperiment(Date.now()));
    else if (pathname === '/v1/earned') sendJson(response, recordedEarned(Date.now()));
    else if (pathname === '/v1/automatic-changes') sendJson(response, recordedChanges(this.undone));
    else if (pathname.startsWith('/v1/automatic-changes/')) this.undo(pathname, request, response);
    else if (pathname.startsWith('/v1/decisions/')) sendJson(response, recordedDecision);
    else this.file(pathname, response);
  }

  /** Takes what is sent, as the log of a real monitor would. */
  private decide(request: IncomingMessage, response: ServerResponse): void {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      if (request.method === 'POST') this.decided.unshift({ atMs: Date.now(), knownUntilMs: Date.now(), nextStep: 'wait', ...(JSON.parse(text) as object) });
      sendJson(response, this.decided);
    });
  }

  private undo(pathname: string, request: IncomingMessage, response: ServerResponse): void {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      this.undone = pathname.endsWith('/resume') ? '' : (JSON.parse(text) as { by: string }).by;
      sendJson(response, {});
    });
  }

  private stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.streams.add(response);
    const atMs = Date.now();
    const rates = Array.from({ length: 300 }, (_, index) => ({ atMs: atMs - (299 - index) * 1000, eventsPerSecond: Math.round(1200 + 180 * Math.sin(index / 23) + 70 * Math.sin(index / 3.1) + (index > 200 ? 90 : 0)) }));
    response.write(`event: experiments\ndata: ${JSON.stringify(recordedExperiments(atMs))}\n\n`);
    response.write(`event: overview\nid: ${atMs}\ndata: ${JSON.stringify(recordedOverview(atMs, rates))}\n\n`);
    const timer = setInterval(() => response.write(`event: overview\ndata: ${JSON.stringify(recordedOverview(Date.now(), [{ atMs: Date.now(), eventsPerSecond: 1240 }]))}\n\n`), 1000);
    response.once('close', () => clearInterval(timer));
  }

  private file(pathname: string, response: ServerResponse): void {
    const path = join(this.pageFolder, pathname === '/' ? 'index.html' : pathname);
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' });
    response.end(readFileSync(path));
  }
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
