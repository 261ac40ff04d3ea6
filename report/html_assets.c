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
	"summary{cursor:pointer}summary+table{margin-top:.6rem}.sentence{font-size:1.1rem}"
	".tag{border:1px solid var(--c);border-radius:.6rem;padding:0 .5rem;font-size:.85rem;white-space:nowrap}"
	"article>details{border-left:.4rem solid var(--c)}.b0{--c:#8a5a00}.b1{--c:#6a4fb3}.b2{--c:#b3261e}"
	".b3{--c:#00687a}.b4{--c:#a0307f}.b5{--c:#666}.b6{--c:#3d7a3d}a{color:#0a58ca}li{margin:.2rem 0}"
	"svg{width:100%;height:auto}"
	".ladder{max-width:48rem}.picture{overflow-x:auto}.overview{min-width:60rem}.wide .overview{width:250%;min-width:150rem}"
	"article{content-visibility:auto;contain-intrinsic-size:auto 4rem}form{display:flex;gap:1rem;flex-wrap:wrap;margin:1rem 0}"
	"button,input,select{font:inherit}:focus-visible{outline:3px solid #0a58ca}[hidden]{display:none}"
	"@media screen and (prefers-color-scheme:dark){body{color:#e6e6e6;background:#16181c}"
	"th,td{border-color:#444}pre{background:#22252b}details{border-color:#555}"
	".b0{--c:#e0a43a}.b1{--c:#a794ee}.b2{--c:#ff8a80}.b3{--c:#4fc3d9}.b4{--c:#ec86cf}.b5{--c:#aaa}"
	".b6{--c:#7bc47b}a{color:#8ab4ff}:focus-visible{outline-color:#8ab4ff}}"
	"@media print{:root{color-scheme:light}body{max-width:none;font-size:11pt;padding:0}"
	"form{display:none}.overview,.wide .overview{min-width:0;width:100%}pre{white-space:pre-wrap}"
	"article{content-visibility:visible}svg,tr,li,summary{break-inside:avoid}h2,h3,summary{break-after:avoid}"
	"article>details::details-content{content-visibility:visible;display:block}}";

const char html_script[] =
	"'use strict';(function(){"
	"function by(id){return document.getElementById(id)}"
	"var form=by('filter'),cause=by('cause'),host=by('host'),zoom=by('zoom'),all=[],pages=[];"
	/* Once, as reading an element costs more than reading an array. */
	"function add(e,page){var t={e:e,cause:e.getAttribute('data-cause'),"
	"hosts:e.getAttribute('data-hosts'),seen:true};all.push(t);if(page)page.rows.push(t)}"
	"document.querySelectorAll('article').forEach(function(e){add(e)});"
	"document.querySelectorAll('.page').forEach(function(e){var page={e:e,rows:[],"
	"said:e.querySelector('b'),turned:false};pages.push(page);"
	"e.querySelectorAll('li').forEach(function(li){add(li,page)})});"
	/* Pages of what was found unfold, until there is enough to read; their rows are counted. */
	"function turn(on){var room=500;pages.forEach(function(p){"
	"var n=p.rows.filter(function(t){return t.seen}).length;p.e.hidden=!n;"
	"p.said.textContent=on?' ('+n+' of these)':'';"
	"if(on&&n&&room>0){if(!p.e.open)p.turned=p.e.open=true}"
	"else if(p.turned)p.turned=p.e.open=false;room-=n})}"
	"function show(){var shown=0,h=host.value.trim(),c=cause.value;all.forEach(function(t){"
	"var yes=(!c||t.cause===c)&&(!h||t.hosts.indexOf(h)>=0);"
	"if(yes!==t.seen)t.e.hidden=!(t.seen=yes);shown+=yes});"
	"by('count').textContent=shown+' of '+all.length+' shown';turn(h||c)}"
	"cause.addEventListener('change',show);host.addEventListener('input',show);"
	"form.addEventListener('submit',function(e){e.preventDefault()});"
	"zoom.addEventListener('click',function(){zoom.setAttribute('aria-pressed',"
	"by('picture').classList.toggle('wide'))});"
	"window.addEventListener('beforeprint',function(){"
	"document.querySelectorAll('article>details').forEach(function(d){d.open=true})});"
	/* A link to a connection shows it, whatever the filter hides. */
	"function go(){var e=by(location.hash.slice(1)),d=e&&e.querySelector('details');"
	"if(e&&e.hidden){cause.value=host.value='';show()}if(d){d.open=true;e.scrollIntoView()}}"
	"window.addEventListener('hashchange',go);"
	"form.hidden=false;show();go()})();";
