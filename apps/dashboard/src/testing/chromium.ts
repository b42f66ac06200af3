import { findChromium } from '@sp/testing';
import { chromium, type Browser } from 'playwright-core';

/** Also for root and without a network of its own. */
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function openChromium(): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium on this machine: install it or name it in CHROMIUM.');
  return chromium.launch({ executablePath, args: flags });
}
