// A day's work in TypeScript, with the types that openapi-typescript makes of the document.
import createClient, { type Middleware } from "openapi-fetch";
import { writeFileSync, readFileSync } from "node:fs";
import type { paths, components } from "./schema";

const [address, folder] = process.argv.slice(2) as [string, string];

function client(who: string) {
  const authorization: Middleware = {
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${process.env[`TOKEN_${who}`]}`);
      return request;
    },
  };
  const made = createClient<paths>({ baseUrl: address, querySerializer: { array: { style: "form", explode: false } } });
  made.use(authorization);
  return made;
}

function sure<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(what);
  return value;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const researcher = client("RESEARCHER");
const reviewer = client("REVIEWER");

async function main(): Promise<void> {
  // A whole dispute with rival claims, whose rows refer to each other by name.
  const whole: components["schemas"]["WholeDisputeRequest"] = {
    title: "Who sank the ship?",
    question: "Who sank the ship?",
    sources: [{ ref: "navy", kind: "state_body", name: "Navy of Ruritania" }],
    claims: [
      { ref: "torpedo", text: "A torpedo hit it.", attributions: [{ source: { ref: "navy" }, stance: "denies" }] },
      { ref: "mine", text: "A mine hit it.", attributions: [{ source: { ref: "navy" }, stance: "asserts" }] },
    ],
    relations: [{ claim: { ref: "torpedo" }, other: { ref: "mine" }, kind: "contradicts", point: "cause" }],
    evidence: [
      { kind: "forensic", title: "Report on the wreck", links: [{ claim: { ref: "torpedo" }, bearing: "supports" }] },
    ],
  };
  const entered = sure((await researcher.POST("/api/v1/disputes/", { body: whole })).data, "no dispute");
  if (Array.isArray(entered)) throw new Error("one was sent");
  const dispute = entered;
  check(dispute.claims[0]?.attributions[0]?.source.slug === "navy-of-ruritania", "no slug");
  console.log("done: whole dispute");

  // A verdict by two people.
  const first = sure(dispute.claims[0], "no claim").id;
  const ratings = sure((await researcher.GET("/api/v1/ratings/")).data, "no ratings").results;
  const rating = sure(ratings[0], "no rating");
  const draft = sure(
    (
      await researcher.POST("/api/v1/verdicts/", {
        body: { claim: first, rating: rating.id, summary: "So it is.", rationale: "Two reports say so." },
      })
    ).data,
    "no verdict",
  );
  if (Array.isArray(draft)) throw new Error("one was sent");
  const id = { params: { path: { id: draft.id } } };
  await researcher.POST("/api/v1/verdicts/{id}/submit/", id);
  const published = await reviewer.POST("/api/v1/verdicts/{id}/publish/", id);
  check(published.response.status === 200, JSON.stringify(published.error));
  const decided = sure((await researcher.GET("/api/v1/claims/{id}/", { params: { path: { id: first } } })).data, "none");
  check(decided.verdict?.rating.label === rating.label, "no verdict on the claim");
  console.log("done: verdict by two people");

  // A conflict.
  const mine = sure((await researcher.POST("/api/v1/claims/", { body: { text: "It is so." } })).data, "no claim");
  if (Array.isArray(mine)) throw new Error("one was sent");
  const stale = await researcher.PATCH("/api/v1/claims/{id}/", {
    params: { path: { id: mine.id }, header: { "If-Match": '"99-0000"' } },
    body: { context: "In July." },
  });
  check(stale.response.status === 412, `${stale.response.status}`);
  console.log("done: conflict");

  // A retry with the same key.
  const send = () =>
    researcher.POST("/api/v1/claims/", {
      params: { header: { "Idempotency-Key": "a-key" } },
      body: { text: "Sent twice." },
    });
  const [one, again] = [await send(), await send()];
  if (Array.isArray(one.data) || Array.isArray(again.data)) throw new Error("one was sent");
  check(one.data?.id === again.data?.id, "acted twice");
  check(again.response.headers.get("Idempotent-Replayed") === "true", "not told");
  console.log("done: retry");

  // Many at once.
  const rows = Array.from({ length: 25 }, (_, n) => ({ text: `Claim number ${n}.` }));
  const many = sure((await researcher.POST("/api/v1/claims/", { body: rows })).data, "no claims");
  check(Array.isArray(many) && many.length === 25, "not 25");
  console.log("done: bulk");

  // Page through everything.
  const seen = new Set<number>();
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? { page_size: 10 } : { page_size: 10, cursor };
    const page = sure((await researcher.GET("/api/v1/claims/", { params: { query } })).data, "no page");
    page.results.forEach((claim) => seen.add(claim.id));
    cursor = page.next === null ? undefined : sure(new URL(page.next).searchParams.get("cursor"), "no cursor");
  } while (cursor !== undefined);
  check(seen.size >= 29, `${seen.size} claims`);
  console.log("done: pages");

  // An export, made by a worker.
  const asked = { kind: "list", query: "/api/v1/claims/", format: "ndjson", desk: true } as const;
  let job = sure((await researcher.POST("/api/v1/exports/", { body: asked })).data, "no export");
  const place = { params: { path: { id: job.id } } };
  for (let turn = 0; turn < 300 && job.status !== "done"; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    job = sure((await researcher.GET("/api/v1/exports/{id}/", place)).data, "no export");
  }
  const file = await researcher.GET("/api/v1/exports/{id}/file/", { ...place, parseAs: "text" });
  check(sure(file.data, "no file").trim().split("\n").length >= 29, "too few lines");
  console.log("done: export");

  // A report as PDF, into a file.
  const report = await researcher.GET("/api/v1/disputes/{key}/report/pdf/", {
    params: { path: { key: dispute.slug } },
    parseAs: "arrayBuffer",
  });
  writeFileSync(`${folder}/report.pdf`, Buffer.from(sure(report.data as ArrayBuffer | undefined, "no report")));
  check(readFileSync(`${folder}/report.pdf`).subarray(0, 5).toString() === "%PDF-", "no PDF");
  console.log("done: report");

  // Follow what changes.
  let [after, news] = [0, 0];
  for (;;) {
    const query = { after, page_size: 100 };
    const page = sure((await researcher.GET("/api/v1/audit/", { params: { query } })).data, "no page").results;
    if (page.length === 0) break;
    after = sure(page.at(-1), "no entry").id;
    news += page.length;
  }
  check(news > 30, `${news} entries`);
  console.log("done: changes");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
