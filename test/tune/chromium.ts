import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Where a Chromium is: in CHROMIUM, on the PATH, or where macOS has it; undefined: nowhere. */
export function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env
  const onPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [...(CHROMIUM ? [CHROMIUM] : []), ...onPath, ...PLACES].find((path) => existsSync(path))
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly sessionId?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** A headless Chromium, spoken to over a pipe, by the DevTools protocol: no port, no package. */
export class Chromium {
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #waiting = new Map<number, (message: Message) => void>()
  #listener: (message: Message) => void = () => {}
  #next = 1
  #rest = ''

  constructor(path: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'lanewise-chromium-'))
    const flags = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--remote-debugging-pipe',
    ]
    this.#child = spawn(path, [...flags, `--user-data-dir=${this.#profile}`, '--no-first-run', 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    })
    const incoming = this.#child.stdio[4] as Readable
    incoming.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    this.#child.on('exit', (code) => {
      const error = { message: `Chromium ended with ${code}` }
      for (const settle of this.#waiting.values()) settle({ error })
    })
  }

  /** Opens a file, and answers with what may be asked of its page. */
  async open(url: string): Promise<Page> {
    const { targetId } = await this.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
    const page = new Page(this, sessionId)
    const isLoaded = new Promise<void>((resolve) => {
      this.#listener = (message) => {
        if (message.sessionId !== sessionId) return
        page.note(message.method ?? '', message.params)
        if (message.method === 'Page.loadEventFired') resolve()
      }
    })
    for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Accessibility']) await page.send(`${domain}.enable`)
    await page.send('Page.navigate', { url })
    await isLoaded
    return page
  }

  async send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = this.#next++
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve))
    const outgoing = this.#child.stdio[3] as Writable
    outgoing.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    const { result, error } = await answer
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result as T
  }

  async close(): Promise<void> {
    const isOver = new Promise((resolve) => this.#child.once('close', resolve))
    await this.send('Browser.close').catch(() => this.#child.kill('SIGKILL'))
    await isOver
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }

  #read(text: string): void {
    const parts = (this.#rest + text).split('\0')
    this.#rest = parts.pop() ?? ''
    for (const part of parts) {
      const message = JSON.parse(part) as Message
      if (message.id === undefined) {
        this.#listener(message)
        continue
      }
      this.#waiting.get(message.id)?.(message)
      this.#waiting.delete(message.id)
    }
  }
}

/** An open page. */
export class Page {
  /** What its console said, and what it complained of. */
  readonly complaints: string[] = []
  /** The addresses that it asked for. */
  readonly requests: string[] = []
  readonly #browser: Chromium
  readonly #session: string

  constructor(browser: Chromium, session: string) {
    this.#browser = browser
    this.#session = session
  }

  note(method: string, params: unknown): void {
    if (['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded'].includes(method)) {
      this.complaints.push(JSON.stringify(params))
    }
    if (method === 'Network.requestWillBeSent') this.requests.push((params as { request: { url: string } }).request.url)
  }

  send<T>(method: string, params: object = {}): Promise<T> {
    return this.#browser.send<T>(method, params, this.#session)
  }

  /** How large its window is, in pixels, and which theme its reader has. */
  async show(width: number, scheme: 'light' | 'dark', media: 'screen' | 'print' = 'screen'): Promise<void> {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false })
    await this.send('Emulation.setEmulatedMedia', {
      media,
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    })
  }

  /** The value of an expression in the page, as JSON. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send<{ result: { value: T }; exceptionDetails?: { text: string } }>(
      'Runtime.evaluate',
      { expression, returnByValue: true },
    )
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text)
    return result.value
  }

  /** A picture of what a selector finds, or of all, as PNG. */
  async picture(selector = 'html'): Promise<Buffer> {
    const box = `(({ x, y, width, height }) => ({ x: x + scrollX, y: y + scrollY, width, height, scale: 1 }))(document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`
    const clip = await this.evaluate(box)
    const { data } = await this.send<{ data: string }>('Page.captureScreenshot', { clip, captureBeyondViewport: true })
    return Buffer.from(data, 'base64')
  }
}
