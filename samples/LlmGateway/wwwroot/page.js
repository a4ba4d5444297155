// Shows the answers: models as they come (server-sent events), the others once a second.
const twoMinutes = 120_000;
const history = new Map();            // model -> its windows of the last two minutes
const by = id => document.getElementById(id);
const json = async path => (await fetch(path)).json();
const escape = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);
const millis = x => x >= 1000 ? `${(x / 1000).toFixed(2)} s` : `${x.toFixed(0)} ms`;
const dollars = x => `$${x.toFixed(x < 100 ? 2 : 0)}`;
const many = x => x >= 1e6 ? `${(x / 1e6).toFixed(1)} M` : x >= 1e4 ? `${(x / 1e3).toFixed(0)} k` : `${x}`;
const clock = time => new Date(time).toLocaleTimeString([], { hour12: false });
const span = minutes => ({ 1: 'last minute', 60: 'last hour', 1440: 'last day' })[minutes] ?? `${minutes} min`;
const groups = (rows, key) => rows.reduce((map, row) =>
  map.set(key(row), [...map.get(key(row)) ?? [], row]), new Map());

function keep(row) {
  const rows = history.get(row.model) ?? [];
  if (rows.length && new Date(row.end) <= new Date(rows.at(-1).end)) return;
  rows.push(row);
  while (new Date(row.end) - new Date(rows[0].end) > twoMinutes) rows.shift();
  history.set(row.model, rows);
}

function chart(rows) {
  const width = 600, height = 110;
  const top = Math.max(...rows.map(row => row.p99)) || 1, end = new Date(rows.at(-1).end);
  const x = row => width * (1 - (end - new Date(row.end)) / twoMinutes), y = value => height * (1 - value / top);
  const line = name => `<path stroke="var(--${name})" d="${rows.map((row, i) =>
    `${i ? 'L' : 'M'}${x(row).toFixed(1)} ${y(row[name]).toFixed(1)}`).join('')}"/>`;
  const lines = [0, 0.5, 1].map(part => `<line class="grid" x1="0" x2="${width}" y1="${height * part}" y2="${height * part}"/>`);
  const marks = [0, 0.5].map(part => `<b style="top:${height * part}px">${millis(top * (1 - part))}</b>`);
  return `<div class="chart"><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${lines.join('')}${
    line('p99')}${line('p95')}${line('p50')}</svg>${marks.join('')}</div>`;
}

function showModels(models, errors, slow) {
  by('models').innerHTML = models.map(model => {
    const failed = errors.find(row => row.model === model.model);
    const figure = (name, value, look = '') => `<div class="${look}"><span>${name}</span>${value}</div>`;
    const rate = failed ? failed.errorRate : 0;
    return `<div class="model ${slow.has(model.model) ? 'bad' : ''}"><h3>${escape(model.model)}</h3><div class="figures">${
      figure('p50', millis(model.p50))}${figure('p95', millis(model.p95))}${figure('p99', millis(model.p99))}${
      figure('calls/s', (model.calls / 10).toFixed(1))}${
      figure('errors', `${(100 * rate).toFixed(1)} %`, rate > 0.05 ? 'bad' : '')}</div>${
      chart(history.get(model.model) ?? [model])}</div>`;
  }).join('');
}

function showTenants(rows) {
  const spans = [1, 60, 1440];
  by('tenants').innerHTML = `<table class="spans"><tr><th>tenant</th>${spans.map(one => `<th>${span(one)}</th>`).join('')}</tr>${
    [...groups(rows, row => row.tenant)].map(([tenant, own]) => `<tr><td>${escape(tenant)}</td>${spans.map(one => {
      const row = own.find(other => other.minutes === one);
      return `<td>${row ? `${dollars(row.cost)} <small class="tokens">${many(row.tokens)} tokens</small>` : '–'}</td>`;
    }).join('')}</tr>`).join('')}</table>`;
}

function showSpenders(rows) {
  by('spenders').innerHTML = [...groups(rows, row => row.tenant)].map(([tenant, own]) =>
    `<div><h3>${escape(tenant)}</h3><ol>${own.map(row => {
      const part = 100 * row.cost / own[0].cost;
      return `<li style="background:linear-gradient(90deg,var(--bar) ${part}%,transparent ${part}%)">
        <span>${row.rank}. ${escape(row.user)}</span><span>${dollars(row.cost)}</span></li>`;
    }).join('')}</ol></div>`).join('');
}

function showSessions(rows) {
  const shown = rows.slice(0, 12);
  by('sessions').innerHTML = `<table><tr><th>user</th><th class="text">since</th><th>lasts</th><th>calls</th>
    <th class="optional">tokens</th><th>cost</th></tr>${shown.map(row => {
      const seconds = (new Date(row.end) - new Date(row.start)) / 1000 - 20;
      return `<tr class="${row.isOpen ? '' : 'closed'}"><td>${escape(row.user)} <small>${escape(row.tenant)}</small></td>
        <td class="text">${clock(row.start)}</td><td>${row.isOpen ? '<span class="open">●</span> ' : ''}${
        seconds >= 60 ? `${Math.floor(seconds / 60)} min ` : ''}${Math.floor(seconds % 60)} s</td><td>${row.calls}</td>
        <td class="optional">${many(row.tokens)}</td><td>${dollars(row.cost)}</td></tr>`;
    }).join('')}</table>`;
}

// Windows in a row are one alert, from the first to the last.
function incidents(rows) {
  const found = [];
  for (const row of rows) {
    const last = found.findLast(one => one.model === row.model);
    if (last && new Date(row.end) - new Date(last.until) <= 5000) {
      last.until = row.end;
      if (row.times > last.worst.times) last.worst = row;
    } else {
      found.push({ model: row.model, since: row.end, until: row.end, worst: row });
    }
  }
  return found.reverse();
}

function showAlerts(found, slow) {
  by('alerts').innerHTML = found.length === 0 ? '<p class="none">Not so far.</p>'
    : `<table><tr><th>model</th><th class="text">when</th><th>p95 at worst</th><th>usual</th><th></th></tr>${
      found.slice(0, 12).map(one => `<tr class="${slow.has(one.model) && one === found.find(other => other.model === one.model)
        ? '' : 'closed'}"><td>${escape(one.model)}</td><td class="text">${clock(one.since)} – ${clock(one.until)}</td><td>${
        millis(one.worst.p95)}</td><td>${millis(one.worst.usual)}</td><td>× ${one.worst.times.toFixed(1)}</td></tr>`).join('')}</table>`;
}

async function show() {
  const [models, errors, tenants, spenders, sessions, alerts, health] = await Promise.all([
    ...['models', 'errors', 'tenants', 'spenders', 'sessions', 'alerts'].map(name => json(`/api/${name}`)), json('/health/ready')]);
  const found = incidents(alerts), newest = Math.max(...models.map(model => new Date(model.end)));
  const slow = new Map(found.filter(one => newest - new Date(one.until) < 2000).map(one => [one.model, one.worst]));
  by('empty').hidden = models.length > 0;
  by('answers').hidden = models.length === 0;
  by('alarm').hidden = slow.size === 0;
  by('alarm').textContent = [...slow.values()].map(row =>
    `${row.model} is slow: its p95 of ${millis(row.p95)} is ${row.times.toFixed(1)} times the usual.`).join(' ');
  showModels(models, errors, slow);
  showTenants(tenants);
  showSpenders(spenders);
  showSessions(sessions);
  showAlerts(found, slow);
  by('health').textContent = health.status;
  by('health').className = `pill ${health.status}`;
  by('why').textContent = health.checks['calls-ready'].description;
}

async function begin() {
  (await json('/api/models/history')).forEach(keep);
  new EventSource('/api/models/live').onmessage = message => keep(JSON.parse(message.data));
}

const loop = () => show().catch(() => {
  by('health').textContent = 'unreachable';
  by('health').className = 'pill Unhealthy';
}).finally(() => setTimeout(loop, 1000));
begin().finally(loop);
