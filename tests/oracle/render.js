// Renders macros of the national design system.
// Reads [{file, macro, params}, …] from standard input, writes [html, …].
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const [modules] = process.argv.slice(2);
const nunjucks = require(path.join(modules, "nunjucks"));
const sources = path.join(modules, "dkfds", "src");
const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(sources), {
  autoescape: false,
});

const wanted = JSON.parse(fs.readFileSync(0, "utf-8"));
const rendered = wanted.map(({ file, macro, params }) =>
  environment.renderString(
    `{% from "components/${file}" import ${macro} as made %}{{ made(params) }}`,
    { params },
  ),
);
process.stdout.write(JSON.stringify(rendered));
