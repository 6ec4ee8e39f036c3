/** Every view of the app as it is photographed: how a visitor gets there, with pictures the engine drew. */

const drawMs = 180_000;

/** @typedef {import('playwright').Page} Page */

/** Both sides are drawn, their frames decoded, and nothing moves. @param {Page} page */
async function whenDrawn(page) {
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('.side')].every(
        ({ dataset }) => dataset.state === 'done' || dataset.state === 'error',
      ),
    undefined,
    { timeout: drawMs },
  );
  await page
    .waitForFunction(() => document.querySelector('.strip-frame[data-todo="true"]') === null, undefined, {
      timeout: 60_000,
    })
    .catch(() => {});
}

/** The sides draw one after the other: a draw has begun when A is no longer done. @param {Page} page */
async function draw(page, prompt) {
  await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.draw-button')?.textContent?.startsWith('Cancel'));
  await whenDrawn(page);
}

async function go(page, hash) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** Off every field, where letters are keys. */
async function press(page, key) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press(key);
}

/** Playhead two thirds of the way. */
async function scrub(page) {
  const playhead = page.getByRole('slider', { name: 'Playhead' });
  await playhead.focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowLeft');
}

/**
 * In this order: later views build on what earlier ones drew. `leave` closes what would lie over the next view.
 * @type {readonly { name: string, inDocs?: boolean, title: string, open: (page: Page) => Promise<void>, leave?: (page: Page) => Promise<void> }[]}
 */
export const views = [
  {
    name: 'studio',
    inDocs: true,
    title: 'The studio: one step beside twenty-five, from the same noise',
    async open(page) {
      await whenDrawn(page);
      await draw(page, 'a fox');
    },
  },
  {
    name: 'trajectory',
    title: 'Scrubbing the trajectory, with traces of chosen latents',
    async open(page) {
      await page.getByRole('radio', { name: 'Latents' }).check({ force: true });
      await scrub(page);
    },
    async leave(page) {
      await page.keyboard.press('End');
      await page.getByRole('radio', { name: 'Deviation' }).check({ force: true });
    },
  },
  {
    name: 'slider',
    title: 'Both pictures behind a slider, with crops of the place under the pointer',
    open: (page) => press(page, '2'),
  },
  {
    name: 'blink',
    title: 'Both pictures in turns',
    open: (page) => press(page, '3'),
  },
  {
    name: 'difference',
    inDocs: true,
    title: 'The difference of both pictures, with its mean and SSIM',
    async open(page) {
      await press(page, '4');
      await page
        .getByText(/0\.\d\d\d/u)
        .first()
        .waitFor();
    },
    leave: (page) => press(page, '1'),
  },
  {
    name: 'live',
    title: 'Live: the one-step side follows what is typed',
    async open(page) {
      await press(page, 'l');
      await page.getByRole('textbox', { name: 'Prompt' }).fill('a fox on a blue background');
      await page.getByText('From before').waitFor();
      await page.waitForTimeout(3000);
    },
    async leave(page) {
      await press(page, 'l');
    },
  },
  {
    name: 'keys',
    title: 'The sheet of keys',
    open: (page) => press(page, '?'),
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'models',
    inDocs: true,
    title: 'Models: what is here, what can be downloaded, other sources',
    async open(page) {
      await page.getByRole('button', { name: /^Models/u }).click();
      await page.getByRole('dialog').waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'sweep',
    inDocs: true,
    title: "The step sweep: the paper's figure for one's own prompt",
    async open(page) {
      await go(page, '#/sweep');
      await page.getByRole('textbox', { name: 'Prompt' }).fill('a rocket on a purple background');
      await page.getByRole('button', { name: 'Draw the sweep' }).click();
      await page.getByText(/^(\d+) of \1 pictures$/u).waitFor({ timeout: drawMs });
      await page
        .getByText(/SSIM \d/u)
        .first()
        .waitFor();
      await page.waitForTimeout(2000);
    },
  },
  {
    name: 'gallery-empty',
    title: 'The gallery before anything was kept',
    async open(page) {
      await go(page, '#/gallery');
      await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill('zebra crossing');
    },
    async leave(page) {
      await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill('');
    },
  },
  {
    name: 'gallery',
    inDocs: true,
    title: 'The gallery: every finished pair is kept',
    async open(page) {
      await go(page, '#/');
      for (const prompt of [
        'a red apple',
        'a cat on a blue background',
        'a rocket on a purple background',
        'a slice of pizza',
        'an owl on a dark background',
        'a robot',
        'a strawberry, flat style',
      ]) {
        await draw(page, prompt);
      }
      await go(page, '#/gallery');
      await page.getByText('a robot').first().waitFor();
    },
  },
  {
    name: 'engine',
    inDocs: true,
    title: "The engine: what is loaded, and a benchmark beside the paper's figures",
    async open(page) {
      await go(page, '#/engine');
      await page.getByRole('button', { name: 'Run benchmark' }).click();
      await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: drawMs });
    },
  },
  {
    name: 'lab',
    inDocs: true,
    title: 'The laboratory: flows between two-dimensional distributions, trained in the page',
    async open(page) {
      await go(page, '#/lab');
      await page.getByRole('button', { name: 'Up to the 3-flow' }).click();
      await page.getByRole('button', { name: 'All flows trained' }).waitFor({ timeout: drawMs });
      await page.waitForTimeout(2000);
    },
  },
  {
    name: 'guide',
    inDocs: true,
    title: 'How it works',
    async open(page) {
      await go(page, '#/how');
      await page.locator('.katex').first().waitFor();
    },
  },
];
