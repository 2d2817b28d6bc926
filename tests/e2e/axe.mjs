// Accessibility as axe-core judges it.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Fails, naming each rule and the elements that break it, unless axe-core finds nothing on `page`. */
export async function assertAccessible(page) {
  // Half-way through a transition a button has a colour that it keeps for a tenth of a second and that nobody reads.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: AXE });
  const findings = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${rule.help}: ${node.target.join(' ')}: ${node.failureSummary}`),
    );
  });
  assert.deepEqual(findings, []);
}
