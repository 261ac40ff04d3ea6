/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page's style and its small script. The page is whole without the script, which only hides what
 * was not asked for and scales the picture; it makes no request and reads nothing but the page.
 */
#include "report/html.h"

const char html_style[] =
	":root{color-scheme:light dark}"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:76rem;margin:0 auto;padding:1rem;"
	"color:#1c1c1c;background:#fff}"
	"h1{font-size:1.5rem}h2{font-size:1.2rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}"
	"table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
	"padding:.25rem .6rem;border-bottom:1px solid #ccc}td.n,th.n{text-align:right;"
	"font-variant-numeric:tabular-nums}pre{background:#f2f2f2;padding:.6rem;overflow-x:auto}"
	"details{border:1px solid #bbb;border-radius:.3rem;margin:.4rem 0;padding:.4rem .8rem}"
	"summary{cursor:pointer}.sentence{font-size:1.1rem}svg{width:100%;height:auto}"
	".ladder{max-width:48rem}.picture{overflow-x:auto}.wide svg{width:250%}"
	".page{content-visibility:auto}form{display:flex;gap:1rem;flex-wrap:wrap;margin:1rem 0}"
	"button,input,select{font:inherit}:focus-visible{outline:3px solid #0a58ca}[hidden]{display:none}"
	"@media (prefers-color-scheme:dark){body{color:#e6e6e6;background:#16181c}"
	"th,td{border-color:#444}pre{background:#22252b}details{border-color:#555}"
	":focus-visible{outline-color:#8ab4ff}}"
	"@media print{body{max-width:none;color:#000;background:#fff}form{display:none}"
	"details{break-inside:avoid-page}.wide svg{width:100%}pre{white-space:pre-wrap}}";

const char html_script[] =
	"'use strict';(function(){"
	"var form=document.getElementById('filter'),cause=document.getElementById('cause'),"
	"host=document.getElementById('host'),count=document.getElementById('count'),"
	"all=document.querySelectorAll('[data-cause]');"
	"function show(){var shown=0,h=host.value.trim();all.forEach(function(e){"
	"var yes=(!cause.value||e.dataset.cause===cause.value)&&(!h||e.dataset.hosts.indexOf(h)>=0);"
	"e.hidden=!yes;shown+=yes});count.textContent=shown+' of '+all.length+' shown'}"
	"cause.addEventListener('change',show);host.addEventListener('input',show);"
	"form.addEventListener('submit',function(e){e.preventDefault()});"
	"document.getElementById('zoom').addEventListener('click',function(){"
	"document.getElementById('picture').classList.toggle('wide')});"
	"window.addEventListener('beforeprint',function(){"
	"document.querySelectorAll('article>details').forEach(function(d){d.open=true})});"
	"form.hidden=false;show()})();";
