// Finds and starts the Chromium that the tests drive.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const USUAL_PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const FLAGS = [
  // Containers and root have no user namespaces for the sandbox; only our own page is opened.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  // Names are never resolved: a request that leaves this machine fails, whether or not there is a network.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a Chromium: the one that the variable CHROMIUM names, or the first in the usual places. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).concat(USUAL_PLACES);
  const found = candidates.find(isProgram);
  if (!found) throw new Error('No Chromium found: install one, or name it in the variable CHROMIUM.');
  return found;
}

/** Starts Chromium without a window and with a fresh profile. The caller closes it. */
export function launchBrowser() {
  return chromium.launch({ executablePath: findChromium(), headless: true, args: FLAGS });
}
