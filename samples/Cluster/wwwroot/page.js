'use strict';
const colours = ['--one', '--two', '--three'];
const before = new Map();

const text = (tag, content, className) => {
  const element = document.createElement(tag);
  element.textContent = content;
  if (className) element.className = className;
  return element;
};

const post = (number, what) => fetch(`/silos/${number}/${what}`, { method: 'POST' });

function showSilos(silos, partitions) {
  const cards = silos.map(silo => {
    const card = text('div', '', silo.isAlive ? 'silo' : 'silo dead');
    card.style.setProperty('--of', `var(${colours[(silo.number - 1) % colours.length]})`);
    const owned = partitions.filter(partition => partition.silo.includes(`:${silo.port}@`)).length;
    card.append(
      text('b', `silo ${silo.number}`),
      text('span', silo.isAlive ? `process ${silo.processId}, owns ${owned}` : 'dead'));
    for (const [label, what] of silo.isAlive ? [['kill -9', 'kill'], ['stop', 'stop']] : [['start', 'start']]) {
      const button = text('button', label);
      button.onclick = () => post(silo.number, what);
      card.append(button);
    }
    return card;
  });
  document.getElementById('silos').replaceChildren(...cards);
}

function rateOf(partition, now) {
  const name = `${partition.partition}@${partition.silo}`;
  const last = before.get(name);
  before.set(name, { events: partition.eventsHandled, at: now });
  if (!last || now <= last.at || partition.eventsHandled < last.events) return '';
  return Math.round((partition.eventsHandled - last.events) * 1000 / (now - last.at)).toLocaleString('en');
}

const states = ['created', 'restoring', 'standby', 'owning', 'stopping', 'stopped', 'fenced', 'failed'];

function showPartitions(silos, partitions) {
  const now = performance.now();
  const rows = partitions.map(partition => {
    const row = document.createElement('tr');
    const silo = silos.find(one => one.isAlive && partition.silo.includes(`:${one.port}@`));
    const owner = document.createElement('td');
    const badge = text('span', silo ? `silo ${silo.number}` : 'moving', 'owner');
    badge.style.setProperty('--of', silo ? `var(${colours[(silo.number - 1) % colours.length]})` : 'var(--soft)');
    owner.append(badge);
    const state = typeof partition.state === 'number' ? states[partition.state] : partition.state;
    const age = partition.checkpointAt ? (Date.now() - Date.parse(partition.checkpointAt)) / 1000 : null;
    const cells = [
      text('td', partition.partition),
      owner,
      text('td', partition.failure ? `${state}: ${partition.failure}` : state, partition.failure ? 'wrong' : ''),
      text('td', partition.epoch),
      text('td', rateOf(partition, now)),
      text('td', partition.eventsDropped.toLocaleString('en')),
      text('td', partition.results.toLocaleString('en')),
      text('td', partition.lag.toLocaleString('en')),
      text('td', age === null ? '' : `${Math.max(0, age).toFixed(0)} s ago`),
    ];
    row.append(...cells);
    return row;
  });
  document.getElementById('partitions').replaceChildren(...rows);
}

async function refresh() {
  try {
    const view = await (await fetch('/cluster')).json();
    const partitions = (view.partitions ?? []).sort((one, other) => one.partition - other.partition);
    const results = partitions.reduce((sum, partition) => sum + partition.results, 0);
    document.getElementById('sum').textContent =
      `${view.written.toLocaleString('en')} calls written, ${results.toLocaleString('en')} results`;
    showSilos(view.silos, partitions);
    showPartitions(view.silos, partitions);
  } catch (failure) {
    document.getElementById('sum').textContent = `no answer: ${failure.message}`;
  }
  setTimeout(refresh, 500);
}

refresh();
