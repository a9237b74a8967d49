// Keeps the shell of the visit's pages, so that they open without a signal: one page, its scripts, its style, its fonts.
// Nothing that the house says of a family ever passes through here: whatever is not of the shell is left to the browser.
// SHELL = {version, files} is written before this file by whoever serves it; a new version is fetched whole into a place
// of its own, and takes over when the last page of the old one was closed.
"use strict";

const NAME = `inmind-away-${SHELL.version}`;
const FILES = new Set(SHELL.files.map((file) => new URL(file, self.location).pathname));

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const shelf = await caches.open(NAME);
  await Promise.all(SHELL.files.map(async (file) => {
    const response = await fetch(file, { cache: "reload", redirect: "error", credentials: "same-origin" });
    if (!response.ok) throw new Error("a part of the shell did not come");
    await shelf.put(file, response);
  }));
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith("inmind-away-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin || search || !FILES.has(pathname)) return;
  event.respondWith(caches.open(NAME).then((shelf) => shelf.match(pathname)).then((kept) => kept ?? fetch(event.request)));
});
