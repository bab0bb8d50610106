//! The lines of the bench: what decides, and when a goal is reached.
import { expect, test } from "vitest";
import { at, judge, line, type Row, table } from "./report.ts";

const row = (more: Partial<Row>): Row => ({
  measure: "switch",
  unit: "ms",
  figures: [9, 30, 12],
  by: "median",
  goal: 16,
  ...more,
});

test("the median or the worst decides, and equal to the goal is enough", () => {
  expect(judge(row({}))).toMatchObject({ ours: 12, low: 9, high: 30, rounds: 3, pass: true });
  expect(judge(row({ by: "worst" }))).toMatchObject({ ours: 30, pass: false });
  expect(judge(row({ figures: [16] })).pass).toBe(true);
});

test("without a figure nothing has passed", () => {
  expect(judge(row({ figures: [] })).pass).toBe(false);
  expect(judge(row({ figures: [Number.NaN] })).pass).toBe(false);
});

test("a share of the figures lies below", () => {
  const figures = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(at(0.95, figures)).toBe(96);
  expect(at(1, figures)).toBe(100);
});

test("a line says everything, the table what counts", () => {
  const judged = judge(row({ reference: [4, 5, 6], beside: "p95 30.0 ms" }));
  expect(line(judged)).toBe(
    "web switch | ours 12.00 ms | reference 5.00 | median of 3 (9.00–30.00) | goal ≤ 16 | pass | p95 30.0 ms",
  );
  expect(table([judged]).split("\n")).toEqual([
    "measure  ours      bare  goal",
    "switch   12.00 ms  5.00  ≤ 16  pass",
  ]);
});
