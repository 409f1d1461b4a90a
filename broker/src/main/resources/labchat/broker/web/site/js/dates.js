// Times as people say them.

import { locale, t } from "./texts.js";

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const dateOfYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });

export function day(at) {
  const when = new Date(at);
  return new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();
}

function daysAgo(at, now) { return Math.round((day(now) - day(at)) / 86400000); }

export function hour(at) { return clock.format(at); }

export function exact(at) { return full.format(at); }

export function dayLine(at, now) {
  const ago = daysAgo(at, now);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  return (ago < 300 ? date : dateOfYear).format(at);
}

/** For a list: the hour today, the day before that. */
export function brief(at, now) {
  const ago = daysAgo(at, now);
  return ago === 0 ? hour(at) : ago === 1 ? t("yesterday").toLowerCase() : short.format(at);
}

export function seen(at, now) {
  const ago = daysAgo(at, now);
  return ago === 0 ? hour(at) : `${ago === 1 ? t("yesterday").toLowerCase() : short.format(at)} ${hour(at)}`;
}
