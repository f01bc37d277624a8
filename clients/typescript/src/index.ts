// A register of competing claims, as a program in TypeScript asks it: openapi-fetch with the register's types, which
// sends again what may be sent again and throws what is refused.
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type { components, paths } from "./schema.js";
/** The rows of the register and what they are entered with, by name: `Schemas["Claim"]`. */
export type Schemas = components["schemas"];
export type Register = Client<paths>;

/** What is wrong with one field of a request; `field` is its path, such as `claims.0.text`. */
export type FieldError = { field: string; code: string; detail: string };

/** A refusal (RFC 9457): `code` is for programs and does not change, `message` is for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: FieldError[],
  ) {
    super(detail);
    this.name = "Problem";
  }
}

export type Options = {
  /** How often a request is sent at most. */
  attempts?: number;
  /** For how many seconds an answer of "come again later" is waited for. */
  patience?: number;
};

/** A register at an address; without a token it is read as the public reads it. */
export function connect(address: string, token?: string, options: Options = {}): Register {
  return createClient<paths>({
    baseUrl: address.replace(/\/$/, ""),
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    querySerializer: { array: { style: "form", explode: false } },
    fetch: (request: Request) => send(request, options.attempts ?? 5, options.patience ?? 60),
  });
}

/** What an answer holds. */
export function data<T>(answer: { data?: T }): NonNullable<T> {
  if (answer.data === undefined || answer.data === null) throw new Error("The register answered without a body.");
  return answer.data;
}

/** The row that was entered, where one was sent. */
export function one<T>(answer: { data?: T }): Exclude<NonNullable<T>, readonly unknown[]> {
  const entered = data(answer);
  if (Array.isArray(entered)) throw new Error("Many were sent.");
  return entered as Exclude<NonNullable<T>, readonly unknown[]>;
}

type Page<T> = { next: string | null; results: T[] };
type Asked = { page_size: number; cursor?: string };

/** All rows of a list, page after page as they are needed: `ask` asks for one. */
export async function* rows<T>(ask: (page: Asked) => Promise<{ data?: Page<T> }>): AsyncGenerator<T> {
  let asked: Asked | null = { page_size: 100 };
  while (asked !== null) {
    const { next, results }: Page<T> = data(await ask(asked));
    yield* results;
    const cursor: string | null = next === null ? null : new URL(next).searchParams.get("cursor");
    asked = cursor === null ? null : { page_size: 100, cursor };
  }
}

/** What happened to what everybody may read, in order, after an entry ("0": from the beginning) or a moment. */
export async function* changes(register: Register, since = "0"): AsyncGenerator<Schemas["PublicChange"]> {
  for (let after: string | null = since; after !== null; ) {
    const page: Schemas["PublicChanges"] = data(
      await register.GET("/api/v1/changes/", { params: { query: { since: after } } }),
    );
    yield* page.results;
    after = page.more ? new URL(page.next).searchParams.get("since") : null;
  }
}

/** The job when it is done; throws when it failed, or is not done after so many seconds. */
export async function finished(register: Register, job: Schemas["Export"], seconds = 600): Promise<Schemas["Export"]> {
  const end = Date.now() + seconds * 1000;
  while (job.status === "queued" || job.status === "running") {
    if (Date.now() > end) throw new Error(`Export ${job.id} is ${job.status} after ${seconds} seconds.`);
    await sleep(0.5);
    job = data(await register.GET("/api/v1/exports/{id}/", { params: { path: { id: job.id } } }));
  }
  if (job.status !== "done") throw new Error(`Export ${job.id} is ${job.status}: ${job.problem}`);
  return job;
}

/** The job that does what was sent with `Prefer: respond-async`, when each of its rows was stored or refused; throws
 * when it was given up or called off, or takes longer. */
export async function jobDone(register: Register, asked: Response, seconds = 600): Promise<Schemas["BulkJob"]> {
  const id = Number(asked.headers.get("Location")?.match(/(\d+)\/$/)?.[1]);
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const job = data(await register.GET("/api/v1/jobs/{id}/", { params: { path: { id } } }));
    if (job.status === "done") return job;
    if (job.status === "failed" || job.status === "cancelled")
      throw new Error(`Job ${id} is ${job.status}: ${job.problem}`);
    if (Date.now() > end) throw new Error(`Job ${id} is ${job.status} after ${seconds} seconds.`);
    await sleep(0.5);
  }
}

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Busy (429, 503) is asked again after `Retry-After`; a lost answer only where sending twice acts once. */
async function send(request: Request, attempts: number, patience: number): Promise<Response> {
  if (request.method === "POST" && request.headers.has("Authorization") && !request.headers.has("Idempotency-Key"))
    request.headers.set("Idempotency-Key", crypto.randomUUID());
  const twice = ["GET", "HEAD"].includes(request.method) || request.headers.has("Idempotency-Key");
  for (let attempt = 1; ; attempt++) {
    let wait = Math.min(patience, 0.25 * 2 ** attempt * (0.5 + Math.random() / 2));
    let response: Response | null = null;
    try {
      response = await fetch(request.clone());
    } catch (lost) {
      if (attempt >= attempts || !twice) throw lost;
    }
    if (response !== null) {
      if (response.ok || response.status === 304) return response;
      const problem = await problemOf(response);
      const busy = [429, 503].includes(response.status);
      const lost = [502, 504].includes(response.status) || problem.code === "idempotency_in_progress";
      wait = seconds(response.headers.get("Retry-After")) ?? wait;
      if (attempt >= attempts || !(busy || (twice && lost)) || wait > patience) throw problem;
    }
    await sleep(wait);
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { code?: string; detail?: string; errors?: FieldError[] };
    return new Problem(response.status, body.code ?? "", body.detail ?? response.statusText, body.errors ?? []);
  } catch {
    return new Problem(response.status, "not_a_problem", text.slice(0, 200), []);
  }
}

function seconds(header: string | null): number | null {
  if (header === null) return null;
  const wait = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}
